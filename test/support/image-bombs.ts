import { crc32, deflateSync } from "node:zlib";

function chunk(name: string, content: Uint8Array): Buffer {
	const body = Buffer.concat([Buffer.from(name, "latin1"), content]);
	const frame = Buffer.alloc(8);
	frame.writeUInt32BE(content.length, 0);
	frame.writeUInt32BE(crc32(body), 4);
	return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A PNG file that says it has so many pixels, with rows of zeros for some of them. */
export function png(
	width: number,
	height: number,
	{ rows = height, extra = [] }: { rows?: number; extra?: readonly Buffer[] } = {},
): Buffer {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.set([8, 2, 0, 0, 0], 8);
	return Buffer.concat([
		Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
		chunk("IHDR", header),
		...extra,
		chunk("IDAT", deflateSync(Buffer.alloc(rows * (1 + 3 * width)))),
		chunk("IEND", Buffer.alloc(0)),
	]);
}

/** A GIF file that says it has so many pixels, with one of them. */
export function gif(width: number, height: number): Buffer {
	const size = Buffer.alloc(4);
	size.writeUInt16LE(width, 0);
	size.writeUInt16LE(height, 2);
	const pictured = Buffer.from("\x80\0\0\xff\0\0\0\0\xff,\0\0\0\0", "latin1");
	const picture = Buffer.from("\0\x02\x02D\x01\0;", "latin1");
	return Buffer.concat([Buffer.from("GIF89a"), size, pictured, size, picture]);
}

const unpacked = (bytes: number) => deflateSync(Buffer.alloc(bytes), { level: 9 });

/** Files that are small, and say or become something large; or that lie. By what they do. */
export function imageBombs(): Readonly<Record<string, Buffer>> {
	const profile = Buffer.concat([Buffer.from("x\0\0"), unpacked(2 ** 28)]);
	const text = chunk("zTXt", Buffer.concat([Buffer.from("x\0\0"), unpacked(2 ** 26)]));
	return {
		"PNG of 30000×30000": png(30_000, 30_000, { rows: 1 }),
		"PNG of 2^31-1": png(2 ** 31 - 1, 2 ** 31 - 1, { rows: 0 }),
		"GIF of 30000×30000": gif(30_000, 30_000),
		"PNG that says less than it has": png(10, 10, { rows: 100_000 }),
		"PNG that says more than it has": png(6_000, 6_000, { rows: 2 }),
		"PNG with a profile of 256 MiB": png(10, 10, { extra: [chunk("iCCP", profile)] }),
		"PNG with texts of 640 MiB": png(10, 10, { extra: Array.from({ length: 10 }, () => text) }),
	};
}

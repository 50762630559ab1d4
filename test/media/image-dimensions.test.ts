import { once } from "node:events";
import { Worker } from "node:worker_threads";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { imageDimensions } from "../../src/media/image-dimensions.ts";
import type { MeasuringTask } from "../support/measuring-worker.ts";

type Made = "png" | "jpeg" | "gif" | "webp" | "avif" | "tiff";
const MADE: readonly Made[] = ["png", "jpeg", "gif", "webp", "avif", "tiff"];

function make(format: Made, options: { orientation?: number; lossless?: boolean } = {}) {
	const create = { width: 90, height: 70, channels: 3, background: "#c30" } as const;
	const { orientation, lossless = false } = options;
	const image = sharp({ create });
	if (orientation !== undefined) image.withMetadata({ orientation });
	return image.toFormat(format, format === "webp" ? { lossless } : {}).toBuffer();
}

function words(...values: readonly number[]): Uint8Array {
	const bytes = new Uint8Array(values.length * 4);
	for (const [index, value] of values.entries()) {
		new DataView(bytes.buffer).setUint32(index * 4, value);
	}
	return bytes;
}

function box(name: string, ...content: readonly Uint8Array[]): Uint8Array {
	const body = Buffer.concat(content);
	return Buffer.concat([words(body.length + 8), Buffer.from(name), body]);
}

/** A file of the HEIF family, with no picture in it. */
function heif(...properties: readonly Uint8Array[]): Uint8Array {
	const ftyp = box("ftyp", Buffer.from("heic\0\0\0\0mif1"));
	return Buffer.concat([
		ftyp,
		box("meta", words(0), box("iprp", box("ipco", ...properties)), box("free")),
	]);
}

const ispe = (width: number, height: number) => box("ispe", words(0, width, height));
const irot = (quarters: number) => box("irot", Uint8Array.of(quarters));

/** A bitmap's head. */
function bmp(width: number, height: number, headerSize = 40): Uint8Array {
	const bytes = Buffer.alloc(54);
	bytes.write("BM");
	bytes.writeUInt32LE(headerSize, 14);
	bytes.writeInt32LE(width, 18);
	bytes.writeInt32LE(height, 22);
	return bytes;
}

describe("imageDimensions", () => {
	it.each(MADE)("measures %s", async (format) => {
		const file = await make(format);
		expect(imageDimensions(file, `image/${format}`)).toEqual({ width: 90, height: 70 });
	});

	it.each([1, 2, 3, 4])("leaves a JPEG of orientation %i as it is", async (orientation) => {
		const file = await make("jpeg", { orientation });
		expect(imageDimensions(file, "image/jpeg")).toEqual({ width: 90, height: 70 });
	});

	it.each([5, 6, 7, 8])("turns a JPEG of orientation %i", async (orientation) => {
		const file = await make("jpeg", { orientation });
		expect(imageDimensions(file, "image/jpeg")).toEqual({ width: 70, height: 90 });
	});

	it("measures WebP in all its kinds", async () => {
		for (const file of [
			await make("webp", { lossless: true }),
			await make("webp", { orientation: 1 }),
		]) {
			expect(imageDimensions(file, "image/webp")).toEqual({ width: 90, height: 70 });
		}
	});

	it.each([
		["one picture", [ispe(90, 70)], { width: 90, height: 70 }],
		["the largest of several", [ispe(9, 7), ispe(90, 70), ispe(8, 8)], { width: 90, height: 70 }],
		["a half turn", [ispe(90, 70), irot(2)], { width: 90, height: 70 }],
		["a quarter of a turn", [ispe(90, 70), irot(1)], { width: 70, height: 90 }],
		["three quarters", [ispe(90, 70), irot(3)], { width: 70, height: 90 }],
		["no picture", [irot(1)], undefined],
		["an empty picture", [ispe(0, 70)], undefined],
		["too many pictures", Array.from({ length: 65 }, () => ispe(9, 9)), undefined],
	] as const)("measures HEIC with %s", (_, properties, dimensions) => {
		expect(imageDimensions(heif(...properties), "image/heic")).toEqual(dimensions);
	});

	it("measures bitmaps, and those that stand on their head", () => {
		expect(imageDimensions(bmp(90, 70), "image/bmp")).toEqual({ width: 90, height: 70 });
		expect(imageDimensions(bmp(90, -70), "image/bmp")).toEqual({ width: 90, height: 70 });
		expect(imageDimensions(bmp(90, 70, 12), "image/bmp")).toBeUndefined();
	});

	it("does not read what lies behind the head", async () => {
		const file = await make("png");
		const whole = new Uint8Array(file);
		expect(imageDimensions(whole.subarray(0, 18), "image/png")).toBeUndefined();
		const shifted = Buffer.concat([Buffer.from("xyz"), file]).subarray(3);
		expect(imageDimensions(shifted, "image/png")).toEqual({ width: 90, height: 70 });
	});

	it.each([
		...MADE.map((format) => [`image/${format}`, new Uint8Array()] as const),
		...MADE.map((format) => [`image/${format}`, new Uint8Array(100)] as const),
		...MADE.map((format) => [`image/${format}`, new Uint8Array(100).fill(255)] as const),
		["image/gif", Buffer.from("GIF89a\0\0\0\0")],
		["image/svg+xml", Buffer.from('<svg width="9" height="9">')],
		["image/x-icon", Buffer.from("\0\0\x01\0\x01\0\x10\x10")],
		["toString", Buffer.from("GIF89a\x01\0\x01\0")],
		["", Buffer.from("GIF89a\x01\0\x01\0")],
		["video/mp4", heif(ispe(9, 9))],
	] as const)("measures nothing of %s that is none", (type, bytes) => {
		expect(imageDimensions(bytes, type)).toBeUndefined();
	});

	it.each([
		["image/heic", heif(...Array.from({ length: 60 }, () => ispe(9, 9)), new Uint8Array(2 ** 18))],
		["image/heic", Buffer.from("irot".repeat(2 ** 16))],
		["image/avif", Buffer.concat([heif(), Buffer.from("i".repeat(2 ** 18))])],
		["image/jpeg", Buffer.from(`\xff\xd8\xff\xe1${"\0".repeat(2 ** 18)}`, "latin1")],
		[
			"image/jpeg",
			Buffer.from(`\xff\xd8\xff\xe1${"\0\x08Exif\0\0MM\xff\xe1".repeat(2 ** 14)}`, "latin1"),
		],
		["image/jpeg", new Uint8Array(2 ** 18).fill(255)],
		["image/tiff", Buffer.from(`II*\0\x08\0\0\0${"\x01".repeat(2 ** 18)}`, "latin1")],
	] as const)(
		"is done with hostile %s at once",
		(type, bytes) => {
			expect(() => imageDimensions(bytes, type)).not.toThrow();
		},
		5_000,
	);

	it.each([...MADE, "heic", "bmp"] as const)(
		"returns for every mutation of %s",
		async (format) => {
			const files =
				format === "bmp"
					? [bmp(90, 70)]
					: format === "heic"
						? [heif(ispe(9, 9), irot(1), ispe(90, 70)), await make("avif")]
						: [await make(format), await make(format, { orientation: 6, lossless: true })];
			await measureAll({ type: `image/${format}`, files, seed: 2026, runs: 5_000 });
		},
		60_000,
	);
});

/** Measures mutations in a thread of its own, so that one that never returns can be told. */
async function measureAll(task: Omit<MeasuringTask, "current">): Promise<void> {
	const current = new SharedArrayBuffer(2 ** 16);
	const worker = new Worker(new URL("../support/measuring-worker.ts", import.meta.url), {
		workerData: { ...task, current } satisfies MeasuringTask,
	});
	const late = setTimeout(() => void worker.terminate(), 40_000);
	let failure: unknown;
	worker.on("error", (error) => {
		failure = error;
	});
	const [code] = await once(worker, "exit").finally(() => clearTimeout(late));
	const size = new DataView(current).getUint32(0);
	const bytes = Buffer.from(current, 4, size).toString("base64");
	expect({ code, failure, bytes }).toEqual({ code: 0, failure: undefined, bytes: "" });
}

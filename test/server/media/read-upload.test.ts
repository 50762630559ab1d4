import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readUpload } from "../../../src/server/media/read-upload.ts";

const encoder = new TextEncoder();

interface Received {
	readonly filename: string | undefined;
	readonly type: string | undefined;
	readonly text: string;
}

/** A body that comes in these chunks, one whenever it is asked for. */
function bodyOf(chunks: Iterable<Uint8Array>): ReadableStream<Uint8Array> {
	const iterator = chunks[Symbol.iterator]();
	return new ReadableStream<Uint8Array>(
		{
			pull(controller) {
				const { done, value } = iterator.next();
				if (done) controller.close();
				else controller.enqueue(value as Uint8Array);
			},
		},
		{ highWaterMark: 0 },
	);
}

type Body = ReadableStream<Uint8Array> | Uint8Array | string | null;

function requestOf(body: Body, type: string | undefined): Request {
	const headers = type === undefined ? {} : { "content-type": type };
	const init = { method: "POST", headers, body, duplex: "half" };
	return new Request("http://localhost/", init as RequestInit);
}

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
	const bytes: number[] = [];
	for await (const chunk of chunks) for (const byte of chunk) bytes.push(byte);
	return Uint8Array.from(bytes);
}

async function receive(request: Request): Promise<Received> {
	const { filename, type, chunks } = await readUpload(request);
	return { filename, type, text: new TextDecoder().decode(await bytesOf(chunks)) };
}

function receiveForm(text: string | Uint8Array, boundary = "AaB03x"): Promise<Received> {
	const bytes = typeof text === "string" ? encoder.encode(text) : text;
	return receive(requestOf(bodyOf([bytes]), `multipart/form-data; boundary=${boundary}`));
}

/** A part of a form, with its headers as they are. */
function part(headers: string, content: string): string {
	return `--AaB03x\r\n${headers}\r\n\r\n${content}\r\n`;
}

const FIELD = part('Content-Disposition: form-data; name="title"', "A burr");
const END = "--AaB03x--\r\n";

function file(filename: string, content = "It hooks on."): string {
	return part(
		`Content-Disposition: form-data; name="file"; filename="${filename}"\r\nContent-Type: text/plain`,
		content,
	);
}

function refused(code: string, reason?: RegExp) {
	const message = reason === undefined ? {} : { message: expect.stringMatching(reason) as string };
	return expect.objectContaining({ code, ...message }) as Error;
}

describe("a body as it is", () => {
	test("is the file", async () => {
		expect(await receive(requestOf("Burrs.", "text/markdown"))).toEqual({
			filename: undefined,
			type: "text/markdown",
			text: "Burrs.",
		});
	});

	test("need not say what it is", async () => {
		const { type, text } = await receive(requestOf(encoder.encode("Burrs."), undefined));
		expect([type, text]).toEqual([undefined, "Burrs."]);
	});

	test("may be missing", async () => {
		expect((await receive(requestOf(null, undefined))).text).toBe("");
	});

	test("is read only as far as it is asked for, and let go of", async () => {
		let pulled = 0;
		let cancelled = false;
		const body = new ReadableStream<Uint8Array>(
			{
				pull(controller) {
					pulled++;
					controller.enqueue(new Uint8Array(10));
				},
				cancel() {
					cancelled = true;
				},
			},
			{ highWaterMark: 0 },
		);
		const { chunks } = await readUpload(requestOf(body, "image/png"));
		expect(pulled).toBe(0);
		for await (const _ of chunks) if (pulled > 2) break;
		expect([pulled, cancelled]).toEqual([3, true]);
	});

	test("that ends early is the sender's fault", async () => {
		const body = bodyOf(
			(function* () {
				yield encoder.encode("Bur");
				throw new Error("socket hang up");
			})(),
		);
		await expect(receive(requestOf(body, "text/plain"))).rejects.toEqual(
			refused("body_unreadable"),
		);
	});

	test("that somebody has read is nobody's file", async () => {
		const request = requestOf("Burrs.", "text/plain");
		await request.text();
		await expect(receive(request)).rejects.toEqual(refused("body_used"));
	});
});

describe("a form", () => {
	test.for([
		["alone", file("a.txt") + END],
		["behind fields", FIELD + FIELD + file("a.txt") + END],
		["before fields", file("a.txt") + FIELD + END],
		["behind a preamble", `Some text.\r\n${file("a.txt")}${END}`],
		["before an epilogue", `${file("a.txt")}${END}And so on.\r\n--AaB03x\r\nnothing`],
		["without the last line end", file("a.txt") + "--AaB03x--"],
	] as const)("has its file %s", async ([, text]) => {
		expect(await receiveForm(text)).toEqual({
			filename: "a.txt",
			type: "text/plain",
			text: "It hooks on.",
		});
	});

	test("may come in any pieces", async () => {
		const content = "\r\n--AaB03\r\n--\r-\n--AaB03y--\r\n\r\n--AaB03";
		const whole = encoder.encode(`${FIELD}${file("kä-ß.txt", content)}${FIELD}${END}`);
		const type = "multipart/form-data; boundary=AaB03x";
		for (let at = 0; at <= whole.length; at++) {
			const pieces = [whole.slice(0, at), whole.slice(at)];
			const got = await receive(requestOf(bodyOf(pieces), type));
			expect(got, `cut at ${at}`).toEqual({
				filename: "kä-ß.txt",
				type: "text/plain",
				text: content,
			});
		}
		for (const size of [1, 2, 3, 5, 7, 64]) {
			const count = Math.ceil(whole.length / size);
			const pieces = Array.from({ length: count }, (_, index) =>
				whole.slice(index * size, (index + 1) * size),
			);
			const got = await receive(requestOf(bodyOf(pieces), type));
			expect(got.text, `in pieces of ${size}`).toBe(content);
		}
	});

	test("may have any content but its own boundary, in any pieces", async () => {
		const bit = fc.constantFrom(
			"\r",
			"\n",
			"-",
			"--",
			"A",
			"\r\n--",
			"\r\n--AaB03",
			"AaB03x",
			"\r\n",
		);
		const contents = fc
			.array(bit, { maxLength: 20 })
			.map((bits) => bits.join(""))
			.filter((content) => !`\r\n${content}\r`.includes("\r\n--AaB03x"));
		const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });
		await fc.assert(
			fc.asyncProperty(contents, sizes, async (content, steps) => {
				const whole = encoder.encode(FIELD + file("a.txt", content) + FIELD + END);
				const pieces: Uint8Array[] = [];
				for (let at = 0, step = 0; at < whole.length; step++) {
					const size = steps[step % steps.length] as number;
					pieces.push(whole.slice(at, at + size));
					at += size;
				}
				const type = "multipart/form-data; boundary=AaB03x";
				expect((await receive(requestOf(bodyOf(pieces), type))).text).toBe(content);
			}),
			{ numRuns: 200 },
		);
	});

	test("that is cut off anywhere has no file", async () => {
		const whole = FIELD + file("a.txt") + END;
		const last = whole.lastIndexOf("--") + 2;
		for (let at = 0; at < last; at++) {
			const result = await receiveForm(whole.slice(0, at)).catch((error: unknown) => error);
			expect(result, `cut at ${at}`).toMatchObject({
				code: expect.stringMatching(/^(?:bad_form|no_file)$/) as string,
			});
		}
		expect((await receiveForm(whole.slice(0, last))).text).toBe("It hooks on.");
	});

	test("as browsers make it", async () => {
		const form = new FormData();
		form.set("title", "Burrs");
		form.set("file", new File(["It hooks on."], 'Grüße "aus" 東京.txt', { type: "text/csv" }));
		const got = await receive(new Request("http://localhost/", { method: "POST", body: form }));
		expect(got).toEqual({
			filename: "Grüße _aus_ 東京.txt",
			type: "text/csv",
			text: "It hooks on.",
		});
	});

	test.for([
		["a.txt", "a.txt"],
		["C:\\fakepath\\a.txt", "a.txt"],
		["../../etc/passwd", "passwd"],
		["", undefined],
		["..", undefined],
	] as const)("whose file is called %j: %j", async ([filename, expected]) => {
		expect((await receiveForm(file(filename) + END)).filename).toBe(expected);
	});

	test.for([
		["form-data; name=file; filename=a.txt", "a.txt"],
		['form-data; name="file"; FileName="a.txt"', "a.txt"],
		['form-data; name="file"; filename="x"; filename*=UTF-8\'\'k%C3%A4.txt', "kä.txt"],
		['form-data; filename="a; name=b.txt"; name="file"', "a; name=b.txt"],
	] as const)("with %s", async ([disposition, expected]) => {
		const text = part(`Content-Disposition: ${disposition}\r\nContent-Type: text/plain`, "x") + END;
		expect((await receiveForm(text)).filename).toBe(expected);
	});

	test("takes what has no file name for a file if it is bytes", async () => {
		const text =
			part(
				'Content-Disposition: form-data; name="file"\r\nContent-Type: application/octet-stream',
				"x",
			) + END;
		expect(await receiveForm(text)).toEqual({
			filename: undefined,
			type: "application/octet-stream",
			text: "x",
		});
	});

	test.for([
		["nothing at all", "", "bad_form", /ends early/],
		["an end alone", END, "no_file"],
		["fields alone", FIELD + FIELD + END, "no_file"],
		["two files", file("a.txt") + file("b.txt") + END, "bad_form", /more than one file/],
		["no end", file("a.txt"), "bad_form", /ends early/],
		["another boundary", (file("a.txt") + END).replaceAll("AaB03x", "other"), "bad_form"],
		[
			"very long headers",
			part(`X-Long: ${"x".repeat(20_000)}`, "") + END,
			"bad_form",
			/headers of a part are too long/,
		],
		[
			"very many headers",
			part(Array.from({ length: 200 }, (_, index) => `X-${index}: 1`).join("\r\n"), "") + END,
			"bad_form",
			/headers of a part are too long/,
		],
		["broken headers", part("No header", "") + END, "bad_form", /headers of a part are broken/],
		[
			"a name that is not encoded as it says",
			part("Content-Disposition: form-data; name=a; filename*=UTF-8''%E0%A4", "x") + END,
			"bad_form",
			/headers of a part are broken/,
		],
		[
			"a part without a name",
			part("Content-Disposition: form-data", "x") + END,
			"bad_form",
			/part has no name/,
		],
		["very many fields", FIELD.repeat(100) + END, "bad_form", /over 64 parts/],
		[
			"a very long field",
			part('Content-Disposition: form-data; name="a"', "x".repeat(300_000)) + file("a.txt") + END,
			"bad_form",
			/beside its file/,
		],
		["a very long preamble", `${"x".repeat(300_000)}\r\n${file("a.txt")}${END}`, "bad_form"],
		["a very long epilogue", `${file("a.txt")}${END}${"x".repeat(300_000)}`, "bad_form"],
	] as readonly (readonly [string, string, string, RegExp?])[])(
		"with %s is refused",
		async ([, text, code, reason]) => {
			await expect(receiveForm(text)).rejects.toEqual(refused(code, reason));
		},
	);

	test.for(["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; b=c"])(
		"of the type %j is refused",
		async (type) => {
			await expect(receive(requestOf(file("a.txt") + END, type))).rejects.toEqual(
				refused("bad_form", /no boundary/),
			);
		},
	);

	test("lets go of a body that it refuses", async () => {
		let cancelled = false;
		const body = new ReadableStream<Uint8Array>({
			pull: (controller) => controller.enqueue(encoder.encode("x".repeat(50_000))),
			cancel() {
				cancelled = true;
			},
		});
		const request = requestOf(body, "multipart/form-data; boundary=AaB03x");
		await expect(receive(request)).rejects.toEqual(refused("bad_form", /beside its file/));
		expect(cancelled).toBe(true);
	});

	test("reads no more than the part that is asked for", async () => {
		let pulled = 0;
		const first = encoder.encode(FIELD + file("a").slice(0, -2));
		const more = encoder.encode("x".repeat(40));
		const body = new ReadableStream<Uint8Array>(
			{
				pull(controller) {
					pulled++;
					controller.enqueue(pulled === 1 ? first : more);
				},
			},
			{ highWaterMark: 0 },
		);
		const request = requestOf(body, "multipart/form-data; boundary=AaB03x");
		const { chunks } = await readUpload(request);
		expect(pulled).toBe(1);
		const reader = chunks[Symbol.asyncIterator]();
		await reader.next();
		expect(pulled).toBe(1);
		await reader.next();
		expect(pulled).toBe(2);
		await reader.return?.();
	});

	test("of much content passes through as it came", async () => {
		const bytes = Uint8Array.from({ length: 1_000_000 }, (_, index) => (index * 31) % 251);
		const form = new FormData();
		form.set("file", new File([bytes], "a.bin"));
		const request = new Request("http://localhost/", { method: "POST", body: form });
		const { chunks } = await readUpload(request);
		const got = await bytesOf(chunks);
		expect(got.length).toBe(bytes.length);
		expect(got.every((byte, index) => byte === bytes[index])).toBe(true);
	});
});

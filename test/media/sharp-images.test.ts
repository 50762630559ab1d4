import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { sharpImages } from "../../src/media/adapters/sharp-images.ts";
import type { ImageForm, ImageFormat } from "../../src/media/image-transformer.ts";
import { sniffType } from "../../src/media/sniff-type.ts";
import { imageBombs, png } from "../support/image-bombs.ts";

const FORMATS: readonly ImageFormat[] = ["webp", "avif", "jpeg", "png"];
const images = sharpImages(sharp);

/** 90×70 pixels; the left half is red, the right one blue. */
function picture() {
	const left = sharp({ create: { width: 45, height: 70, channels: 3, background: "#f00" } });
	return left.extend({ right: 45, background: "#00f" });
}

async function make(file: Uint8Array, form: Partial<ImageForm>, transformer = images) {
	const body = new Uint8Array(file);
	const source = { body, type: "image/png", size: body.length };
	return transformer.transform(source, { fit: "scale-down", format: "png", ...form });
}

async function sizeOf(file: Uint8Array): Promise<readonly [number?, number?]> {
	const { width, height } = await sharp(file).metadata();
	return [width, height];
}

/** The colour of the pixel in the middle of a side: "red", "blue". */
async function colourAt(file: Uint8Array, side: "left" | "right" | "top" | "bottom") {
	const { data, info } = await sharp(file)
		.removeAlpha()
		.raw()
		.toBuffer({ resolveWithObject: true });
	const x = side === "left" ? 2 : side === "right" ? info.width - 3 : info.width >> 1;
	const y = side === "top" ? 2 : side === "bottom" ? info.height - 3 : info.height >> 1;
	const at = (y * info.width + x) * info.channels;
	const [red = 0, , blue = 0] = data.subarray(at, at + 3);
	return red > 200 && blue < 60 ? "red" : blue > 200 && red < 60 ? "blue" : "another";
}

describe("sharpImages", () => {
	const sources = ["png", "jpeg", "gif", "webp", "avif", "tiff"] as const;
	it.each(sources.flatMap((from) => FORMATS.map((to) => [from, to] as const)))(
		"makes %s into %s",
		async (from, to) => {
			const made = await make(await picture().toFormat(from).toBuffer(), { format: to, width: 64 });
			expect(sniffType(made)).toBe(`image/${to}`);
			expect(await sizeOf(made)).toEqual([64, 50]);
			expect(await colourAt(made, "left")).toBe("red");
			expect(await colourAt(made, "right")).toBe("blue");
		},
	);

	it.each<[form: Partial<ImageForm>, size: readonly [number, number]]>([
		[{ width: 45, fit: "scale-down" }, [45, 35]],
		[{ height: 35, fit: "scale-down" }, [45, 35]],
		[{ width: 900, fit: "scale-down" }, [90, 70]],
		[{ width: 900, height: 900, fit: "scale-down" }, [90, 70]],
		[{ width: 900, height: 35, fit: "scale-down" }, [45, 35]],
		[{ width: 180, fit: "contain" }, [180, 140]],
		[{ height: 140, fit: "contain" }, [180, 140]],
		[{ width: 180, height: 180, fit: "contain" }, [180, 140]],
		[{ width: 30, height: 70, fit: "contain" }, [30, 23]],
		[{ width: 50, height: 50, fit: "cover" }, [50, 50]],
		[{ width: 200, height: 100, fit: "cover" }, [200, 100]],
		[{}, [90, 70]],
	])("fits into %j as %j", async (form, size) => {
		expect(await sizeOf(await make(await picture().png().toBuffer(), form))).toEqual(size);
	});

	it.each([
		[1, [90, 70], "left"],
		[3, [90, 70], "right"],
		[5, [70, 90], "top"],
		[6, [70, 90], "top"],
		[7, [70, 90], "bottom"],
		[8, [70, 90], "bottom"],
	] as const)("turns orientation %i upright", async (orientation, size, red) => {
		const file = await picture().withMetadata({ orientation }).jpeg().toBuffer();
		const made = await make(file, {});
		expect(await sizeOf(made)).toEqual(size);
		expect(await colourAt(made, red)).toBe("red");
		const narrow = await make(file, { width: 35, fit: "scale-down" });
		expect((await sizeOf(narrow))[0]).toBe(35);
	});

	it.each(FORMATS)("leaves no metadata in %s", async (format) => {
		const file = await picture()
			.withExif({ IFD0: { Copyright: "hidden-author" } })
			.withXmp("<x:xmpmeta xmlns:x='adobe:ns:meta/'>hidden-place</x:xmpmeta>")
			.jpeg()
			.toBuffer();
		expect(file.includes("hidden-author")).toBe(true);
		const made = Buffer.from(await make(file, { format }));
		expect(made.includes("hidden")).toBe(false);
		const { exif, xmp, iptc } = await sharp(made).metadata();
		expect([exif, xmp, iptc]).toEqual([undefined, undefined, undefined]);
	});

	it.each(["gif", "webp"] as const)("takes the first picture of a moving %s", async (format) => {
		const frame = (background: string) =>
			sharp({ create: { width: 20, height: 10, channels: 3, background } })
				.png()
				.toBuffer();
		const frames = [await frame("#f00"), await frame("#00f"), await frame("#0f0")];
		const moving = await sharp(frames, { join: { animated: true } })
			.toFormat(format)
			.toBuffer();
		expect((await sharp(moving).metadata()).pages).toBe(3);
		const made = await make(moving, { format: "webp" });
		expect(await sizeOf(made)).toEqual([20, 10]);
		expect((await sharp(made).metadata()).pages ?? 1).toBe(1);
		expect(await colourAt(made, "right")).toBe("red");
	});

	it("makes what is see-through white in JPEG", async () => {
		const create = { width: 9, height: 9, channels: 4, background: "#0000" } as const;
		const made = await make(await sharp({ create }).png().toBuffer(), { format: "jpeg" });
		const { data } = await sharp(made).raw().toBuffer({ resolveWithObject: true });
		expect(Math.min(...data)).toBeGreaterThan(250);
	});

	it("reads streams, as far as it may", async () => {
		const file = new Uint8Array(await picture().png().toBuffer());
		const stream = () => new Blob([file]).stream();
		const source = { body: stream(), type: "image/png", size: file.length };
		const form = { width: 45, fit: "scale-down", format: "png" } as const;
		expect(await sizeOf(await images.transform(source, form))).toEqual([45, 35]);
		const small = sharpImages(sharp, { maxBytes: file.length - 1 });
		await expect(small.transform({ ...source, body: stream() }, form)).rejects.toMatchObject({
			code: "image_unreadable",
		});
	});

	it.each([
		["SVG", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
		[
			"SVG behind a prolog",
			Buffer.from('<?xml version="1.0"?><!-- --><svg width="9" height="9"/>'),
		],
		["HTML", Buffer.from("<html>")],
		["nothing", Buffer.alloc(0)],
		["zeros", Buffer.alloc(1000)],
		["PDF", Buffer.from("%PDF-1.4\n")],
		["BMP", Buffer.from(`BM\x9a${"\0".repeat(11)}\x28${"\0".repeat(40)}`, "latin1")],
		["the beginning of a PNG", Buffer.from("\x89PNG\r\n\x1a\n", "latin1")],
		["the beginning of a JPEG", Buffer.from("\xff\xd8\xff\xe0", "latin1")],
		["the beginning of a GIF", Buffer.from("GIF89a")],
		["AVIF in name only", Buffer.from("\0\0\0\x14ftypavif\0\0\0\0avif", "latin1")],
		["HEIC in name only", Buffer.from("\0\0\0\x14ftypheic\0\0\0\0heic", "latin1")],
	])("refuses %s", async (_, file) => {
		const failed = await make(file, { width: 64 }).catch((error: unknown) => error);
		expect(failed).toMatchObject({ code: "image_unreadable", kind: "invalid" });
		// Our words alone.
		expect((failed as Error).message).toMatch(
			/^This is no image that can be changed: (?:its format is not read here|its content is damaged)\.$/,
		);
	});

	it.each(["png", "jpeg", "gif", "webp", "avif", "tiff"] as const)(
		"refuses %s that is cut off",
		async (format) => {
			const noise = { type: "gaussian", mean: 128, sigma: 60 } as const;
			const create = { width: 200, height: 200, channels: 3, background: "red", noise } as const;
			const file = await sharp({ create }).toFormat(format).toBuffer();
			for (const part of [0.05, 0.3, 0.7]) {
				const cut = file.subarray(0, Math.floor(file.length * part));
				await expect(make(cut, { width: 64 })).rejects.toMatchObject({ code: "image_unreadable" });
			}
		},
	);

	it("refuses more pixels than it may read, whatever the form", async () => {
		const small = sharpImages(sharp, { maxPixels: 90 * 70 - 1 });
		const file = await picture().png().toBuffer();
		await expect(make(file, { width: 1 }, small)).rejects.toMatchObject({
			code: "image_too_large",
			kind: "invalid",
		});
		const exact = sharpImages(sharp, { maxPixels: 90 * 70 });
		expect(await sizeOf(await make(file, { width: 9 }, exact))).toEqual([9, 7]);
	});

	it.each<[width: number, height: number, form: Partial<ImageForm>]>([
		[1, 9_000, { width: 2048, fit: "contain" }],
		[9_000, 1, { height: 2048, fit: "contain" }],
		[1, 39_000, { width: 2048, height: 2048, fit: "cover" }],
		[5_000, 5_000, { format: "avif" }],
		[1, 20_000, { format: "webp" }],
	])("does not make what is too large of %i×%i: %j", async (width, height, form) => {
		await expect(make(png(width, height), form)).rejects.toThrow("it would be too large");
	});

	it.each([
		["timeout: 42% complete", "image_unreadable", "it takes too long"],
		["Input image exceeds pixel limit", "image_too_large", "more than 40000000 pixels"],
		["heif: Unsupported codec (4.3000)", "image_unreadable", "its format is not read here"],
		["Input buffer contains unsupported image format", "image_unreadable", "not read here"],
		["Processed image is too large for the WebP format", "image_unreadable", "too large"],
		["/usr/lib/libvips.so: pngload_buffer: libspng", "image_unreadable", "content is damaged"],
	])("says in words of its own what sharp says: %s", async (message, code, words) => {
		const failing = sharpImages((bytes, options) =>
			Object.assign(sharp(bytes, options), {
				metadata: () => Promise.reject(new Error(message)),
			}),
		);
		const failed = await make(png(9, 9), {}, failing).catch((error: unknown) => error);
		expect(failed).toMatchObject({ code, cause: { message } });
		expect((failed as Error).message).toContain(words);
		expect((failed as Error).message).not.toMatch(/vips|codec|timeout/);
	});

	it("changes a few at once, lets some wait, and refuses the rest", async () => {
		const file = await picture().png().toBuffer();
		const busy = sharpImages(sharp, { atOnce: 2, waiting: 3 });
		const cancelled: unknown[] = [];
		const body = () =>
			new ReadableStream<Uint8Array<ArrayBuffer>>(
				{
					pull(controller) {
						controller.enqueue(new Uint8Array(file));
						controller.close();
					},
					cancel: (reason) => void cancelled.push(reason),
				},
				{ highWaterMark: 0 },
			);
		const form = { width: 64, fit: "scale-down", format: "webp" } as const;
		const calls = Array.from({ length: 8 }, async () =>
			busy.transform({ body: body(), type: "image/png", size: file.length }, form),
		);
		const settled = await Promise.allSettled(calls);
		const refused = settled.filter(({ status }) => status === "rejected");
		expect(refused.map((result) => (result as PromiseRejectedResult).reason)).toMatchObject(
			Array.from({ length: 3 }, () => ({ code: "images_busy", kind: "unavailable" })),
		);
		expect(cancelled.length).toBe(3);
		// One that fails makes room as well.
		await expect(make(Buffer.from("x"), {}, busy)).rejects.toMatchObject({
			code: "image_unreadable",
		});
		expect(await sizeOf(await make(file, form, busy))).toEqual([64, 50]);
	});

	it.each(Object.entries(imageBombs()))("stays small before a %s", (_, bomb) => {
		const path = fileURLToPath(new URL("../support/bomb-process.ts", import.meta.url));
		const told = execFileSync(process.execPath, [path], { input: bomb, timeout: 30_000 });
		const { outcome, took } = JSON.parse(told.toString()) as { outcome: string; took: number };
		expect(["made", "image_unreadable", "image_too_large"]).toContain(outcome);
		expect(took).toBeLessThan(100 * 1024);
	});
});

import { imageSize } from "image-size";
import { describe, expect, test } from "vitest";
import { AppError } from "../../src/kernel/error.ts";
import { MediaEvents } from "../../src/media/media-events.ts";
import { spy } from "../../src/testing/spy.ts";
import { filesApp, type FilesApp } from "../support/files-app.ts";

const FILE = "/api/media/file/teal.png";
/** 200 × 100 pixels of one colour. */
const TEAL = Uint8Array.from(
	atob(
		"iVBORw0KGgoAAAANSUhEUgAAAMgAAABkCAMAAAD0WI85AAAAA1BMVEUAgIBxQSaxAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAKUlEQVR42u3BAQEAAACCIP+vbkhAAQAAAAAAAAAAAAAAAAAAAAAAAPBiToQAAUDCSS0AAAAASUVORK5CYII=",
	),
	(one) => one.charCodeAt(0),
);

async function withTeal(options: Parameters<typeof filesApp>[0] = {}): Promise<FilesApp> {
	const app = await filesApp(options);
	await app.run(() => app.app.media.upload(TEAL, { name: "teal.png" }));
	return app;
}

/** The type and the pixels of an answer. */
async function look(response: Response): Promise<readonly unknown[]> {
	const type = response.headers.get("content-type") ?? "";
	const bytes = new Uint8Array(await response.arrayBuffer());
	const { width, height } = imageSize(bytes);
	return [response.status, type, width, height];
}

describe("an image in another form", () => {
	test.each([
		["width=64&format=webp", "image/webp", 64, 32],
		["height=64&format=jpeg", "image/jpeg", 128, 64],
		["width=64&height=64&format=png", "image/png", 64, 64],
		["width=64&height=64&fit=contain&format=png", "image/png", 64, 32],
		["width=64", "image/png", 64, 32],
	])("is made: %s", async (query, type, width, height) => {
		const { send } = await withTeal();
		const response = await send(["GET", `${FILE}?${query}`]);
		expect(await look(response)).toEqual([200, type, width, height]);
	});

	test("is made once, kept beside its original, and goes with it", async () => {
		const files = await withTeal();
		const { app, send, run, objects, settle } = files;
		using events = spy(app.emgr);
		const first = await send(["GET", `${FILE}?width=64&format=webp`]);
		const etag = first.headers.get("etag");
		await first.arrayBuffer();
		expect(events.slugs.filter((slug) => slug.startsWith("file-"))).toEqual([
			"file-access",
			"file-upload-before",
			"file-uploaded",
		]);
		const [original = ""] = await objects();
		expect(await objects()).toEqual([original, `${original}.w64-scale-down-webp`]);
		const again = await send(["GET", `${FILE}?width=64&format=webp`, undefined]);
		expect([again.headers.get("etag"), (await look(again))[0]]).toEqual([etag, 200]);
		expect(events.slugs.filter((slug) => slug === "file-uploaded")).toHaveLength(1);
		const known = await send([
			"GET",
			`${FILE}?width=64&format=webp`,
			undefined,
			{ "if-none-match": etag ?? "" },
		]);
		expect(known.status).toBe(304);
		await run(() => app.media.upload(TEAL, { name: "teal.png", overwrite: true }));
		await settle();
		expect((await objects()).length).toBe(1);
		await run(() => app.media.delete("teal.png"));
		await settle();
		expect(await objects()).toEqual([]);
	});

	test("is kept for good where the URL names the state of its original, and saved by its own name", async () => {
		const { app, run, send } = await withTeal();
		const row = await run(() => app.media.find("teal.png"));
		const response = await send(["GET", `${FILE}?width=64&format=webp&v=${row?.etag}`]);
		expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
		expect(response.headers.get("content-disposition")).toBe('inline; filename="teal.webp"');
	});

	test("has the events of an upload, which name the form, and may be refused", async () => {
		const { app, send, objects } = await withTeal();
		const seen: unknown[] = [];
		app.emgr.onEvent(
			MediaEvents.FileUploadBefore,
			async ({ params: { name, meta, variant, overwrites, file } }) => {
				expect((await objects()).length, "nobody finds it yet").toBe(1);
				seen.push(name, variant, meta.type, meta.width, overwrites);
				expect((await file.bytes()).byteLength).toBe(meta.size);
				throw new AppError("forbidden", "No small ones.");
			},
			"sync",
		);
		const response = await send(["GET", `${FILE}?width=64&format=webp`]);
		expect(response.status).toBe(403);
		expect(seen).toEqual(["teal.png", "w64-scale-down-webp", "image/webp", 64, false]);
		expect((await objects()).length).toBe(1);
	});

	test("is refused to those who may not see the original", async () => {
		const { app, send, objects } = await withTeal();
		const seen: unknown[] = [];
		app.emgr.onEvent(
			MediaEvents.FileAccessEvent,
			({ params: { variant, signed } }) => {
				seen.push(variant, signed);
				throw new AppError("forbidden", "Private.");
			},
			"sync",
		);
		for (const method of ["GET", "HEAD"]) {
			expect((await send([method, `${FILE}?width=64&format=webp`])).status).toBe(403);
		}
		expect(seen).toEqual(["w64-scale-down-webp", false, "w64-scale-down-webp", false]);
		expect((await objects()).length).toBe(1);
	});

	test("is kept in so many forms, and no more", async () => {
		const { send, objects } = await withTeal({ media: { images: { maxForms: 2 } } });
		const statuses = [];
		for (const width of [64, 128, 320, 64]) {
			statuses.push((await send(["GET", `${FILE}?width=${width}`])).status);
		}
		expect(statuses).toEqual([200, 200, 429, 200]);
		expect((await objects()).length).toBe(3);
	});

	test("is kept in no more forms when they are asked for at once", async () => {
		const { send, objects } = await withTeal({ media: { images: { maxForms: 2 } } });
		const statuses = await Promise.all(
			[64, 96, 64, 128, 160, 200].map(async (width) => {
				const response = await send(["GET", `${FILE}?width=${width}`]);
				await response.arrayBuffer();
				return response.status;
			}),
		);
		expect(new Set(statuses)).toEqual(new Set([200, 429]));
		expect((await objects()).length).toBe(3);
	});

	test.each([
		[{ images: { maxPixels: 19_999 } }, 422, "image_too_large"],
		[{ images: { maxBytes: 100 } }, 422, "image_unreadable"],
		[{ images: false }, 503, "images_unavailable"],
		[{ images: { sizes: [100] } }, 400, "bad_variant"],
	] as const)("is not made beyond %o", async (media, status, code) => {
		const { send, objects } = await withTeal({ media });
		const response = await send(["GET", `${FILE}?width=64`]);
		expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
			status,
			code,
		]);
		expect((await objects()).length).toBe(1);
	});
});

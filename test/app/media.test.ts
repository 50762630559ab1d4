import { describe, expect, onTestFinished, test } from "vitest";
import { createApp } from "../../src/app/create-app.ts";
import { webPlatform } from "../../src/app/platform.ts";
import { mediaLibrary } from "../../src/index.media.ts";
import { memory } from "../../src/media/adapters/memory.ts";
import { media } from "../../src/media/media.ts";
import { ACCEPTED_TYPES } from "../../src/media/type-rules.ts";
import { openDatabase } from "../../src/runtime/node/open-database.ts";
import { albums } from "../support/files-schema.ts";
import { testApp } from "../support/test-app.ts";

const STRANGER = {
	key: "x.txt",
	name: "x.txt",
	type: "text/html",
	size: 1,
	etag: "x",
	object: "0".repeat(32),
};

describe("an app with files", () => {
	test("takes rows of files from code, such as an import, but from no client", async () => {
		const { app, request } = await testApp({
			schema: { media },
			media: mediaLibrary({ store: memory() }),
		});
		await app.em.mutator(media).insertOne(STRANGER);
		const response = await request("POST", "/api/data/entity/media", { ...STRANGER, key: "y" });
		expect(response.status).toBe(422);
	});

	test("takes them from nobody where it can't tell the one from the other", async () => {
		const connection = openDatabase({ url: ":memory:" });
		const config = { connection, schema: { media }, media: mediaLibrary({ store: memory() }) };
		const app = createApp(config, webPlatform());
		onTestFinished(async () => void (await app.close({ timeout: 0 })));
		const body = JSON.stringify(STRANGER);
		const url = "http://localhost/api/data/entity/media";
		const response = await app.fetch(new Request(url, { method: "POST", body }));
		expect(response.status).toBe(422);
		expect((await app.media.upload("text")).data).toMatchObject({ size: 4, checksum: null });
	});

	test.each([
		[{ schema: { albums } }, /media needs the entity media, which is missing: export/],
		[
			{ schema: { media: albums } },
			/media needs the entity media, which lacks key, name, type, size/,
		],
	])("needs their table", (config, message) => {
		const files = mediaLibrary({ store: memory() });
		expect(() => createApp({ ...config, media: files }, webPlatform())).toThrow(message);
	});

	test("needs a store, where the runtime has none", () => {
		const config = { schema: { media }, media: mediaLibrary() };
		expect(() => createApp(config, webPlatform())).toThrow(/give mediaLibrary one as store/);
	});

	test("is told of every fault of its options", () => {
		const options = {
			dir: 1,
			typs: [],
			types: ["image"],
			maxSize: 0,
			images: { sizes: [0], formats: ["bmp"], transformer: {} },
			sweep: { grace: -1 },
			store: {},
		};
		expect(() => mediaLibrary(options as never)).toThrow(
			[
				"The config has faults:",
				"- There is no key media.typs. Did you mean types?",
				"- media.dir is not a text.",
				"- media.maxSize is not a whole number, 1 or more.",
				"- media.sweep.grace is not a whole number, 1 or more.",
				'- media.types: "image" is not a media type such as "image/*".',
				"- media.images.sizes is not a list of pixels, 1 to 4096.",
				"- media.images.formats is not a list of webp, avif, jpeg, png.",
				"- media.images.transformer has no transform.",
				"- media.store is no store: it has not all of put, get, head, delete, list.",
			].join("\n"),
		);
		expect(() => createApp({ media: { dir: "x" } } as never, webPlatform())).toThrow(
			/media is not made by mediaLibrary/,
		);
	});

	test("takes the sizes and formats of images that can be made", () => {
		expect(() => mediaLibrary({ images: { sizes: [1, 4096] } })).not.toThrow();
		for (const sizes of [[], [0], [320, 4097], [1.5]]) {
			expect(() => mediaLibrary({ images: { sizes } }), String(sizes)).toThrow(/1 to 4096/);
		}
		expect(() => mediaLibrary({ images: { formats: [] } })).toThrow(/images.formats is not a list/);
	});

	test("takes every pattern of types that is one by default", () => {
		expect(() => mediaLibrary({ types: [...ACCEPTED_TYPES, "image/svg+xml", "*"] })).not.toThrow();
		for (const type of ["image/", "*/png", "image/*png", "image/p*g", "image/*+xml", "IMAGE/PNG"]) {
			expect(() => mediaLibrary({ types: [type] }), type).toThrow(/is not a media type/);
		}
	});

	test("describes its routes as it is configured", async () => {
		const { request } = await testApp({
			schema: { media },
			media: mediaLibrary({ store: memory(), images: { sizes: [100], formats: ["webp"] } }),
		});
		const { paths } = (await (await request("GET", "/api/system/openapi.json")).json()) as {
			paths: Record<string, { get: { parameters: { name: string; schema: object }[] } }>;
		};
		const { parameters = [] } = paths["/media/file/{name}"]?.get ?? {};
		const schemaOf = (one: string) => parameters.find(({ name }) => name === one)?.schema;
		expect([schemaOf("width"), schemaOf("format")]).toMatchObject([
			{ enum: [100] },
			{ enum: ["webp"] },
		]);
	});

	test("has no files unless its config says so", async () => {
		const { app, request } = await testApp({ schema: { albums } });
		expect(() => app.media).toThrow(/its config has no media/);
		expect((await request("GET", "/api/media/files")).status).toBe(404);
	});
});

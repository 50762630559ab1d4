import { describe, expect, test } from "vitest";
import type { Config } from "../../../src/app/config.ts";
import { mediaLibrary } from "../../../src/index.media.ts";
import { memory } from "../../../src/media/adapters/memory.ts";
import { IMAGE_FITS, IMAGE_FORMATS, IMAGE_SIZES } from "../../../src/media/image-form.ts";
import type { MediaOptions } from "../../../src/media/media-options.ts";
import { mediaOperations } from "../../../src/server/media/media-operations.ts";
import { ModelView } from "../../../src/server/model/model-view.ts";
import type { OpenApiDocument } from "../../../src/server/openapi/openapi-document.ts";
import { expectValid, operationsOf } from "../../support/api-document.ts";
import * as schema from "../../support/files-schema.ts";
import { testApp } from "../../support/test-app.ts";

async function documentOf(config: Config = {}) {
	const { app, request } = await testApp({
		schema,
		media: mediaLibrary({ store: memory() }),
		...config,
	});
	const base = config.server?.basePath ?? "/api";
	const response = await request("GET", `${base}/system/openapi.json`);
	return { app, base, document: (await response.json()) as OpenApiDocument };
}

/** What an operation takes beside its body. */
async function parametersOf(operation: string, images: MediaOptions["images"]) {
	const { app } = await testApp({ schema, media: mediaLibrary({ store: memory() }) });
	const described = mediaOperations(images)[operation]?.(new ModelView(app.em.entities));
	return (described?.parameters ?? []).filter((one) => "name" in one);
}

describe("the description of the routes of files", () => {
	test("is valid", async () => {
		await expectValid((await documentOf()).document);
	});

	test.for([{}, { server: { basePath: "/v1/cms" } }])("has them all: %o", async (config) => {
		const { app, base, document } = await documentOf(config);
		const described = operationsOf(document)
			.filter(({ path }) => path.startsWith(`${base}/media/`))
			.map(({ method, path }) => `${method} ${path.replace(/\{(\w+)\}/g, ":$1")}`);
		const mounted = app
			.describe()
			.routes.map(({ method, path }) => `${method} ${path}`)
			.filter((route) => route.includes(`${base}/media/`));
		expect(described.toSorted()).toEqual([...new Set(mounted)].toSorted());
		expect(described.length).toBe(7);
		for (const { operation, key } of operationsOf(document)) {
			expect(operation.summary, `${key} has a description of its own`).not.toContain("/");
		}
	});

	test.for<[images: MediaOptions["images"], width: unknown, fit: unknown, format: unknown]>([
		[undefined, IMAGE_SIZES, IMAGE_FITS, IMAGE_FORMATS],
		[{ sizes: [320, 100] }, [320, 100], IMAGE_FITS, IMAGE_FORMATS],
		[{ formats: ["avif"] }, IMAGE_SIZES, IMAGE_FITS, ["avif"]],
		[false, undefined, undefined, undefined],
	])("lists the forms that %o lets images have", async ([images, width, fit, format]) => {
		const parameters = await parametersOf("GET /media/file/:name", images);
		const listed = (name: string) => parameters.find((one) => one.name === name)?.schema?.enum;
		expect([listed("width"), listed("height")]).toEqual([width, width]);
		expect([listed("fit"), listed("format")]).toEqual([fit, format]);
		const named = parameters.some(({ name }) =>
			["width", "height", "fit", "format"].includes(name),
		);
		expect(named).toBe(images !== false);
	});

	const writes = ["If-Match", "If-None-Match", "If-Unmodified-Since"];
	test.for<[operation: string, headers: readonly string[]]>([
		["GET /media/file/:name", ["If-Modified-Since", "If-Range", "Range", ...writes]],
		["DELETE /media/file/:name", writes],
		["POST /media/upload/:name", writes],
		["POST /media/upload", ["If-Match"]],
		["POST /media/entity/:entity/:id/:field", ["If-Match"]],
	])("names the headers that %s heeds", async ([operation, headers]) => {
		const parameters = await parametersOf(operation, undefined);
		const named = parameters.filter((one) => one.in === "header").map(({ name }) => name);
		expect(named.toSorted()).toEqual(headers.toSorted());
	});

	test("is hidden from those who may not read their entity", async () => {
		const access = (_: Request, { entity }: { readonly entity: string }) => entity !== "media";
		const { document } = await documentOf({ server: { access } });
		expect(Object.keys(document.paths).filter((path) => path.startsWith("/media"))).toEqual([]);
	});

	test("asks for a token where writes need one", async () => {
		const { request } = await testApp(
			{ schema, media: mediaLibrary({ store: memory() }) },
			{ platform: { exposure: "public" } },
		);
		const response = await request("GET", "/api/system/openapi.json");
		const { paths } = (await response.json()) as OpenApiDocument;
		expect(paths["/media/upload"]?.post?.security).toEqual([{ bearer: [] }]);
		expect(paths["/media/file/{name}"]?.delete?.security).toEqual([{ bearer: [] }]);
		expect(paths["/media/file/{name}"]?.get?.security).toBeUndefined();
	});
});

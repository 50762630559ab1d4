import { describe, expect, test } from "vitest";
import type { Config } from "../../../src/app/config.ts";
import { mediaLibrary } from "../../../src/index.media.ts";
import { memory } from "../../../src/media/adapters/memory.ts";
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

describe("the description of the routes of files", () => {
	test.for([{}, { server: { basePath: "/v1/cms" } }])(
		"is valid, and has them all: %o",
		async (config) => {
			const { app, base, document } = await documentOf(config);
			await expectValid(document);
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
		},
	);

	test("is hidden from those who may not read their entity", async () => {
		const access = (_: Request, { entity }: { readonly entity: string }) => entity !== "media";
		const { document } = await documentOf({ server: { access } });
		expect(Object.keys(document.paths).filter((path) => path.startsWith("/media"))).toEqual([]);
		await expectValid(document);
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

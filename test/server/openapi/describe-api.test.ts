import fc from "fast-check";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { describe, expect, test } from "vitest";
import type { Config } from "../../../src/app/config.ts";
import { readSchema } from "../../../src/data/schema/read-schema.ts";
import { ModelView } from "../../../src/server/model/model-view.ts";
import { describeApi, type ApiFacts } from "../../../src/server/openapi/describe-api.ts";
import type { OpenApiDocument } from "../../../src/server/openapi/openapi-document.ts";
import * as sample from "../../../blog/schema.ts";
import { expectValid, operationsOf } from "../../support/api-document.ts";
import { blog } from "../../support/blog.ts";
import { schemaOf, tablePlans } from "../../support/random-schema.ts";
import * as wide from "../../support/wide-schema.ts";

const NOTHING = { entities: {}, seed: () => {} };
const CONFIGS: Readonly<Record<string, Config>> = {
	"a blog with a composite key and a hidden field": { seed: () => {} },
	"all types of columns": { ...NOTHING, schema: wide },
	"no tables": { ...NOTHING, schema: {} },
	"the sample blog": { ...NOTHING, schema: sample },
	"another base path": { ...NOTHING, server: { basePath: "/v1/cms" } },
};

async function documentOf(config: Config): Promise<OpenApiDocument> {
	const { send } = await blog({ config: { seed: () => {}, ...config } });
	const base = config.server?.basePath ?? "/api";
	const response = await send(["GET", `${base}/system/openapi.json`]);
	expect(response.status).toBe(200);
	return (await response.json()) as OpenApiDocument;
}

describe("the OpenAPI document", () => {
	test.for(Object.entries(CONFIGS))("is valid for %s", async ([, config]) => {
		await expectValid(await documentOf(config));
	});

	test("has every route of the app, and no other", async () => {
		const { app, send } = await blog({ config: { seed: () => {} } });
		const document = (await (
			await send(["GET", "/api/system/openapi.json"])
		).json()) as OpenApiDocument;
		const described = new Set(
			operationsOf(document).map(({ method, path }) => `${method} ${pattern(path)}`),
		);
		const mounted = app.describe().routes.map(({ method, path }) => `${method} ${path}`);
		expect([...described].toSorted()).toEqual([...new Set(mounted)].toSorted());
		for (const { operation, key } of operationsOf(document)) {
			expect(operation.summary, `${key} has a description of its own`).not.toContain("/");
		}
	});

	test("leaves out the routes of the user", async () => {
		const document = await documentOf({
			onServerInit: (hono) => void hono.get("/mine", (context) => context.text("mine")),
		});
		expect(Object.keys(document.paths).filter((path) => path.includes("mine"))).toEqual([]);
	});

	test("has no routes with an id for a composite key", async () => {
		const paths = Object.keys((await documentOf({})).paths);
		expect(paths.filter((path) => path.startsWith("/data/entity/postTags"))).toEqual([
			"/data/entity/postTags",
			"/data/entity/postTags/query",
			"/data/entity/postTags/fn/count",
			"/data/entity/postTags/fn/exists",
		]);
	});

	test("begins its paths where the app does", async () => {
		const document = await documentOf({ server: { basePath: "/v1/cms" } });
		expect(document.servers[0]?.url).toBe("/v1/cms");
		expect(document.paths["/data/entity/posts"]).toBeDefined();
		expect(document.paths["/health"]?.servers).toEqual([{ url: "/" }]);
	});

	test("shows only what an access rule lets somebody read", async () => {
		const document = await documentOf({
			server: { access: (_, { entity }) => entity !== "authors" },
		});
		expect(JSON.stringify(document)).not.toContain("authors");
		await expectValid(document);
	});

	test.for([
		["public", {}, [{ bearer: [] }]],
		["loopback", {}, undefined],
		["public", { server: { access: "open" } }, undefined],
		["public", { server: { access: () => true } }, [{}, { bearer: [] }]],
	] as const)(
		"asks for a token where the server does: %s %o",
		async ([exposure, config, security]) => {
			const { send } = await blog({ exposure, config: { seed: () => {}, ...config } });
			const document = (await (
				await send(["GET", "/api/system/openapi.json"])
			).json()) as OpenApiDocument;
			const item = document.paths["/data/entity/posts"];
			expect(item?.post?.security).toEqual(security);
			const reads = security?.length === 1 ? undefined : security;
			expect(item?.get?.security).toEqual(reads);
			expect(document.paths["/data/entity/posts/query"]?.post?.security).toEqual(reads);
		},
	);

	test("tells of hidden fields where they come in, and nowhere else", async () => {
		const { components } = await documentOf({});
		const holders = Object.entries(components.schemas)
			.filter(([, schema]) => JSON.stringify(schema).includes("passwordHash"))
			.map(([name]) => name);
		expect(holders).toEqual(["authorsCreate", "authorsUpdate"]);
		expect(components.schemas["authorsCreate"]?.properties?.["passwordHash"]).toMatchObject({
			writeOnly: true,
		});
		expect(JSON.stringify(components.parameters)).not.toContain("passwordHash");
	});

	test("tells what a row holds with its related rows", async () => {
		const { components } = await documentOf({});
		const { properties, required } = components.schemas["postsRow"] ?? {};
		expect(properties).toMatchObject({
			title: { type: "string" },
			author: { anyOf: [{ $ref: "#/components/schemas/authorsRow" }, { type: "null" }] },
			tags: { type: "array", items: { $ref: "#/components/schemas/tagsRow" } },
		});
		expect(required).toContain("title");
		expect(required).not.toContain("author");
	});

	test("asks for If-Match, and promises an ETag, where rows have versions", async () => {
		const notes = sqliteTable("notes", {
			id: integer("id").primaryKey(),
			text: text("text"),
			version: integer("version").notNull().default(1),
		});
		const document = await documentOf({ ...NOTHING, schema: { notes } });
		const item = document.paths["/data/entity/notes/{id}"];
		expect(item?.patch?.parameters).toContainEqual({ $ref: "#/components/parameters/If-Match" });
		expect(item?.patch?.responses["412"]).toBeDefined();
		expect(item?.get?.responses["200"]).toMatchObject({
			headers: { ETag: { $ref: "#/components/headers/ETag" } },
		});
		const plain = (await documentOf({})).paths["/data/entity/posts/{id}"];
		expect(JSON.stringify(plain)).not.toMatch(/If-Match|ETag|412/);
	});

	test("says that a write of other than one stored row refuses If-Match", async () => {
		const writes = operationsOf(await documentOf({})).filter(
			({ method, path }) =>
				["POST", "PATCH", "DELETE"].includes(method.toUpperCase()) &&
				/^\/api\/data\/entity\/\w+$/.test(path),
		);
		expect(writes.length).toBeGreaterThan(2);
		for (const { operation, key } of writes) {
			expect(Object.keys(operation.responses), key).toContain("412");
		}
	});

	test("stays valid whatever the schema is", async () => {
		const facts: ApiFacts = {
			version: "1",
			base: "/api",
			routes: (await blog({ config: NOTHING })).app.describe().routes,
			access: "open",
			token: "writes",
			operator: "token",
			maxBody: 1,
			parts: [],
		};
		await fc.assert(
			fc.asyncProperty(tablePlans, async (plans) => {
				const document = describeApi(new ModelView(readSchema(schemaOf(plans), {})), facts);
				await expectValid(JSON.parse(JSON.stringify(document)) as OpenApiDocument);
			}),
			{ numRuns: 40 },
		);
	}, 60_000);
});

/** `/api/data/entity/posts/{id}/author` as the route spells it. */
function pattern(path: string): string {
	return path
		.replace(/\{(\w+)\}/g, ":$1")
		.replace(/\/entity\/\w+/, "/entity/:entity")
		.replace(/(\/:id)\/\w+$/, "$1/:reference");
}

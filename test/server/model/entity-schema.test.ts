import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { describe, expect, test } from "vitest";
import type { App } from "../../../src/app/app.ts";
import { blog } from "../../support/blog.ts";
import * as wide from "../../support/wide-schema.ts";

/** A validator that knows both schemas of every entity of an app. */
async function schemasOf(app: App): Promise<Ajv2020> {
	const ajv = new Ajv2020({ strict: false, allErrors: true });
	formats.default(ajv);
	for (const { name } of app.em.entities) {
		for (const context of ["create", "update"]) {
			const url = `http://localhost/api/data/schemas/${name}/${context}`;
			const schema = (await (await app.fetch(new Request(url))).json()) as object;
			ajv.addSchema(schema);
		}
	}
	return ajv;
}

type Case = readonly [fits: boolean, body: unknown];

const POST = { title: "New", slug: "new" };
const POSTS: readonly Case[] = [
	[true, POST],
	[false, { title: "New" }],
	[false, { ...POST, titel: "New" }],
	[false, { ...POST, title: null }],
	[false, { ...POST, title: 1 }],
	[true, { ...POST, state: "live" }],
	[false, { ...POST, state: "gone" }],
	[false, { ...POST, views: 1.5 }],
	[false, { ...POST, views: "1" }],
	[true, { ...POST, rating: 1.5 }],
	[true, { ...POST, rating: null }],
	[false, { ...POST, pinned: 1 }],
	[true, { ...POST, publishedAt: "2026-01-02T03:04:05Z" }],
	[true, { ...POST, publishedAt: "2026-01-02" }],
	[true, { ...POST, publishedAt: 0 }],
	[false, { ...POST, publishedAt: "yesterday" }],
	[true, { ...POST, extra: [{ a: null }] }],
	[true, { ...POST, fileSize: "9007199254740993" }],
	[true, { ...POST, fileSize: 7 }],
	[false, { ...POST, fileSize: "7.5" }],
	[true, { ...POST, thumbnail: "aGVsbG8=" }],
	[true, { ...POST, authorId: "ada" }],
	[true, { ...POST, author: { $set: { id: "ada" } } }],
	[true, { ...POST, author: { $set: "ada" } }],
	[true, { ...POST, author: { $set: null } }],
	[true, { ...POST, author: { $create: { id: "eve", name: "Eve", email: "e@example.org" } } }],
	[false, { ...POST, author: { $create: { id: "eve" } } }],
	[false, { ...POST, author: { $attach: "ada" } }],
	[false, { ...POST, author: {} }],
	[true, { ...POST, tags: { $attach: [1, { id: 2 }] } }],
	[true, { ...POST, tags: { $set: 1 } }],
	[true, { ...POST, tags: { $create: [{ name: "new" }], $attach: 1 } }],
	[false, { ...POST, tags: { $set: [1], $attach: [2] } }],
	[false, { ...POST, tags: [1] }],
	[false, [[]]],
];

const AUTHORS: readonly Case[] = [
	[true, { id: "eve", name: "Eve", email: "e@example.org", passwordHash: "secret" }],
	[false, { name: "Eve", email: "e@example.org" }],
	[false, { id: "eve", name: "E".repeat(41), email: "e@example.org" }],
	[true, { id: "eve", name: "Eve", email: "e@example.org", posts: { $create: [POST] } }],
	[true, { id: "eve", name: "Eve", email: "e@example.org", posts: { $attach: [1] } }],
];

const ARTICLE = { title: "New", slug: "new", authorId: 1 };
const ARTICLES: readonly Case[] = [
	[true, ARTICLE],
	[false, { title: "New", slug: "new" }],
	[true, { title: "New", slug: "new", author: { $create: { fullName: "Eve" } } }],
	[false, { title: "New", slug: "new", author: { $set: null } }],
	[true, { ...ARTICLE, meta: { any: "thing" } }],
	[false, { ...ARTICLE, title: "T".repeat(81) }],
];

describe("the schema of a body that creates a row", () => {
	test.for([
		...POSTS.map((one) => ["posts", one] as const),
		...AUTHORS.map((one) => ["authors", one] as const),
	])("agrees with the server about %s %j", async ([entity, [fits, body]]) => {
		const { app, send } = await blog();
		const ajv = await schemasOf(app);
		const response = await send(["POST", `/api/data/entity/${entity}`, body]);
		const told = await response.text();
		expect(ajv.validate(`/api/data/schemas/${entity}/create`, body), told).toBe(fits);
		expect(response.status, told).toBe(fits ? 201 : 422);
	});

	test.for(ARTICLES)(
		"agrees with the server where a reference is required: %j",
		async ([fits, body]) => {
			const { app, send } = await blog({ config: { schema: wide, entities: {}, seed: () => {} } });
			await app.em.mutator(wide.people).insertOne({ fullName: "Ada" });
			const ajv = await schemasOf(app);
			const response = await send(["POST", "/api/data/entity/articles", body]);
			const told = await response.text();
			expect(ajv.validate("/api/data/schemas/articles/create", body), told).toBe(fits);
			expect(response.status, told).toBe(fits ? 201 : 422);
		},
	);

	test("marks what the database computes as read only", async () => {
		const { send } = await blog({ config: { schema: wide, entities: {}, seed: () => {} } });
		const response = await send(["GET", "/api/data/schemas/articles/create"]);
		expect(await response.json()).toMatchObject({
			properties: {
				words: { type: ["integer", "null"], readOnly: true },
				featured: { type: "boolean", default: true },
				meta: { default: { a: ["b"] } },
				status: { enum: ["draft", "it's out"], default: "it's out" },
			},
		});
	});
});

describe("the schema of a body that updates a row", () => {
	test("needs nothing, and says what the version is for", async () => {
		const notes = sqliteTable("notes", {
			id: integer("id").primaryKey(),
			text: text("text").notNull(),
			version: integer("version").notNull().default(1),
		});
		const { app, send } = await blog({
			config: { schema: { notes }, entities: {}, seed: () => {} },
		});
		const ajv = await schemasOf(app);
		expect(ajv.validate("/api/data/schemas/notes/update", {})).toBe(true);
		const response = await send(["GET", "/api/data/schemas/notes/update"]);
		expect(await response.json()).toMatchObject({
			properties: {
				id: { readOnly: true },
				version: { description: expect.stringContaining("409") as string },
			},
		});
	});
});

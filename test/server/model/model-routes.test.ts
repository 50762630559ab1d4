import { describe, expect, test } from "vitest";
import { blog } from "../../support/blog.ts";
import { sqliteTable, integer } from "drizzle-orm/sqlite-core";

const EVERYTHING = {
	label: "Articles",
	sort: "-publishedAt,title",
	limit: 5,
	maxLimit: 20,
};

async function json(response: Promise<Response>): Promise<Record<string, unknown>> {
	return (await response.then((answer) => answer.json())) as Record<string, unknown>;
}

describe("GET /api/data", () => {
	test("tells of entities, fields, keys, limits, sorts and labels", async () => {
		const { send } = await blog({ config: { entities: { posts: EVERYTHING } } });
		const { entities } = (await json(send(["GET", "/api/data"]))) as {
			entities: Record<string, unknown>;
		};
		expect(Object.keys(entities)).toEqual(["authors", "posts", "tags", "postTags"]);
		expect(entities["posts"]).toMatchObject({
			type: "regular",
			fields: {
				id: { type: "integer", config: { primary: true, required: false, fillable: true } },
				title: { type: "text", config: { required: true, nullable: false } },
				state: { config: { default_value: "draft", enum: ["draft", "live"] } },
				rating: { type: "real", config: { nullable: true } },
			},
			config: {
				name: "posts",
				label: "Articles",
				key: ["id"],
				sort: "-publishedAt,title,id",
				sort_field: "publishedAt",
				sort_dir: "desc",
				limit: 5,
				max_limit: 20,
			},
		});
		expect(entities["authors"]).toMatchObject({
			fields: { name: { config: { max_length: 40 } } },
			config: { sort: "id", limit: 10, max_limit: 100 },
		});
	});

	test("tells of relations in both directions, and of unique values", async () => {
		const { send } = await blog();
		const { relations, indices } = await json(send(["GET", "/api/data"]));
		expect(relations).toMatchObject({
			"posts.author": {
				type: "n:1",
				source: "posts",
				target: "authors",
				config: { name: "author", fields: { authorId: "id" } },
			},
			"authors.posts": { type: "1:n", source: "authors", target: "posts" },
			"posts.tags": { type: "m:n", target: "tags", config: { through: "postTags" } },
			"tags.posts": { type: "m:n", target: "posts" },
		});
		expect(indices).toEqual({
			unique_authors_email: { entity: "authors", fields: ["email"], unique: true },
			unique_posts_slug: { entity: "posts", fields: ["slug"], unique: true },
		});
	});

	test("keeps quiet about hidden fields, wherever they have a part", async () => {
		const { send } = await blog({
			config: {
				entities: {
					authors: { hidden: ["passwordHash", "email"] },
					posts: { hidden: ["authorId", "rating"], sort: "-rating" },
				},
			},
		});
		for (const path of ["", "/info/posts", "/info/authors"]) {
			const text = await (await send(["GET", `/api/data${path}`])).text();
			expect(text).not.toMatch(/passwordHash|email|authorId|rating/);
		}
	});

	test("shows only the entities that an access rule lets somebody read", async () => {
		const { send } = await blog({
			config: { server: { access: (_, { entity }) => entity !== "authors" } },
		});
		const { entities, relations } = (await json(send(["GET", "/api/data"]))) as Record<
			string,
			object
		>;
		expect(Object.keys(entities as object)).toEqual(["posts", "tags", "postTags"]);
		expect(JSON.stringify(relations)).not.toContain('"authors"');
		expect((await send(["GET", "/api/data/info/authors"])).status).toBe(401);
		expect((await send(["GET", "/api/data/schemas/authors/create"])).status).toBe(401);
		const { relations: ofPosts } = await json(send(["GET", "/api/data/info/posts"]));
		expect(JSON.stringify(ofPosts)).not.toContain("authors");
		const posts = await (await send(["GET", "/api/data/schemas/posts/create"])).text();
		expect(posts).not.toContain("authors");
	});

	test("is refused where nothing may be read, and fails where the access rule does", async () => {
		const closed = await blog({ config: { server: { access: () => false } } });
		expect((await closed.send(["GET", "/api/data"])).status).toBe(401);
		const broken = await blog({
			config: {
				server: {
					access: () => {
						throw new Error("Out of order.");
					},
				},
			},
		});
		expect((await broken.send(["GET", "/api/data"])).status).toBe(500);
	});

	test("answers different people in turns, each with their part", async () => {
		const { send } = await blog({
			config: {
				server: {
					access: (request, { entity }) => request.headers.get("x-may-read") === entity,
				},
			},
		});
		for (const may of ["posts", "tags", "posts", "authors", "tags"]) {
			const { entities } = await json(send(["GET", "/api/data", undefined, { "x-may-read": may }]));
			expect(Object.keys(entities as object)).toEqual([may]);
		}
	});

	test("answers for a schema without tables", async () => {
		const { send } = await blog({ config: { schema: {}, entities: {}, seed: () => {} } });
		expect(await json(send(["GET", "/api/data"]))).toEqual({
			entities: {},
			relations: {},
			indices: {},
		});
	});

	test("names the field that counts a row's updates", async () => {
		const { send } = await blog({
			config: {
				schema: {
					notes: sqliteTable("notes", {
						id: integer("id").primaryKey(),
						version: integer("version").notNull().default(1),
					}),
				},
				entities: {},
				seed: () => {},
			},
		});
		expect(await json(send(["GET", "/api/data"]))).toMatchObject({
			entities: { notes: { config: { version: "version" } } },
		});
	});
});

describe("GET /api/data/info/:entity", () => {
	test("answers in the shape that bknd's clients know", async () => {
		const { send } = await blog();
		expect(await json(send(["GET", "/api/data/info/authors"]))).toEqual({
			name: "authors",
			label: "authors",
			fields: ["id", "name", "email"],
			key: ["id"],
			sort: "id",
			limit: 10,
			max_limit: 100,
			relations: {
				all: [{ entity: "posts", ref: "posts" }],
				listable: [{ entity: "posts", ref: "posts" }],
				source: [],
				target: [{ entity: "posts", ref: "posts" }],
			},
		});
		expect(await json(send(["GET", "/api/data/info/posts"]))).toMatchObject({
			relations: {
				listable: [
					{ entity: "postTags", ref: "postTags" },
					{ entity: "tags", ref: "tags" },
				],
				source: [{ entity: "authors", ref: "author" }],
			},
		});
	});

	test("answers 404 with the nearest name for an unknown entity", async () => {
		const { send } = await blog();
		for (const path of ["info/postz", "schemas/postz", "schemas/postz/create"]) {
			const response = await send(["GET", `/api/data/${path}`]);
			expect(response.status).toBe(404);
			expect(await response.json()).toMatchObject({
				code: "unknown_entity",
				details: { hint: "Did you mean posts?" },
			});
		}
	});
});

describe("GET /api/data/schemas/:entity/:context", () => {
	test("answers 404 with a hint for an unknown context", async () => {
		const { send } = await blog();
		for (const [context, hint] of [
			["creat", "Did you mean create?"],
			["delete", "There is create, update."],
		]) {
			const response = await send(["GET", `/api/data/schemas/posts/${context}`]);
			expect(response.status).toBe(404);
			expect(await response.json()).toMatchObject({
				code: "unknown_context",
				details: { hint },
			});
		}
	});

	test("is about creating when it names no context", async () => {
		const { send } = await blog();
		const [short, long] = await Promise.all(
			["", "/create"].map((end) => json(send(["GET", `/api/data/schemas/posts${end}`]))),
		);
		expect(short).toEqual(long);
		expect(short?.["$id"]).toBe("/api/data/schemas/posts/create");
	});

	test("lists what a row needs, what it may be given, and what only comes in", async () => {
		const { send } = await blog();
		const created = await json(send(["GET", "/api/data/schemas/authors/create"]));
		expect(created).toMatchObject({
			$schema: "https://json-schema.org/draft/2020-12/schema",
			type: "object",
			required: ["id", "name", "email"],
			additionalProperties: false,
			properties: {
				name: { type: "string", maxLength: 40 },
				passwordHash: { type: ["string", "null"], writeOnly: true },
			},
		});
		expect(await json(send(["GET", "/api/data/schemas/posts/create"]))).toMatchObject({
			properties: {
				state: { type: "string", enum: ["draft", "live"], default: "draft" },
				thumbnail: { type: ["string", "null"], contentEncoding: "base64" },
			},
		});
		const updated = await json(send(["GET", "/api/data/schemas/posts/update"]));
		expect(updated).not.toHaveProperty("required");
		expect(updated).toMatchObject({ properties: { id: { type: "integer", readOnly: true } } });
		expect((updated["properties"] as Record<string, object>)["state"]).not.toHaveProperty(
			"default",
		);
	});
});

import { describe, expect, test, vi } from "vitest";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import { AppError } from "../../../src/kernel/error.ts";
import { spy } from "../../../src/testing/spy.ts";
import { nested, relatedRows } from "../../support/related-rows.ts";
import { testApp } from "../../support/test-app.ts";
import * as schema from "../../support/world-schema.ts";

describe("events of related entities", () => {
	test("before-events come once for a relation and purpose, after-events once for each row", async () => {
		const { app, posts } = await relatedRows();
		using events = spy(app.emgr);
		await posts.findMany({
			where: {
				$or: [{ "author.name": "Ann" }, { "author.rank": 1 }, { "author.company.size": 1 }],
			},
			with: { author: { where: { "company.name": "one" } }, comments: {}, tags: {} },
			join: "comments",
		});
		const told = events.events.map(({ slug, context, params }) =>
			[
				slug.slice("repository-find-many-".length),
				(params as { entity: { name: string } }).entity.name,
				context.meta["purpose"],
			].join(" "),
		);
		expect(told).toEqual([
			"before posts find",
			"before authors filter",
			"before companies filter",
			"before comments join",
			"before authors with",
			"before comments with",
			"before tags with",
			"before postsTags join",
			"after authors with",
			"after comments with",
			"after tags with",
			"after posts find",
		]);
	});

	test("an after-listener's rows stand in their parent, the innermost first", async () => {
		const { app, posts } = await relatedRows();
		app.emgr.onEvent(
			DatabaseEvents.RepositoryFindManyAfter,
			({ params: { data, entity } }) =>
				data.map((row) => ({ ...row, seen: `${entity.name} ${Object.keys(row).join()}` })) as never,
			{ mode: "sync", entity: ["comments", "companies"] },
		);
		app.emgr.onEvent(DatabaseEvents.RepositoryFindManyAfter, () => [], {
			mode: "sync",
			entity: "authors",
		});
		const { data } = await posts.findMany({
			select: ["id"],
			limit: 1,
			with: { comments: { select: ["id"], limit: 1 }, author: {}, editor: { with: "company" } },
		});
		expect(data).toEqual([
			{ id: 1, comments: [{ id: 1, seen: "comments id" }], author: null, editor: null },
		]);
	});

	test("a refusal reaches the caller, at once or later", async () => {
		for (const later of [false, true]) {
			const { app, posts, get } = await relatedRows();
			app.emgr.onEvent(
				DatabaseEvents.RepositoryFindManyBefore,
				() => {
					const error = new AppError("forbidden", "Not these.");
					if (!later) throw error;
					return Promise.reject(error);
				},
				{ mode: "sync", entity: "comments" },
			);
			for (const path of [
				"posts?with=comments",
				"posts/1?with=comments",
				"posts/1/comments",
				"posts?join=comments",
			]) {
				expect((await get(path)).status, path).toBe(403);
			}
			const { em } = app;
			const refused = { message: "Not these." };
			await expect(posts.findMany({ join: "comments" })).rejects.toMatchObject(refused);
			expect((await get("posts?with=author")).status).toBe(200);
			await expect(em.repository("comments").count()).rejects.toMatchObject(refused);
		}
	});

	test("filters that lead to each other end", async () => {
		const { app, get } = await relatedRows();
		const filters = { authors: { "company.size": null }, companies: { name: "one" } };
		for (const [entity, where] of Object.entries(filters)) {
			app.emgr.onEvent(
				DatabaseEvents.RepositoryFindManyBefore,
				({ params: { options } }) => ({
					...options,
					where: { $and: [options.where ?? {}, where] },
				}),
				{ mode: "sync", entity },
			);
		}
		app.emgr.onEvent(
			DatabaseEvents.RepositoryFindManyBefore,
			({ params: { options } }) => ({
				...options,
				where: { $and: [options.where ?? {}, { "mentor.name": { $ne: "Ben" } }] },
			}),
			{ mode: "sync", entity: "authors" },
		);
		expect((await get('posts?where={"author.mentor.name":"Ann"}')).status).toBe(200);
		expect((await get("authors?with=mentor")).status).toBe(200);
	});

	test("relations that listeners add to each other without end are the listeners' fault", async () => {
		const { app, posts } = await relatedRows();
		app.emgr.onEvent(
			DatabaseEvents.RepositoryFindManyBefore,
			({ params: { options } }) => ({ ...options, with: "mentor" }),
			{ mode: "sync", entity: "authors" },
		);
		await expect(posts.findMany({ with: "author" })).rejects.toMatchObject({ code: "bad_reply" });
	});

	test("a client at its limits is not pushed over them by a listener's filter", async () => {
		const { app, get } = await relatedRows();
		app.emgr.onEvent(
			DatabaseEvents.RepositoryFindManyBefore,
			({ params: { options } }) => ({
				...options,
				where: { $and: [{ id: { $gt: 0 } }, options.where ?? {}] },
			}),
			{ mode: "sync", entity: "posts" },
		);
		const deep = nested(10, (inner) => (inner ? { $not: inner } : { id: 1 }));
		const wide = { $or: Array.from({ length: 90 }, (_, id) => ({ id })) };
		for (const where of [deep, wide]) {
			expect((await get(`posts?where=${JSON.stringify(where)}`)).status).toBe(200);
		}
	});

	test("no event is made when nobody listens", async () => {
		const { app, posts } = await relatedRows();
		const dispatch = vi.spyOn(app.emgr, "dispatch");
		await posts.findMany({
			with: { comments: { with: "post" } },
			join: "tags",
			where: { "author.name": "Ann" },
		});
		await posts.findOne(1, { with: "author" });
		await posts.findManyByReference(1, "tags", { total: true, count: true });
		await app.em.mutator(schema.posts).updateWhere({ title: "x" }, { "author.name": "Ann" });
		expect(dispatch.mock.calls).toEqual([]);
	});
});

test("an access rule is asked for every entity that a client reaches", async () => {
	const asked = new Set<string>();
	const { app, request } = await testApp({
		schema,
		server: {
			access: (_, { entity, action }) => {
				asked.add(`${action} ${entity}`);
				return entity !== "authors";
			},
		},
	});
	await app.em.mutator(schema.posts).insertOne({ title: "p" });
	for (const [method, path, body] of [
		["GET", "posts?with=author", undefined],
		["GET", 'posts?with={"comments":{"with":{"post":{"with":"author"}}}}', undefined],
		["GET", 'posts?where={"author.name":"a"}', undefined],
		["GET", "posts?join=author", undefined],
		["GET", "posts/1?with=author", undefined],
		["GET", "posts/1/author", undefined],
		["POST", "posts/query", { with: ["author"] }],
		["POST", "posts/fn/count", { "author.name": "a" }],
		["POST", "posts/fn/exists", { $not: { "author.name": "a" } }],
		["PATCH", "posts", { update: { title: "x" }, where: { "author.name": null } }],
		["DELETE", "posts", { "author.name": null }],
	] as const) {
		const response = await request(method, `/api/data/entity/${path}`, body);
		expect([path, response.status]).toEqual([path, 401]);
	}
	expect((await request("GET", "/api/data/entity/posts?with=comments,tags")).status).toBe(200);
	expect([...asked].filter((one) => one.startsWith("read"))).toEqual(
		expect.arrayContaining(["read authors", "read comments", "read tags", "read postsTags"]),
	);
});

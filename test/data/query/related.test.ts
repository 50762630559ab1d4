import { describe, expect, test, vi } from "vitest";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import { isPromise } from "../../../src/kernel/maybe.ts";
import { relatedRows } from "../../support/related-rows.ts";

describe("one statement", () => {
	test.each<[string, number]>([
		["posts?with=author,comments,tags", 1],
		[
			'posts?with={"author":{"with":{"company":{}}},"comments":{"limit":1}}&where={"author.name":"Ann"}',
			1,
		],
		["posts/1?with=comments&with=tags", 1],
		["posts/1/comments?sort=-id", 1],
		["posts/1/comments?count=true&total=true&cursor=", 1],
		["posts/1/author", 1],
		["posts?join=comments&join=tags&count=true", 2],
		["posts?cursor=&limit=1&with=comments", 1],
	])("%s costs %i", async (path, statements) => {
		const { database, get } = await relatedRows();
		expect(await get(path)).toMatchObject({ status: 200 });
		expect(database.statements).toBe(statements);
	});

	test("a plain query names no alias, and stays as it was", async () => {
		const { app, database } = await relatedRows();
		const all = vi.spyOn(database, "all");
		await app.em.repository("tags").findMany({ where: { name: "t1" } });
		expect(all.mock.calls[0]?.[0].sql).toBe(
			'select "id", "name" from "tags" where "name" = ? order by "id" asc limit ? offset ?',
		);
	});

	test("nothing waits on an embedded database while listeners answer at once", async () => {
		const { app } = await relatedRows();
		const reader = app.em.reader("posts");
		const options = { with: { comments: { with: "post" } }, where: { "author.name": "Ann" } };
		expect(isPromise(reader.findMany(options, "client"))).toBe(false);
		app.emgr.on("repository-find-*", () => {}, "sync");
		expect(isPromise(reader.findMany({ ...options, cursor: "" }, "client"))).toBe(false);
		expect(isPromise(reader.findOne(1, { with: "comments" }, "client"))).toBe(false);
		expect(isPromise(reader.references.find(1, "tags", {}, "client"))).toBe(false);
		expect(isPromise(reader.count({ "author.name": "Ann" }, "client"))).toBe(false);
	});
});

describe("the ways to write relations in a URL", () => {
	const both = { author: expect.anything() as unknown, comments: expect.anything() as unknown };
	test.each([
		"with=author,comments",
		"with=author&with=comments",
		"with=author, comments",
		'with=["author","comments"]',
		'with={"author":{},"comments":{}}',
	])("%s", async (query) => {
		const { get } = await relatedRows();
		const { text } = await get(`posts/1?${query}`);
		expect(JSON.parse(text)).toMatchObject({ data: both });
	});

	test.each<[string, string]>([
		["with={", "bad_parameters"],
		['with={"author":{}}&with=comments', "bad_parameters"],
		["with=[1]", "bad_query"],
		["with=nope", "bad_query"],
		["join=nope", "bad_query"],
	])("%s is a 400: %s", async (query, code) => {
		const { get } = await relatedRows();
		const { status, text } = await get(`posts?${query}`);
		expect([status, (JSON.parse(text) as { code: string }).code]).toEqual([400, code]);
	});
});

describe("the rows of a reference", () => {
	test("are a list, of at most one for a relation to one", async () => {
		const { get } = await relatedRows();
		const read = async (path: string) => JSON.parse((await get(path)).text) as { data: unknown[] };
		expect(await read("posts/1/comments?select=body&limit=1&offset=1&count=1&total=1")).toEqual({
			data: [{ body: "c2" }],
			meta: { items: 1, limit: 1, offset: 1, count: 4, total: 4 },
		});
		expect((await read("posts/1/author?select=id")).data).toEqual([{ id: "a" }]);
		expect((await read("posts/3/author")).data).toEqual([]);
		expect((await read("posts/3/tags")).data).toEqual([]);
		expect((await read('tags/2/posts?where={"author.name":"Ben"}&select=id')).data).toEqual([
			{ id: 2 },
		]);
	});

	test.each<[string, number, object]>([
		[
			"posts/1/coments",
			404,
			{ code: "unknown_reference", details: { hint: "Did you mean comments?" } },
		],
		["posts/9/comments", 404, { code: "not_found" }],
		["posts/x/comments", 400, { code: "bad_id" }],
		["nope/1/comments", 404, { code: "unknown_entity" }],
		["posts/1/comments?limit=5", 400, { code: "bad_query" }],
		["posts/1/comments?cursor=x", 400, { code: "bad_cursor" }],
		["posts/1/title", 404, { code: "unknown_reference" }],
		["postsTags/1/post", 400, { code: "no_single_key" }],
	])("%s is a %i", async (path, status, problem) => {
		const { get } = await relatedRows();
		const answer = await get(path);
		expect([answer.status, JSON.parse(answer.text)]).toEqual([
			status,
			expect.objectContaining(problem),
		]);
	});

	test("a cursor of one row's is not another's", async () => {
		const { posts } = await relatedRows();
		const { meta } = await posts.findManyByReference(1, "comments", { cursor: "", limit: 2 });
		const cursor = meta.cursor as string;
		const next = await posts.findManyByReference(1, "comments", { cursor });
		expect(next.data.map((row) => row["body"])).toEqual(["c3", "c4"]);
		await expect(posts.findManyByReference(2, "comments", { cursor })).rejects.toMatchObject({
			code: "bad_cursor",
		});
	});
});

describe("hidden fields of related rows", () => {
	test("never leave, whatever a listener replies", async () => {
		const { app, get } = await relatedRows();
		app.emgr.onEvent(
			DatabaseEvents.RepositoryFindManyBefore,
			({ params: { options } }) => ({
				...options,
				select: ["id", "secret"],
				where: { secret: "s1" },
			}),
			{ mode: "sync", entity: "authors" },
		);
		for (const path of [
			"posts?with=author",
			"posts/1?with=author",
			"posts/1/author",
			"authors/b?with=mentor",
			'comments?with={"post":{"with":"author"}}',
		]) {
			const { status, text } = await get(path);
			expect([status, text]).toEqual([200, expect.not.stringMatching(/secret|s1|s2/)]);
			expect(text).toContain('{"id":"a"');
		}
	});

	test("are no part of rows that code reads, unless it selects them", async () => {
		const { posts } = await relatedRows();
		const { data } = await posts.findOne(1, { with: { author: { select: ["secret"] } } });
		expect(data?.["author"]).toEqual({ secret: "s1" });
		const plain = await posts.findOne(1, { with: ["author"] });
		expect(plain.data?.["author"]).not.toHaveProperty("secret");
	});

	test("values leave as those of their own entity", async () => {
		const { get } = await relatedRows();
		const { text } = await get("comments/1?with=post");
		expect(text).toContain('"big":"1152921504606846976"');
	});
});

import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { describe, expect, test } from "vitest";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import { spy } from "../../../src/testing/spy.ts";
import { authors, forum, topics } from "../../support/forum-schema.ts";
import { requestOf } from "../../support/blog.ts";
import { testApp } from "../../support/test-app.ts";

const { MutatorUpdateBefore, MutatorUpdateAfter, MutatorUpdateCommit, MutatorUpdateFailed } =
	DatabaseEvents;
const TOPICS = "/api/data/entity/topics";

async function open() {
	const tested = await testApp({ schema: forum });
	await tested.app.em.mutator(topics).insertMany([{ title: "a" }, { title: "b" }]);
	const send = async (
		method: string,
		path: string,
		body?: unknown,
		headers: Record<string, string> = {},
	) => {
		const response = await tested.app.fetch(requestOf([method, path, body, headers]));
		const text_ = await response.text();
		const answer = (text_ === "" ? {} : JSON.parse(text_)) as Record<string, unknown>;
		return { status: response.status, etag: response.headers.get("etag"), body: answer };
	};
	return { ...tested, send, mutator: tested.app.em.mutator(topics) };
}

describe.each(["heard", "unheard"])("the version of a row, %s", (heard) => {
	async function prepared() {
		const tested = await open();
		if (heard === "heard") tested.app.emgr.on("data.**", () => {}, "sync");
		return tested;
	}

	test("begins at 1, and counts every update, also in bulk", async () => {
		const { mutator, rows } = await prepared();
		expect((await mutator.updateOne(1, { title: "c" })).data.version).toBe(2);
		const { data } = await mutator.updateWhere({ title: "d" }, { id: { $gt: 0 } });
		expect(data.map(({ version }) => version)).toEqual([3, 2]);
		expect(await rows("select version from topics")).toEqual([[3], [2]]);
	});

	test("in the data has to be the current one", async () => {
		const { mutator, rows } = await prepared();
		await mutator.updateOne(1, { title: "c", version: 1 });
		await expect(mutator.updateOne(1, { title: "d", version: 1 })).rejects.toMatchObject({
			code: "stale_version",
			kind: "conflict",
			message: "topics 1 has changed: its version is 2, not 1. Read it again, then repeat.",
		});
		await expect(mutator.updateOne(1, { version: 1 })).rejects.toMatchObject({
			code: "stale_version",
		});
		await expect(mutator.updateOne(9, { title: "x", version: 1 })).rejects.toMatchObject({
			code: "not_found",
		});
		expect(await rows("select title, version from topics")).toEqual([
			["c", 2],
			["b", 1],
		]);
	});

	test("may not stand in a bulk update", async () => {
		const { mutator } = await prepared();
		await expect(
			mutator.updateWhere({ title: "x", version: 1 }, { id: { $gt: 0 } }),
		).rejects.toMatchObject({ errors: [{ path: "update.version", code: "read_only" }] });
	});

	test("is looked at by updates that only write relations, and by units", async () => {
		const { app, counts } = await prepared();
		const stale = { code: "stale_version" };
		const write = { version: 7, comments: { $create: { body: "x" } } };
		await expect(app.em.mutator("topics").updateOne(1, write)).rejects.toMatchObject(stale);
		await expect(
			app.em.atomic(async (unit) => {
				await unit.mutator(authors).insertOne({ name: "Ada" });
				await unit.mutator(topics).updateOne(1, { version: 7 });
			}),
		).rejects.toMatchObject(stale);
		await app.em.mutator("topics").updateOne(1, { ...write, version: 1 });
		expect(await counts()).toMatchObject({ comments: 1, authors: 0 });
	});

	test("as If-Match: 412 when it is stale, for updates and deletes", async () => {
		const { send } = await prepared();
		const stale = { "if-match": '"9"' };
		const current = { "if-match": 'W/"1", "7", "1"' };
		const refused = {
			status: 412,
			body: {
				code: "precondition_failed",
				detail: "If-Match does not hold for topics 1: its version is 1.",
			},
		};
		expect(await send("PATCH", `${TOPICS}/1`, { title: "x" }, stale)).toMatchObject(refused);
		expect(await send("PATCH", `${TOPICS}/1`, {}, stale)).toMatchObject(refused);
		expect(await send("DELETE", `${TOPICS}/1`, undefined, stale)).toMatchObject(refused);
		expect((await send("DELETE", `${TOPICS}/9`, undefined, stale)).status).toBe(404);
		expect((await send("PATCH", `${TOPICS}/9`, { title: "x" }, stale)).status).toBe(404);
		expect(await send("PATCH", `${TOPICS}/1`, { title: "x" }, current)).toMatchObject({
			status: 200,
			etag: '"2"',
		});
		const any = { "if-match": "*" };
		expect((await send("PATCH", `${TOPICS}/1`, { title: "y" }, any)).etag).toBe('"3"');
		const weak = { "if-match": 'W/"3"' };
		expect((await send("DELETE", `${TOPICS}/1`, undefined, weak)).status).toBe(412);
		const right = { "if-match": '"3"' };
		expect((await send("DELETE", `${TOPICS}/1`, undefined, right)).status).toBe(200);
	});

	test("as If-Match without quotes: 400, as it names no entity tag", async () => {
		const { send } = await prepared();
		for (const header of ["1", '"1', '"1" "2"', "", "1, *"]) {
			const match = { "if-match": header };
			const answer = await send("PATCH", `${TOPICS}/1`, { title: "x" }, match);
			expect([header, answer.status, answer.body.code]).toEqual([header, 400, "bad_if_match"]);
		}
	});

	test("as If-Match of a write that is not about one row: 412, not a write without it", async () => {
		const { send } = await prepared();
		const match = { "if-match": '"1"' };
		const refused = { status: 412, body: { code: "no_row_to_match" } };
		const where = { id: 1 };
		const update = { update: { title: "x" }, where };
		expect(await send("PATCH", TOPICS, update, match)).toMatchObject(refused);
		expect(await send("DELETE", TOPICS, where, match)).toMatchObject(refused);
		expect(await send("POST", TOPICS, { title: "x" }, match)).toMatchObject(refused);
		expect((await send("PATCH", TOPICS, update, { "if-match": "*" })).status).toBe(200);
	});

	test("as If-Match and in the data: each is told by its own status", async () => {
		const { send } = await prepared();
		const match = { "if-match": '"1"' };
		const both = await send("PATCH", `${TOPICS}/1`, { title: "x", version: 2 }, match);
		expect([both.status, both.body.code]).toEqual([409, "stale_version"]);
	});
});

describe("ETag", () => {
	test("comes with one row, and answers If-None-Match with 304", async () => {
		const { send } = await open();
		expect((await send("POST", TOPICS, { title: "c" })).etag).toBe('"1"');
		const read = await send("GET", `${TOPICS}/1`);
		expect([read.status, read.etag]).toEqual([200, '"1"']);
		for (const known of ['"1"', '"5", W/"1"', "*"]) {
			const again = await send("GET", `${TOPICS}/1`, undefined, { "if-none-match": known });
			expect(again).toEqual({ status: 304, etag: '"1"', body: {} });
		}
		await send("PATCH", `${TOPICS}/1`, { title: "new" });
		const changed = await send("GET", `${TOPICS}/1`, undefined, { "if-none-match": '"1"' });
		expect([changed.status, changed.etag]).toEqual([200, '"2"']);
		expect((await send("GET", `${TOPICS}?limit=1`)).etag).toBe(null);
		expect((await send("GET", `${TOPICS}/1?select=title`)).etag).toBe(null);
	});

	test("is none where rows have no version, and If-Match says why it fails", async () => {
		const { send, app } = await open();
		await app.em.mutator(authors).insertOne({ name: "Ada" });
		const path = "/api/data/entity/authors/1";
		expect((await send("GET", path)).etag).toBe(null);
		for (const [method, body] of [
			["PATCH", { name: "x" }],
			["DELETE", undefined],
		] as const) {
			expect(await send(method, path, body, { "if-match": '"1"' })).toMatchObject({
				status: 412,
				body: { detail: expect.stringContaining("authors has no version field") as string },
			});
		}
		expect((await send("PATCH", path, { name: "x" }, { "if-match": "*" })).status).toBe(200);
	});
});

test("a stale update stores nothing of what commit listeners added, and is told as failed", async () => {
	const { app, mutator, counts } = await open();
	app.emgr.onEvent(
		MutatorUpdateCommit,
		({ params: { batch } }) => {
			batch.before({ sql: "insert into audit (what) values ('before')" });
			batch.add({ sql: "insert into audit (what) values ('after')" });
		},
		"sync",
	);
	const failed: unknown[] = [];
	app.emgr.onEvent(
		MutatorUpdateFailed,
		({ params }) => void failed.push((params.error as { code: string }).code),
		"sync",
	);
	await expect(mutator.updateOne(1, { title: "x", version: 5 })).rejects.toMatchObject({
		code: "stale_version",
	});
	expect([failed, (await counts()).audit]).toEqual([["stale_version"], 0]);
});

test("listeners neither see nor set the version of an update; after-events have the stored one", async () => {
	const { app, mutator } = await open();
	const seen: unknown[] = [];
	app.emgr.onEvent(
		MutatorUpdateBefore,
		({ params }) => {
			seen.push({ ...params.data });
			return { ...params.data, version: 99 };
		},
		{ mode: "sync", entity: topics },
	);
	app.emgr.onEvent(
		MutatorUpdateAfter,
		({ params }) => void seen.push(params.changed, params.data.version),
		{ mode: "sync", entity: topics },
	);
	await mutator.updateOne(1, { title: "x", version: 1 });
	expect(seen).toEqual([{ title: "x" }, { title: "x" }, 2]);
});

test("of concurrent updates that saw the same version one is stored", async () => {
	const { mutator, app } = await open();
	using events = spy(app.emgr);
	const results = await Promise.allSettled(
		["x", "y", "z"].map((title) => mutator.updateOne(1, { title, version: 1 })),
	);
	expect(results.map(({ status }) => status).toSorted()).toEqual([
		"fulfilled",
		"rejected",
		"rejected",
	]);
	expect(events.count("data.topics.update.after")).toBe(1);
});

test("a version without a default begins at 1, and the config may name another field", async () => {
	const things = sqliteTable("things", {
		id: integer("id").primaryKey(),
		name: text("name"),
		revision: integer("revision").notNull(),
	});
	const { app } = await testApp({
		schema: { things },
		entities: { things: { version: "revision" } },
	});
	const { data } = await app.em.mutator("things").insertOne({ name: "a" });
	expect(data).toMatchObject({ revision: 1 });
	expect((await app.em.mutator("things").updateOne(1, { name: "b" })).data).toMatchObject({
		revision: 2,
	});
});

test("the access rule is asked for rows that are written through relations", async () => {
	const asked: string[] = [];
	const { request } = await testApp({
		schema: forum,
		server: {
			access: (_request, { entity, action }) => {
				asked.push(`${action} ${entity}`);
				return `${action} ${entity}` !== "create authors";
			},
		},
	});
	const body = { title: "t", author: { $create: { name: "Ada" } }, tags: { $create: { id: "a" } } };
	expect((await request("POST", TOPICS, body)).status).toBeGreaterThanOrEqual(401);
	expect(asked).toEqual(["create topics", "create authors"]);
	expect((await request("POST", TOPICS, { ...body, author: undefined })).status).toBe(201);
	expect(asked.slice(2)).toEqual(["create topics", "create tags", "create topicTags"]);
});

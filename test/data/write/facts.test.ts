import { describe, expect, test } from "vitest";
import { databaseErrors } from "../../../src/data/database-error.ts";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import type { Statement } from "../../../src/data/database.ts";
import { AppError } from "../../../src/kernel/error.ts";
import { openDatabase } from "../../../src/runtime/node/open-database.ts";
import { CountedDatabase } from "../../support/counted-database.ts";
import { audit, journal, posts } from "../../support/journal-schema.ts";
import { testApp } from "../../support/test-app.ts";

const {
	MutatorInsertBefore,
	MutatorInsertCommit,
	MutatorInsertAfter,
	MutatorInsertFailed,
	MutatorDeleteFailed,
	MutatorUpdateFailed,
} = DatabaseEvents;

const open = () => testApp({ schema: journal });

/** A database that is lost as soon as a statement has failed. */
class LostDatabase extends CountedDatabase {
	#lost = false;

	override all(statement: Statement) {
		if (this.#lost) throw databaseErrors.create("database_unavailable", {});
		try {
			return super.all(statement);
		} catch (error) {
			this.#lost = true;
			throw error;
		}
	}
}

describe("an error of an after-listener", () => {
	test("is a warning: the row is stored, and later listeners still run", async () => {
		const { app, counts, logs } = await open();
		const ran: string[] = [];
		app.emgr.onEvent(
			MutatorInsertAfter,
			() => {
				ran.push("first");
				throw new Error("secret");
			},
			{ mode: "sync", id: "first" },
		);
		app.emgr.onEvent(
			MutatorInsertAfter,
			async () => {
				ran.push("second");
				throw new AppError("invalid", "Said aloud.");
			},
			{ mode: "sync", id: "second" },
		);
		app.emgr.onEvent(MutatorInsertAfter, () => void ran.push("third"), "sync");
		const { data, meta } = await app.em.mutator(posts).insertOne({ title: "a" });
		expect(data.id).toBe(1);
		expect(meta).toEqual({
			items: 1,
			warnings: [
				{
					code: "listener_failed",
					event: "mutator-insert-after",
					listener: "first",
					message: "A listener failed.",
				},
				{
					code: "listener_failed",
					event: "mutator-insert-after",
					listener: "second",
					message: "Said aloud.",
				},
			],
		});
		expect(ran).toEqual(["first", "second", "third"]);
		expect(await counts()).toMatchObject({ posts: 1 });
		expect(logs.filter(({ level }) => level === "error" || level === "warn")).toHaveLength(2);
	});

	test("of a failed-listener does not hide the failure", async () => {
		const { app } = await open();
		app.emgr.onEvent(
			MutatorInsertFailed,
			() => {
				throw new Error("another");
			},
			"sync",
		);
		await expect(
			app.em.mutator("posts").insertOne({ title: "a", views: -1 }),
		).rejects.toMatchObject({ code: "invalid_data", errors: [{ code: "check" }] });
	});
});

test("a write whose failure cannot be explained tells its failed-listeners all the same", async () => {
	const { app } = await testApp({
		schema: journal,
		connection: new LostDatabase(openDatabase({ url: ":memory:" })),
	});
	const told: unknown[] = [];
	app.emgr.onEvent(MutatorInsertFailed, ({ params }) => void told.push(params.error), "sync");
	const twice = [
		{ title: "a", urlSlug: "same" },
		{ title: "b", urlSlug: "same" },
	];
	await expect(app.em.mutator(posts).insertMany(twice)).rejects.toMatchObject({
		code: "database_unavailable",
	});
	expect(told).toEqual([expect.objectContaining({ code: "database_unavailable" })]);
});

describe("async listeners", () => {
	test("hear the final before-event, the attempt also of a write that fails, and no reply of theirs counts", async () => {
		const { app, settle, logs } = await open();
		const heard: unknown[] = [];
		app.emgr.onEvent(
			MutatorInsertBefore,
			({ params }) => {
				heard.push(params.data);
				return { title: "ignored" };
			},
			{ entity: posts, id: "late" },
		);
		app.emgr.onEvent(MutatorInsertBefore, ({ params }) => ({ ...params.data, title: "final" }), {
			mode: "sync",
			entity: posts,
		});
		const { data } = await app.em.mutator(posts).insertOne({ title: "first" });
		expect([data.title, heard]).toEqual(["final", []]);
		await expect(app.em.mutator("posts").insertOne({ title: "b", views: -1 })).rejects.toThrow(
			"posts_views_positive",
		);
		await settle();
		expect(heard).toEqual([{ title: "final" }, { title: "final", views: -1 }]);
		expect(logs.filter(({ fields }) => fields.listener === "late")).toHaveLength(1);
	});

	test("run after the write, on their own: a throw is logged and warns nobody", async () => {
		const { app, settle, logs } = await open();
		const order: string[] = [];
		app.emgr.onEvent(MutatorInsertAfter, () => {
			order.push("async");
			throw new Error("late");
		});
		app.emgr.onEvent(MutatorInsertAfter, () => void order.push("sync"), "sync");
		const { meta } = await app.em.mutator(posts).insertOne({ title: "a" });
		order.push("answered");
		await settle();
		expect(order).toEqual(["sync", "answered", "async"]);
		expect(meta).toEqual({ items: 1 });
		expect(logs.map(({ level }) => level)).toEqual(["error"]);
	});

	test("cannot listen to commits, nor can a commit listener return a promise", async () => {
		const { app, counts } = await open();
		expect(() => app.emgr.onEvent(MutatorInsertCommit, () => {})).toThrow(
			expect.objectContaining({ code: "sync_only" }),
		);
		app.emgr.onEvent(MutatorInsertCommit, async () => {}, "sync");
		await expect(app.em.mutator(posts).insertOne({ title: "a" })).rejects.toMatchObject({
			code: "promise_in_commit",
		});
		expect(await counts()).toMatchObject({ posts: 0 });
	});
});

describe("failed-events", () => {
	test.each([
		["a missing value", { views: 1 }, "invalid_data"],
		["a check", { title: "a", views: -1 }, "invalid_data"],
		["a duplicate", { title: "a", urlSlug: "taken" }, "already_exists"],
	])("tell of %s, with the rows and the error that was thrown", async (_, row, code) => {
		const { app } = await open();
		await app.em.mutator(posts).insertOne({ title: "x", urlSlug: "taken" });
		const failed: { rows: readonly unknown[]; error: unknown }[] = [];
		app.emgr.onEvent(
			MutatorInsertFailed,
			({ params }) => {
				failed.push({ rows: params.rows.map(({ data }) => ({ ...data })), error: params.error });
			},
			{ mode: "sync", entity: posts },
		);
		const error = await app.em
			.mutator("posts")
			.insertOne(row)
			.catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ code });
		expect(failed).toEqual([{ rows: [expect.objectContaining(row)], error }]);
		expect(failed[0]?.error).toBe(error);
	});

	test("of updates and deletes name the ids", async () => {
		const { app } = await open();
		await app.em.mutator(posts).insertMany([{ title: "a" }, { title: "b" }]);
		await app.em.mutator("comments").insertOne({ postId: 1, body: "x" });
		const failed: unknown[] = [];
		for (const event of [MutatorUpdateFailed, MutatorDeleteFailed]) {
			app.emgr.onEvent(
				event,
				({ params }) => {
					failed.push(params.rows.map((row) => row.entityId));
				},
				"sync",
			);
		}
		const mutator = app.em.mutator(posts);
		await expect(mutator.updateWhere({ views: -1 }, { id: { $gt: 0 } })).rejects.toThrow(
			"posts_views_positive",
		);
		await expect(mutator.deleteOne(1)).rejects.toMatchObject({ code: "bad_reference" });
		expect(failed).toEqual([[1, 2], [1]]);
	});
});

describe("errors of the engine", () => {
	const open = async () => {
		const tested = await testApp({ schema: journal });
		await tested.app.em.mutator(posts).insertOne({ title: "one", urlSlug: "secret-slug" });
		return tested;
	};

	test.each([
		{
			what: "a unique field",
			entity: "posts",
			row: { title: "a", urlSlug: "secret-slug" },
			error: {
				kind: "conflict",
				code: "already_exists",
				message: "posts has a row with this urlSlug already.",
				errors: [{ path: "urlSlug", message: "Is taken already.", code: "unique" }],
			},
		},
		{
			what: "a taken key",
			entity: "posts",
			row: { title: "a", id: 1 },
			error: {
				kind: "conflict",
				errors: [{ path: "id", message: "Is taken already.", code: "unique" }],
			},
		},
		{
			what: "a reference to nothing",
			entity: "comments",
			row: { postId: 777_777_777, body: "secret-body" },
			error: { kind: "conflict", code: "bad_reference" },
		},
		{
			what: "a named check",
			entity: "posts",
			row: { title: "a", views: -99 },
			error: {
				kind: "invalid",
				code: "invalid_data",
				errors: [{ path: "", message: "Violates posts_views_positive.", code: "check" }],
			},
		},
	])("of $what name property keys, and neither SQL nor values", async ({ entity, row, error }) => {
		const { app, request } = await open();
		const thrown = await app.em
			.mutator(entity)
			.insertOne(row)
			.catch((failure: unknown) => failure);
		expect(thrown).toMatchObject(error);
		const response = await request("POST", `/api/data/entity/${entity}`, row);
		const text = await response.text();
		for (const secret of [
			"secret",
			"url_slug",
			"post_id",
			"view_count",
			"-99",
			"insert",
			"777777777",
		]) {
			expect(text).not.toContain(secret);
		}
	});

	test("of a check without a name keep its expression inside", async () => {
		const { app } = await open();
		await app.database.batch([
			{ sql: "drop table comments", params: [] },
			{
				sql: "create table comments (id integer primary key, post_id integer not null, body text not null check (body <> 'hidden rule'))",
				params: [],
			},
		]);
		const thrown = await app.em
			.mutator("comments")
			.insertOne({ postId: 1, body: "hidden rule" })
			.catch((e: unknown) => e);
		expect(thrown).toMatchObject({
			errors: [{ path: "", message: "Violates a check of the table.", code: "check" }],
		});
	});

	test("of a required column that the schema thinks optional name its field", async () => {
		const { app } = await open();
		await app.database.batch([
			{ sql: "drop table audit", params: [] },
			{
				sql: "create table audit (id integer primary key, action text, subject text not null, number integer)",
				params: [],
			},
		]);
		await expect(app.em.mutator(audit).insertOne({ action: "x" })).rejects.toMatchObject({
			kind: "invalid",
			errors: [{ path: "subject", message: "A value is required.", code: "not_null" }],
		});
	});

	test("of a commit listener's own table do not blame the entity", async () => {
		const { app, counts } = await open();
		await app.em.mutator(audit).insertOne({ action: "x", subject: "taken" });
		app.emgr.onEvent(
			MutatorInsertCommit,
			({ params: { batch } }) => {
				batch.add(app.db.insert(audit).values({ action: "y", subject: "taken" }));
			},
			{ mode: "sync", entity: posts },
		);
		await expect(app.em.mutator(posts).insertOne({ title: "a" })).rejects.toMatchObject({
			kind: "conflict",
			code: "unique",
			message: "Another row has this value already.",
			errors: undefined,
		});
		expect(await counts()).toEqual({ posts: 1, comments: 0, audit: 1 });
	});
});

import { describe, expect, test } from "vitest";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import { spy } from "../../../src/testing/spy.ts";
import { audit, journal, posts } from "../../support/journal-schema.ts";
import { testApp } from "../../support/test-app.ts";

const {
	MutatorInsertBefore,
	MutatorInsertCommit,
	MutatorInsertAfter,
	MutatorUpdateBefore,
	MutatorUpdateCommit,
	MutatorUpdateAfter,
	MutatorDeleteBefore,
	MutatorDeleteAfter,
} = DatabaseEvents;

const titles = (count: number) => Array.from({ length: count }, (_, at) => ({ title: `t${at}` }));

async function withPosts(count: number) {
	const tested = await testApp({ schema: journal });
	if (count > 0) await tested.app.em.mutator(posts).insertMany(titles(count));
	return tested;
}

describe("many rows", () => {
	test("are inserted with a before and an after each, and one commit for all", async () => {
		const { app } = await withPosts(0);
		using events = spy(app.emgr);
		const statements: unknown[] = [];
		app.emgr.onEvent(
			MutatorInsertCommit,
			({ params }) => void statements.push(params.rows.length),
			"sync",
		);
		await app.em.mutator(posts).insertMany(titles(3));
		expect(events.slugs).toEqual([
			...Array<string>(3).fill("mutator-insert-before"),
			"mutator-insert-commit",
			...Array<string>(3).fill("mutator-insert-after"),
		]);
		expect(statements).toEqual([3]);
	});

	test("each have their own data: what a listener writes into one stays there", async () => {
		const { app } = await withPosts(0);
		const same = { title: "same" };
		app.emgr.onEvent(
			MutatorInsertBefore,
			({ params }) => {
				params.data.views = (params.data.views ?? 0) + 1;
			},
			{ mode: "sync", entity: posts },
		);
		const { data } = await app.em.mutator(posts).insertMany([same, same, same]);
		expect(data.map((row) => row.views)).toEqual([1, 1, 1]);
		expect(same).toEqual({ title: "same" });
	});

	test("are answered in the order of the input, whatever they bring", async () => {
		const { app } = await withPosts(0);
		const inputs = Array.from({ length: 40 }, (_, at) => ({
			title: `t${at}`,
			...(at % 3 === 0 ? { id: 500 - at } : {}),
			...(at % 2 === 0 ? { views: at } : {}),
			...(at % 5 === 0 ? { urlSlug: `s${at}` } : {}),
		}));
		const after: unknown[] = [];
		app.emgr.onEvent(MutatorInsertAfter, ({ params }) => void after.push(params.data.title), {
			mode: "sync",
			entity: posts,
		});
		const { data } = await app.em.mutator(posts).insertMany(inputs);
		expect(data.map((row) => row.title)).toEqual(inputs.map((row) => row.title));
		expect(after).toEqual(inputs.map((row) => row.title));
		for (const [at, row] of data.entries()) expect(row).toMatchObject(inputs[at] ?? {});
	});

	test("none at all is fine", async () => {
		const { app } = await withPosts(0);
		using events = spy(app.emgr);
		expect(await app.em.mutator(posts).insertMany([])).toEqual({
			data: [],
			meta: { items: 0, results: [] },
		});
		expect(events.slugs).toEqual([]);
	});

	test("are refused over the limit before any listener, a thousand are stored", async () => {
		const { app, counts } = await withPosts(0);
		using events = spy(app.emgr);
		const mutator = app.em.mutator(posts);
		const tooMany = { code: "too_many_rows", kind: "too_large" };
		await expect(mutator.insertMany(titles(1001))).rejects.toMatchObject(tooMany);
		expect(events.slugs).toEqual([]);
		expect((await mutator.insertMany(titles(1000))).meta.items).toBe(1000);
		await mutator.insertOne({ title: "one more" });
		events.clear();
		await expect(mutator.updateWhere({ views: 1 }, { id: { $gt: 0 } })).rejects.toMatchObject(
			tooMany,
		);
		await expect(mutator.deleteWhere({ id: { $gt: 0 } })).rejects.toMatchObject(tooMany);
		expect(events.slugs).toEqual([]);
		expect(await counts()).toMatchObject({ posts: 1001 });
		expect((await mutator.deleteWhere({ id: { $gt: 1 } })).meta.items).toBe(1000);
	});

	test("are limited the same when nobody listens, and as configured", async () => {
		const { app, counts } = await testApp({ schema: journal, limits: { bulkRows: 3 } });
		const mutator = app.em.mutator(posts);
		await mutator.insertMany(titles(3));
		await mutator.insertOne({ title: "four" });
		for (const call of [
			() => mutator.insertMany(titles(4)),
			() => mutator.updateWhere({ views: 9 }, { id: { $gt: 0 } }),
			() => mutator.deleteWhere({ id: { $gt: 0 } }),
		]) {
			await expect(call()).rejects.toMatchObject({ code: "too_many_rows" });
		}
		expect(await counts()).toMatchObject({ posts: 4 });
		expect(await app.em.repository(posts).count({ views: 9 })).toEqual({ count: 0 });
	});
});

describe.each(["heard", "unheard"])("writes by where, %s", (heard) => {
	async function open() {
		const tested = await withPosts(0);
		await tested.app.em.mutator(posts).insertMany([
			{ title: "a", views: 30 },
			{ title: "b", views: 10 },
			{ title: "c", views: 20 },
			{ title: "d", views: 0 },
		]);
		if (heard === "heard") tested.app.emgr.on("data.posts.*.before", () => {}, "sync");
		return tested;
	}

	test("update all rows that match, and answer them by key", async () => {
		const { app } = await open();
		const { data, meta } = await app.em
			.mutator(posts)
			.updateWhere({ status: "live" }, { views: { $gt: 5 } });
		expect(data.map(({ id, status }) => [id, status])).toEqual([
			[1, "live"],
			[2, "live"],
			[3, "live"],
		]);
		expect(meta).toEqual({ items: 3, results: ["updated", "updated", "updated"] });
	});

	test("delete all rows that match, and answer them by key", async () => {
		const { app, counts } = await open();
		const { data } = await app.em.mutator(posts).deleteWhere({ views: { $between: [10, 30] } });
		expect(data.map((row) => row.title)).toEqual(["a", "b", "c"]);
		expect(await counts()).toMatchObject({ posts: 1 });
	});

	test("that match nothing change nothing", async () => {
		const { app } = await open();
		const mutator = app.em.mutator(posts);
		const nothing = { data: [], meta: { items: 0, results: [] } };
		expect(await mutator.updateWhere({ views: 1 }, { title: "none" })).toEqual(nothing);
		expect(await mutator.deleteWhere({ title: "none" })).toEqual(nothing);
		expect((await mutator.updateWhere({}, { id: { $gt: 0 } })).meta).toEqual({
			items: 4,
			results: ["unchanged", "unchanged", "unchanged", "unchanged"],
		});
	});

	test("are all or nothing", async () => {
		const { app, rows } = await open();
		const before = await rows("select * from posts");
		const slug = { urlSlug: "same" };
		await expect(app.em.mutator(posts).updateWhere(slug, { id: { $gt: 1 } })).rejects.toMatchObject(
			{
				code: "already_exists",
			},
		);
		expect(await rows("select * from posts")).toEqual(before);
	});

	test.each([[undefined], [null], [{}], [{ $and: [] }], [{ title: {} }]])(
		"need a where that tests something: not %o",
		async (where) => {
			const { app } = await open();
			const mutator = app.em.mutator(posts);
			const refused = { code: "where_required", kind: "malformed" };
			await expect(mutator.updateWhere({ views: 1 }, where as never)).rejects.toMatchObject(
				refused,
			);
			await expect(mutator.deleteWhere(where as never)).rejects.toMatchObject(refused);
		},
	);

	test("name the faults of the data and of the where by their paths", async () => {
		const { app } = await open();
		const mutator = app.em.mutator("posts");
		await expect(mutator.updateWhere({ vews: 1, status: "x" }, { id: 1 })).rejects.toMatchObject({
			errors: [{ path: "update.vews" }],
		});
		await expect(mutator.updateWhere({ status: "x" }, { id: 1 })).rejects.toMatchObject({
			errors: [{ path: "update.status", code: "enum" }],
		});
		await expect(mutator.deleteWhere({ nope: 1 })).rejects.toMatchObject({
			code: "bad_query",
			errors: [{ path: "where.nope" }],
		});
	});
});

describe("a bulk update with listeners", () => {
	test("keeps each row's own reply, in as few statements as there are sets of fields", async () => {
		const { app, rows } = await withPosts(4);
		app.emgr.onEvent(
			MutatorUpdateBefore,
			({ params }) =>
				Number(params.entityId) % 2 === 0
					? { views: Number(params.entityId) * 10 }
					: { title: `T${Number(params.entityId)}` },
			{ mode: "sync", entity: posts },
		);
		const changes: unknown[] = [];
		app.emgr.onEvent(
			MutatorUpdateAfter,
			({ params }) => {
				changes.push([params.entityId, Object.keys(params.changed), params.previous?.title]);
			},
			{ mode: "sync", entity: posts, previous: true },
		);
		await app.em.mutator(posts).updateWhere({ title: "x" }, { id: { $lte: 4 } });
		expect(await rows("select id, title, view_count from posts")).toEqual([
			[1, "T1", 0],
			[2, "t1", 20],
			[3, "T3", 0],
			[4, "t3", 40],
		]);
		expect(changes).toEqual([
			[1, ["title", "touched"], "t0"],
			[2, ["views", "touched"], "t1"],
			[3, ["title", "touched"], "t2"],
			[4, ["views", "touched"], "t3"],
		]);
	});

	test("stores nothing when a row was deleted meanwhile", async () => {
		const { app, rows, counts } = await withPosts(3);
		app.emgr.onEvent(
			MutatorUpdateCommit,
			({ params: { batch } }) => {
				batch.before(app.db.insert(audit).values({ action: "update" }));
				batch.before({ sql: "delete from posts where id = 2" });
			},
			"sync",
		);
		await expect(
			app.em.mutator(posts).updateWhere({ views: 5 }, { id: { $gt: 0 } }),
		).rejects.toMatchObject({ code: "changed_meanwhile", kind: "conflict" });
		expect(await rows("select view_count from posts")).toEqual([[0], [0], [0]]);
		expect(await counts()).toMatchObject({ audit: 0 });
	});

	test("a fault in one reply refuses all", async () => {
		const { app, rows } = await withPosts(3);
		app.emgr.onEvent(
			MutatorUpdateBefore,
			({ params }) => (params.entityId === 2 ? { views: "x" } : { views: 1 }) as never,
			"sync",
		);
		await expect(
			app.em.mutator(posts).updateWhere({ title: "y" }, { id: { $gt: 0 } }),
		).rejects.toMatchObject({
			errors: [{ path: "update.views" }],
		});
		expect(await rows("select view_count from posts")).toEqual([[0], [0], [0]]);
	});
});

describe("preventDefault", () => {
	test("of an insert stores nothing, and answers null", async () => {
		const { app, counts } = await withPosts(0);
		app.emgr.onEvent(MutatorInsertBefore, (event) => event.preventDefault(), "sync");
		using events = spy(app.emgr);
		const { data, meta } = await app.em.mutator(posts).insertOne({ title: "a" });
		expect([data, meta]).toEqual([null, { items: 0, prevented: true }]);
		expect(events.slugs).toEqual(["mutator-insert-before"]);
		expect(await counts()).toMatchObject({ posts: 0 });
	});

	test("of some rows of a bulk insert leaves null in their places", async () => {
		const { app } = await withPosts(0);
		app.emgr.onEvent(
			MutatorInsertBefore,
			(event) => {
				if (event.params.data.title === "t1") event.preventDefault();
			},
			{ mode: "sync", entity: posts },
		);
		const { data, meta } = await app.em.mutator(posts).insertMany(titles(3));
		expect(data.map((row) => row?.title ?? null)).toEqual(["t0", null, "t2"]);
		const results = ["inserted", "prevented", "inserted"];
		expect(meta).toEqual({ items: 2, prevented: true, results });
	});

	test("of an update or a delete answers the row as it is, or that there is none", async () => {
		const { app, counts } = await withPosts(1);
		app.emgr.on(
			["mutator-update-before", "mutator-delete-before"],
			(event) => event.preventDefault(),
			"sync",
		);
		using events = spy(app.emgr);
		const mutator = app.em.mutator(posts);
		const updated = await mutator.updateOne(1, { title: "new" });
		const deleted = await mutator.deleteOne(1);
		for (const { data, meta } of [updated, deleted]) {
			expect([data.title, meta]).toEqual(["t0", { items: 1, prevented: true }]);
		}
		await expect(mutator.updateOne(9, { title: "x" })).rejects.toMatchObject({ code: "not_found" });
		await expect(mutator.deleteOne(9)).rejects.toMatchObject({ code: "not_found" });
		expect(events.slugs.filter((slug) => !slug.endsWith("-before"))).toEqual([]);
		expect(await counts()).toMatchObject({ posts: 1 });
	});

	test("of some rows of a bulk write leaves those as they are", async () => {
		const { app, rows } = await withPosts(4);
		const prevent = (event: { params: { entityId: unknown }; preventDefault(): void }) => {
			if (event.params.entityId === 2) event.preventDefault();
		};
		app.emgr.onEvent(MutatorUpdateBefore, prevent, "sync");
		app.emgr.onEvent(MutatorDeleteBefore, prevent, "sync");
		const deleted: unknown[] = [];
		app.emgr.onEvent(
			MutatorDeleteAfter,
			({ params }) => void deleted.push(params.entityId),
			"sync",
		);
		const mutator = app.em.mutator(posts);
		const updated = await mutator.updateWhere({ views: 7 }, { id: { $lt: 4 } });
		expect(updated.data.map(({ id, views }) => [id, views])).toEqual([
			[1, 7],
			[2, 0],
			[3, 7],
		]);
		const outcomes = ["updated", "prevented", "updated"];
		expect(updated.meta).toEqual({ items: 3, prevented: true, results: outcomes });
		const removed = await mutator.deleteWhere({ id: { $lt: 4 } });
		expect(removed.data.map(({ id }) => id)).toEqual([1, 2, 3]);
		expect(removed.meta).toEqual({
			items: 3,
			prevented: true,
			results: ["deleted", "prevented", "deleted"],
		});
		expect(await rows("select id from posts")).toEqual([[2], [4]]);
		expect(deleted).toEqual([1, 3]);
	});
});

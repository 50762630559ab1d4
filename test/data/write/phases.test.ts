import { beforeEach, describe, expect, test } from "vitest";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import { spy } from "../../../src/testing/spy.ts";
import { computed, journal, posts } from "../../support/journal-schema.ts";
import { testApp } from "../../support/test-app.ts";

const {
	MutatorInsertBefore,
	MutatorInsertCommit,
	MutatorInsertAfter,
	MutatorUpdateBefore,
	MutatorUpdateCommit,
	MutatorUpdateAfter,
	MutatorDeleteBefore,
	MutatorDeleteCommit,
	MutatorDeleteAfter,
} = DatabaseEvents;

beforeEach(() => {
	computed.made = 0;
	computed.touched = 0;
});

const open = () => testApp({ schema: journal });

describe("an insert", () => {
	test("emits before, commit and after, with the input, then the stored row", async () => {
		const { app } = await open();
		const seen: unknown[] = [];
		app.emgr.onEvent(
			MutatorInsertBefore,
			(event) => {
				seen.push([event.topic, event.path, { ...event.params.data }]);
			},
			{ mode: "sync", entity: posts },
		);
		app.emgr.onEvent(
			MutatorInsertCommit,
			(event) => {
				seen.push([event.topic, event.params.rows.map((row) => ({ ...row.data }))]);
			},
			{ mode: "sync", entity: posts },
		);
		app.emgr.onEvent(
			MutatorInsertAfter,
			(event) => {
				const { entityId, data, changed } = event.params;
				seen.push([event.topic, event.path, entityId, data, { ...changed }]);
			},
			{ mode: "sync", entity: posts },
		);
		const { data, meta } = await app.em.mutator(posts).insertOne({ title: "Burrs" });
		const stored = {
			id: 1,
			title: "Burrs",
			urlSlug: null,
			status: "draft",
			views: 0,
			made: 1,
			touched: 1,
		};
		const written = { title: "Burrs", made: 1, touched: 1 };
		expect(seen).toEqual([
			["data.posts.insert.before", undefined, { title: "Burrs" }],
			["data.posts.insert.commit", [written]],
			["data.posts.insert.after", "posts/1", 1, stored, written],
		]);
		expect([data, meta]).toEqual([stored, { items: 1 }]);
	});

	test("a reply replaces the data, and a later listener gets it", async () => {
		const { app } = await open();
		const seen: unknown[] = [];
		app.emgr.onEvent(MutatorInsertBefore, () => ({ title: "One" }), {
			mode: "sync",
			entity: posts,
		});
		app.emgr.onEvent(
			MutatorInsertBefore,
			async ({ params, returned }) => {
				seen.push(params.data, returned);
				return { ...params.data, views: 7 };
			},
			{ mode: "sync", entity: posts },
		);
		const { data } = await app.em.mutator(posts).insertOne({ title: "Zero", status: "live" });
		expect(seen).toEqual([{ title: "One" }, true]);
		expect(data).toMatchObject({ title: "One", views: 7, status: "draft" });
	});

	test("a reply is decoded again: its faults are a 422 that names the path", async () => {
		const { app, counts } = await open();
		app.emgr.onEvent(
			MutatorInsertBefore,
			() => ({ title: 5, vews: 1, made: "x" }) as never,
			"sync",
		);
		const failed = spy(app.emgr);
		await expect(app.em.mutator(posts).insertOne({ title: "a" })).rejects.toMatchObject({
			code: "invalid_data",
			kind: "invalid",
			errors: [
				{ path: "title", message: "Expected text without NUL characters." },
				{ path: "vews", message: "posts has no such field. Did you mean views?" },
				{ path: "made", message: "Expected a whole number." },
			],
		});
		expect(failed.slugs).toEqual(["mutator-insert-before"]);
		expect(await counts()).toMatchObject({ posts: 0 });
	});

	test.each([[null], ["text"], [[]], [new Date(0)], [7], [false]])(
		"a reply that is no object of fields (%o) is dropped and reported",
		async (reply) => {
			const { app, logs } = await open();
			app.emgr.onEvent(MutatorInsertBefore, () => reply as never, { mode: "sync", id: "odd" });
			const { data } = await app.em.mutator(posts).insertOne({ title: "kept" });
			expect(data.title).toBe("kept");
			expect(logs.map(({ level, fields }) => [level, fields.listener])).toEqual([["warn", "odd"]]);
		},
	);

	test("what is required is asked for after the before-listeners", async () => {
		const { app } = await open();
		app.emgr.onEvent(MutatorInsertBefore, () => ({ title: "made" }), {
			mode: "sync",
			entity: posts,
		});
		expect((await app.em.mutator("posts").insertOne({})).data).toMatchObject({ title: "made" });
	});

	test("length and enum are checked after the before-listeners, and after the defaults", async () => {
		const { app } = await open();
		const long = { title: "x".repeat(21), status: "gone" };
		await expect(app.em.mutator("posts").insertOne(long)).rejects.toMatchObject({
			errors: [
				{ path: "title", code: "length" },
				{ path: "status", code: "enum" },
			],
		});
		app.emgr.onEvent(MutatorInsertBefore, () => ({ title: "short" }), {
			mode: "sync",
			entity: posts,
		});
		expect((await app.em.mutator("posts").insertOne(long)).data).toMatchObject({ title: "short" });
	});

	test("unknown fields and wrong types are refused before any listener", async () => {
		const { app } = await open();
		const events = spy(app.emgr);
		const bad = { title: 1, nope: 2 };
		await expect(app.em.mutator("posts").insertOne(bad)).rejects.toMatchObject({
			errors: [{ path: "title" }, { path: "nope" }],
		});
		expect(events.slugs).toEqual([]);
	});

	test("what is missing beside them is told with them", async () => {
		const { app } = await open();
		await expect(app.em.mutator("posts").insertOne({ views: "x" })).rejects.toMatchObject({
			errors: [{ path: "views" }, { path: "title", code: "required" }],
		});
	});

	test("defaults are computed for each row, once, and only after the before-listeners", async () => {
		const { app } = await open();
		const made: unknown[] = [];
		const subscription = app.emgr.onEvent(
			MutatorInsertBefore,
			({ params }) => {
				made.push([computed.made, "made" in params.data]);
			},
			{ mode: "sync", entity: posts },
		);
		const rows = [{ title: "a" }, { title: "b", made: 50 }, { title: "c" }];
		const { data } = await app.em.mutator(posts).insertMany(rows);
		expect(made).toEqual([
			[0, false],
			[0, true],
			[0, false],
		]);
		expect(data.map((row) => row.made)).toEqual([1, 50, 2]);
		subscription.unsubscribe();
		app.emgr.onEvent(MutatorInsertBefore, (event) => event.preventDefault(), "sync");
		await app.em.mutator(posts).insertOne({ title: "d" });
		expect(computed.made).toBe(2);
	});
});

describe("an update", () => {
	test("emits before, commit and after, with previous for who asks", async () => {
		const { app } = await open();
		await app.em.mutator(posts).insertOne({ title: "Old" });
		const seen: unknown[] = [];
		app.emgr.onEvent(
			MutatorUpdateBefore,
			async (event) => {
				const { entityId, data, previous } = event.params;
				seen.push([event.path, entityId, { ...data }, (await previous())?.title]);
			},
			{ mode: "sync", entity: posts },
		);
		app.emgr.onEvent(
			MutatorUpdateCommit,
			({ params }) => {
				seen.push(params.rows.map((row) => ({ ...row })));
			},
			{ mode: "sync", entity: posts },
		);
		app.emgr.onEvent(
			MutatorUpdateAfter,
			({ path, params }) => {
				seen.push([path, params.data.title, params.changed, params.previous?.title]);
			},
			{ mode: "sync", entity: posts, previous: true },
		);
		await app.em.mutator(posts).updateOne(1, { title: "New" });
		const changed = { title: "New", touched: 2 };
		expect(seen).toEqual([
			["posts/1", 1, { title: "New" }, "Old"],
			[{ entityId: 1, rowId: 1, data: changed }],
			["posts/1", "New", changed, "Old"],
		]);
	});

	test("previous is not read for who does not ask", async () => {
		const { app } = await open();
		await app.em.mutator(posts).insertOne({ title: "Old" });
		const seen: unknown[] = [];
		app.emgr.onEvent(
			MutatorUpdateAfter,
			({ params }) => {
				seen.push("previous" in params);
			},
			"sync",
		);
		await app.em.mutator(posts).updateOne(1, { title: "New" });
		expect(seen).toEqual([false]);
	});

	test("with nothing to change answers the row as it is", async () => {
		const { app } = await open();
		await app.em.mutator(posts).insertOne({ title: "Old" });
		const events = spy(app.emgr);
		const { data, meta } = await app.em.mutator(posts).updateOne(1, { id: 1 });
		expect([data.title, data.touched, meta]).toEqual(["Old", 1, { items: 1 }]);
		expect(events.slugs).toEqual(["mutator-update-before"]);
	});

	test("the id cannot be changed by a reply either", async () => {
		const { app } = await open();
		await app.em.mutator(posts).insertOne({ title: "Old" });
		app.emgr.onEvent(MutatorUpdateBefore, () => ({ id: 2 }) as never, "sync");
		await expect(app.em.mutator(posts).updateOne(1, { title: "x" })).rejects.toMatchObject({
			errors: [{ path: "id", code: "read_only" }],
		});
	});
});

describe("a delete", () => {
	test("emits before, commit and after, with the row that was", async () => {
		const { app } = await open();
		await app.em.mutator(posts).insertOne({ title: "Old" });
		const seen: unknown[] = [];
		app.emgr.onEvent(
			MutatorDeleteBefore,
			async ({ params, path }) => {
				seen.push([path, params.entityId, (await params.previous())?.title]);
			},
			{ mode: "sync", entity: posts },
		);
		app.emgr.onEvent(
			MutatorDeleteCommit,
			({ params }) => {
				seen.push(params.rows);
			},
			{ mode: "sync", entity: posts },
		);
		app.emgr.onEvent(
			MutatorDeleteAfter,
			({ params }) => {
				seen.push([params.entityId, params.data.title, params.changed]);
			},
			{ mode: "sync", entity: posts },
		);
		expect((await app.em.mutator(posts).deleteOne(1)).data.title).toBe("Old");
		expect(seen).toEqual([["posts/1", 1, "Old"], [{ entityId: 1, rowId: 1 }], [1, "Old", {}]]);
	});
});

import { integer, sqliteTable, text, type AnySQLiteColumn } from "drizzle-orm/sqlite-core";
import { describe, expect, test } from "vitest";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import { AppError } from "../../../src/kernel/error.ts";
import { spy, type EventSpy } from "../../../src/testing/spy.ts";
import {
	authors,
	boards,
	comments,
	forum,
	topics,
	topicTags,
	votes,
} from "../../support/forum-schema.ts";
import { testApp } from "../../support/test-app.ts";

const { MutatorDeleteBefore, MutatorDeleteAfter, MutatorUpdateBefore, MutatorUpdateAfter } =
	DatabaseEvents;
const { MutatorDeleteCommit } = DatabaseEvents;

const topicsOf = ({ events }: EventSpy) =>
	events.map(({ topic, path }) => `${topic.slice(5)} ${path ?? ""}`.trim());

async function open(limits = {}) {
	const tested = await testApp({ schema: forum, limits });
	const { em } = tested.app;
	await em.mutator(authors).insertMany([{ name: "Ada" }, { name: "Ben" }]);
	await em.mutator("topics").insertMany([
		{
			title: "t",
			authorId: 1,
			comments: {
				$create: [{ body: "one", votes: { $create: [{}, {}] } }, { body: "two" }],
			},
			tags: { $create: { id: "a" } },
		},
		{ title: "u", authorId: 1, comments: { $create: { body: "three" } } },
	]);
	return tested;
}

describe("a delete takes with it what foreign keys say", () => {
	test("with events, children after parents, however deep", async () => {
		const { app, counts } = await open();
		using events = spy(app.emgr);
		const { data } = await app.em.mutator(topics).deleteOne(1);
		expect(data.title).toBe("t");
		expect(topicsOf(events)).toEqual([
			"topics.delete.before topics/1",
			"comments.delete.before comments/1",
			"comments.delete.before comments/2",
			"topicTags.delete.before topicTags/1,a",
			"votes.delete.before votes/1",
			"votes.delete.before votes/2",
			"topics.delete.commit",
			"comments.delete.commit",
			"topicTags.delete.commit",
			"votes.delete.commit",
			"topics.delete.after topics/1",
			"comments.delete.after comments/1",
			"comments.delete.after comments/2",
			"topicTags.delete.after topicTags/1,a",
			"votes.delete.after votes/1",
			"votes.delete.after votes/2",
		]);
		expect(await counts()).toMatchObject({
			topics: 1,
			comments: 1,
			votes: 0,
			topicTags: 0,
			tags: 1,
		});
	});

	test("and after-events have the rows that were", async () => {
		const { app } = await open();
		const gone: unknown[] = [];
		app.emgr.onEvent(MutatorDeleteAfter, ({ params }) => void gone.push(params.data), {
			mode: "sync",
			entity: votes,
		});
		await app.em.mutator(topics).deleteWhere({ id: { $gt: 0 } });
		expect(gone).toEqual([
			{ id: 1, commentId: 1, authorId: null },
			{ id: 2, commentId: 1, authorId: null },
		]);
	});

	test("and what is set to null is an update, which counts the version", async () => {
		const { app, rows } = await open();
		const seen: unknown[] = [];
		for (const event of [MutatorUpdateBefore, MutatorUpdateAfter]) {
			app.emgr.onEvent(event, ({ params, path }) => void seen.push([path, { ...params.data }]), {
				mode: "sync",
				entity: topics,
			});
		}
		await app.em.mutator(authors).deleteOne(1);
		expect(seen).toEqual([
			["topics/1", { authorId: null }],
			["topics/2", { authorId: null }],
			["topics/1", { id: 1, title: "t", version: 2, authorId: null }],
			["topics/2", { id: 2, title: "u", version: 2, authorId: null }],
		]);
		expect(await rows("select author_id from topics")).toEqual([[null], [null]]);
	});

	test("left to the database where nobody listens, whose result is the same", async () => {
		const heard = await open();
		const unheard = await open();
		heard.app.emgr.on("data.**", () => {}, "sync");
		for (const { app } of [heard, unheard]) {
			await app.em.mutator(topics).deleteOne(1);
			await app.em.mutator(authors).deleteWhere({ id: 1 });
		}
		expect(await heard.counts()).toEqual(await unheard.counts());
	});

	test("where somebody listens to grandchildren only", async () => {
		const { app } = await open();
		const gone: unknown[] = [];
		app.emgr.onEvent(MutatorDeleteAfter, ({ path }) => void gone.push(path), {
			mode: "sync",
			entity: votes,
		});
		await app.em.mutator(topics).deleteOne(1);
		expect(gone).toEqual(["votes/1", "votes/2"]);
	});

	test("in trees of one entity, each row once", async () => {
		const { app, counts } = await open();
		const tree = app.em.mutator(boards);
		await tree.insertMany([
			{ id: 1, name: "root" },
			{ id: 2, name: "a", parentId: 1 },
			{ id: 3, name: "b", parentId: 1 },
			{ id: 4, name: "leaf", parentId: 2 },
			{ id: 5, name: "other" },
			{ id: 6, name: "self", parentId: 6 },
		]);
		using events = spy(app.emgr);
		const { data } = await tree.deleteWhere({ id: { $in: [1, 3, 6] } });
		expect(data.map(({ name }) => name)).toEqual(["root", "b", "self"]);
		expect(topicsOf(events).filter((one) => one.includes("after"))).toEqual(
			[1, 3, 6, 2, 4].map((id) => `boards.delete.after boards/${id}`),
		);
		expect(await counts()).toMatchObject({ boards: 1 });
	});

	test("around cycles", async () => {
		const left = sqliteTable("left", {
			id: integer("id").primaryKey(),
			rightId: integer("right_id").references((): AnySQLiteColumn => right.id, {
				onDelete: "cascade",
			}),
		});
		const right = sqliteTable("right", {
			id: integer("id").primaryKey(),
			leftId: integer("left_id").references((): AnySQLiteColumn => left.id, {
				onDelete: "cascade",
			}),
		});
		const { app, counts } = await testApp({ schema: { left, right } });
		await app.em.mutator(left).insertMany([{ id: 1 }, { id: 2 }]);
		await app.em.mutator(right).insertMany([
			{ id: 1, leftId: 1 },
			{ id: 2, leftId: 2 },
		]);
		await app.em.mutator(left).updateOne(1, { rightId: 2 });
		await app.em.mutator(left).updateOne(2, { rightId: 1 });
		using events = spy(app.emgr);
		await app.em.mutator(left).deleteOne(1);
		expect(events.count("data.*.delete.after")).toBe(4);
		expect(await counts()).toEqual({ left: 0, right: 0 });
	});

	test("and set default sets the default", async () => {
		const owners = sqliteTable("owners", { id: integer("id").primaryKey() });
		const things = sqliteTable("things", {
			id: integer("id").primaryKey(),
			name: text("name"),
			ownerId: integer("owner_id")
				.notNull()
				.default(1)
				.references(() => owners.id, { onDelete: "set default" }),
		});
		const { app, rows } = await testApp({ schema: { owners, things } });
		await app.em.mutator(owners).insertMany([{ id: 1 }, { id: 2 }]);
		await app.em.mutator(things).insertOne({ ownerId: 2 });
		using events = spy(app.emgr);
		await app.em.mutator(owners).deleteOne(2);
		expect(events.count("data.things.update.after")).toBe(1);
		expect(await rows("select owner_id from things")).toEqual([[1]]);
	});
});

describe("a cascade stores nothing", () => {
	test("when a row is still referred to: 409", async () => {
		const { app, counts } = await open();
		await app.em.mutator(votes).insertOne({ authorId: 2 });
		using events = spy(app.emgr);
		await expect(app.em.mutator(authors).deleteWhere({ id: { $gt: 0 } })).rejects.toMatchObject({
			code: "bad_reference",
			kind: "conflict",
		});
		expect(events.count("data.*.*.failed")).toBe(2);
		expect(await counts()).toMatchObject({ authors: 2 });
	});

	test("when a listener of a child refuses, prevents it, or refuses at commit", async () => {
		for (const [event, act, code] of [
			[MutatorDeleteBefore, refuse, "forbidden"],
			[MutatorDeleteBefore, prevent, "cascade_prevented"],
			[MutatorDeleteCommit, refuse, "forbidden"],
		] as const) {
			const { app, counts } = await open();
			app.emgr.onEvent(event as typeof MutatorDeleteBefore, act, { mode: "sync", entity: votes });
			using events = spy(app.emgr);
			await expect(app.em.mutator(topics).deleteOne(1)).rejects.toMatchObject({ code });
			expect(events.count("data.topics.delete.failed")).toBe(1);
			expect(await counts()).toMatchObject({ topics: 2, comments: 3, votes: 2, topicTags: 1 });
		}
	});

	test("of a row that a listener prevented, and takes the others", async () => {
		const { app, counts } = await open();
		app.emgr.onEvent(
			MutatorDeleteBefore,
			(event) => {
				if (event.params.entityId === 1) event.preventDefault();
			},
			{ mode: "sync", entity: topics },
		);
		using events = spy(app.emgr);
		const { meta } = await app.em.mutator(topics).deleteWhere({ id: { $gt: 0 } });
		expect(meta.results).toEqual(["prevented", "deleted"]);
		expect(events.count("data.comments.delete.before")).toBe(1);
		expect(await counts()).toMatchObject({ topics: 1, comments: 2, votes: 2 });
	});

	test("over the limit of rows in all: 413 before any listener", async () => {
		const { app, counts } = await open({ bulkRows: 8 });
		const more = { commentId: 2 };
		await app.em.mutator(votes).insertMany([more, more, more]);
		using events = spy(app.emgr);
		const tooMany = { code: "too_many_rows" };
		await expect(app.em.mutator(topics).deleteOne(1)).rejects.toMatchObject(tooMany);
		expect(events.slugs).toEqual([]);
		expect(await counts()).toMatchObject({ topics: 2 });
		await app.em.mutator(votes).deleteOne(1);
		await app.em.mutator(topics).deleteOne(1);
		expect(await counts()).toMatchObject({ topics: 1 });
	});

	test("when a row came to those that go meanwhile", async () => {
		const { app, counts } = await open();
		app.emgr.onEvent(
			MutatorDeleteBefore,
			async () => {
				await app.em.mutator(comments).insertOne({ body: "late", topicId: 1 });
			},
			{ mode: "sync", entity: topics },
		);
		app.emgr.on("data.comments.delete.after", () => {}, "sync");
		await expect(app.em.mutator(topics).deleteOne(1)).rejects.toMatchObject({
			code: "changed_meanwhile",
		});
		expect(await counts()).toMatchObject({ topics: 2, comments: 4 });
	});

	test("when there is no such row: 404", async () => {
		const { app } = await open();
		using events = spy(app.emgr);
		await expect(app.em.mutator(topics).deleteOne(9)).rejects.toMatchObject({ code: "not_found" });
		expect(topicsOf(events)).toEqual([
			"topics.delete.before topics/9",
			"topics.delete.commit",
			"topics.delete.failed",
		]);
	});
});

test("a unit may hold a cascade next to other writes", async () => {
	const { app, counts } = await open();
	using events = spy(app.emgr);
	await app.em.atomic(async (unit) => {
		await unit.mutator(boards).insertOne({ name: "x" });
		await unit.mutator(topics).deleteOne(1);
		await unit.mutator(topicTags).insertOne({ topicId: 2, tagId: "a" });
	});
	expect(events.count("data.*.delete.after")).toBe(6);
	expect(await counts()).toMatchObject({ topics: 1, boards: 1, topicTags: 1 });
});

function refuse(): void {
	throw new AppError("forbidden", "They stay.");
}

function prevent(event: { preventDefault(): void }): void {
	event.preventDefault();
}

import { sql, type SQL } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import type { AtomicUnit } from "../../../src/data/write/atomic-unit.ts";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import { AppError } from "../../../src/kernel/error.ts";
import { spy, type EventSpy } from "../../../src/testing/spy.ts";
import {
	audit,
	authors,
	comments,
	forum,
	tags,
	topics,
	topicTags,
} from "../../support/forum-schema.ts";
import { testApp } from "../../support/test-app.ts";

const {
	MutatorInsertBefore,
	MutatorInsertCommit,
	MutatorInsertAfter,
	MutatorInsertFailed,
	MutatorUpdateFailed,
} = DatabaseEvents;
const open = () => testApp({ schema: forum });
const topicsOf = ({ events }: EventSpy) => events.map(({ topic }) => topic);

describe("em.atomic", () => {
	test("stores all of it, in one batch, ids that the database makes included", async () => {
		const { app, rows } = await open();
		await app.em.mutator(authors).insertMany([{ name: "x" }, { name: "y" }]);
		const { data: topic, meta } = await app.em.atomic(async (unit) => {
			const author = await unit.mutator(authors).insertOne({ name: "Ada" });
			const made = await unit.mutator(topics).insertOne({ title: "t", authorId: author.id });
			await unit.mutator(comments).insertMany([
				{ body: "one", topicId: made.id },
				{ body: "two", topicId: made.id },
			]);
			return made;
		});
		expect(topic.row).toEqual({ id: 1, title: "t", version: 1, authorId: 3 });
		expect(topic.id).toBe(1);
		expect(meta).toEqual({ items: 4 });
		expect(await rows("select body, topic_id from comments")).toEqual([
			["one", 1],
			["two", 1],
		]);
		expect(await rows("select * from burdock_row_ids")).toEqual([]);
	});

	test("emits before at each call, then all commits, then all afters in the order of the calls", async () => {
		const { app } = await open();
		using events = spy(app.emgr);
		await app.em.atomic(async (unit) => {
			await unit.mutator(authors).insertOne({ name: "Ada" });
			expect(topicsOf(events)).toEqual(["data.authors.insert.before"]);
			await unit.mutator(tags).insertOne({ id: "a" });
		});
		expect(topicsOf(events)).toEqual([
			"data.authors.insert.before",
			"data.tags.insert.before",
			"data.authors.insert.commit",
			"data.tags.insert.commit",
			"data.authors.insert.after",
			"data.tags.insert.after",
		]);
	});

	test("keeps the order of the calls when they are prepared at the same time", async () => {
		const { app, rows } = await open();
		app.emgr.onEvent(
			MutatorInsertBefore,
			async ({ params }) => {
				if ((params.data as { name: string }).name === "slow") {
					await new Promise((resolve) => setImmediate(resolve));
				}
			},
			{ mode: "sync", entity: authors },
		);
		await app.em.atomic(async (unit) => {
			const mutator = unit.mutator(authors);
			await Promise.all([
				mutator.insertOne({ name: "slow" }),
				mutator.insertOne({ name: "quick" }),
			]);
		});
		expect(await rows("select name from authors order by id")).toEqual([["slow"], ["quick"]]);
	});

	test("updates and deletes what is stored, next to what is new", async () => {
		const { app, rows } = await open();
		await app.em.mutator(topics).insertMany([{ title: "a" }, { title: "b" }, { title: "c" }]);
		const { data } = await app.em.atomic(async (unit) => {
			const mutator = unit.mutator(topics);
			const author = await unit.mutator(authors).insertOne({ name: "Ada" });
			const one = await mutator.updateOne(1, { authorId: author.id });
			const two = await mutator.updateWhere({ title: "z" }, { id: { $in: [1, 2] } });
			const gone = await mutator.deleteWhere({ id: 3 });
			const same = await mutator.updateOne(2, {});
			return { one, two, gone, same };
		});
		expect(data.one.row).toMatchObject({ id: 1, authorId: 1 });
		expect(data.two.map(({ row }) => row?.title)).toEqual(["z", "z"]);
		expect(data.gone.map(({ id, row }) => [id, row?.title])).toEqual([[3, "c"]]);
		expect(data.same.row).toMatchObject({ id: 2, title: "z" });
		expect(await rows("select id, title, author_id, version from topics")).toEqual([
			[1, "z", 1, 3],
			[2, "z", null, 2],
		]);
	});

	test("its ids stay right whatever listeners insert in the same table", async () => {
		const { app, rows } = await open();
		app.emgr.onEvent(
			MutatorInsertCommit,
			({ params: { batch, rows: inserted } }) => {
				for (const [at] of inserted.entries()) {
					batch.before(sql`insert into authors (name) values (${`before ${at} ` + Math.random()})`);
					batch.add(sql`insert into authors (name) values (${`after ${at} ` + Math.random()})`);
				}
			},
			{ mode: "sync", entity: [authors, topics] },
		);
		app.emgr.onEvent(
			MutatorInsertCommit,
			({ params: { batch, rows: inserted, entity } }) => {
				for (const { rowId } of inserted) {
					const id = entity.key.length > 1 ? (rowId as { topicId: SQL }).topicId : rowId;
					batch.add(sql`insert into audit (what) values (${entity.name} || ' ' || ${id})`);
				}
			},
			{ mode: "sync", order: 1, entity: [authors, topics, topicTags] },
		);
		const { data } = await app.em.atomic(async (unit) => {
			const people = await unit.mutator(authors).insertMany([{ name: "a" }, { name: "b" }]);
			const tag = await unit.mutator(tags).insertOne({ id: "t" });
			const made = [];
			for (const { id } of people) {
				made.push(await unit.mutator(topics).insertOne({ title: "t", authorId: id }));
			}
			for (const { id } of made) {
				await unit.mutator(topicTags).insertOne({ topicId: id, tagId: tag.id });
			}
			return { people, made };
		});
		const ids = data.people.map(({ row }) => row?.id);
		expect(data.people.map(({ row }) => row?.name)).toEqual(["a", "b"]);
		expect(data.made.map(({ row }) => row?.authorId)).toEqual(ids);
		expect((await rows("select what from audit")).flat()).toEqual([
			...ids.map((id) => `authors ${id}`),
			"topics 1",
			"topics 2",
			"topicTags 1",
			"topicTags 2",
		]);
	});

	test("answers what listeners prevented, and has no id for it", async () => {
		const { app, counts } = await open();
		app.emgr.onEvent(MutatorInsertBefore, (event) => event.preventDefault(), {
			mode: "sync",
			entity: authors,
		});
		const { data, meta } = await app.em.atomic(async (unit) => {
			const author = await unit.mutator(authors).insertOne({ name: "Ada" });
			expect(() => author.id).toThrow(/look at prevented first/);
			await unit.mutator(topics).insertOne({ title: "t" });
			return author;
		});
		expect([data.row, data.prevented, meta.prevented]).toEqual([null, true, true]);
		expect(await counts()).toMatchObject({ authors: 0, topics: 1 });
	});

	test("tells warnings of after-listeners", async () => {
		const { app } = await open();
		app.emgr.onEvent(
			MutatorInsertAfter,
			() => {
				throw new AppError("conflict", "Too late.");
			},
			{ mode: "sync", id: "late" },
		);
		const { meta } = await app.em.atomic((unit) => unit.mutator(tags).insertOne({ id: "a" }));
		expect(meta.warnings).toMatchObject([{ listener: "late", message: "Too late." }]);
	});

	test("resolves ids and other expressions in what after-events say was changed", async () => {
		const { app } = await open();
		const changed: unknown[] = [];
		const upper = sql`upper(${"t"})` as unknown as string;
		app.emgr.onEvent(MutatorInsertAfter, ({ params }) => void changed.push(params.changed), {
			mode: "sync",
			entity: topics,
		});
		await app.em.atomic(async (unit) => {
			const author = await unit.mutator(authors).insertOne({ name: "Ada" });
			await unit.mutator(topics).insertOne({ title: upper, authorId: author.id });
		});
		expect(changed).toEqual([{ title: "T", authorId: 1 }]);
	});
});

describe("a unit stores nothing", () => {
	test("when the callback throws, and tells what was queued", async () => {
		const { app, counts } = await open();
		await app.em.mutator(topics).insertOne({ title: "a" });
		const failed: unknown[] = [];
		for (const event of [MutatorInsertFailed, MutatorUpdateFailed]) {
			app.emgr.onEvent(
				event,
				({ params }) => void failed.push([params.entity.name, params.rows, params.error]),
				"sync",
			);
		}
		const refusal = new Error("No.");
		const unit = app.em.atomic(async ({ mutator: _mutator, ...rest }: AtomicUnit) => {
			void rest;
			throw refusal;
		});
		await expect(unit).rejects.toBe(refusal);
		await expect(
			app.em.atomic(async (other) => {
				await other.mutator(authors).insertOne({ name: "Ada" });
				await other.mutator(topics).updateOne(1, { title: "b" });
				throw refusal;
			}),
		).rejects.toBe(refusal);
		expect(failed).toEqual([
			["authors", [{ data: { name: "Ada" } }], refusal],
			["topics", [{ entityId: 1, data: { title: "b" } }], refusal],
		]);
		expect(await counts()).toMatchObject({ authors: 0 });
	});

	test("when a later call, a commit or a statement fails", async () => {
		const { app, counts } = await open();
		using events = spy(app.emgr);
		const both = (second: Record<string, unknown>) =>
			app.em.atomic(async (unit) => {
				await unit.mutator(authors).insertOne({ name: "Ada" });
				await unit.mutator("topics").insertOne(second);
			});
		await expect(both({ titel: "x" })).rejects.toMatchObject({ code: "invalid_data" });
		expect(topicsOf(events)).toEqual(["data.authors.insert.before", "data.authors.insert.failed"]);
		events.clear();
		await expect(both({ title: "x", authorId: 99 })).rejects.toMatchObject({
			code: "bad_reference",
			message: expect.stringContaining("authors or topics") as string,
		});
		expect(topicsOf(events).slice(-2)).toEqual([
			"data.authors.insert.failed",
			"data.topics.insert.failed",
		]);
		app.emgr.onEvent(
			MutatorInsertCommit,
			() => {
				throw new AppError("forbidden", "Not today.");
			},
			{ mode: "sync", entity: topics },
		);
		await expect(both({ title: "x" })).rejects.toThrow("Not today.");
		expect(await counts()).toMatchObject({ authors: 0, topics: 0 });
	});

	test("when a row that it updates or deletes is not there", async () => {
		const { app, counts } = await open();
		await app.em.mutator(topics).insertOne({ title: "a" });
		for (const [id, other] of [
			[9, 1],
			[1, 9],
		] as const) {
			await expect(
				app.em.atomic(async (unit) => {
					await unit.mutator(tags).insertOne({ id: "x" });
					await unit.mutator(topics).updateOne(id, { title: "b" });
					await unit.mutator(topics).deleteOne(other);
				}),
			).rejects.toMatchObject({ code: "not_found", message: "topics has no row with the id 9." });
		}
		expect(await counts()).toMatchObject({ tags: 0, topics: 1 });
	});

	test("but a call whose refusal is caught leaves the rest as it is", async () => {
		const { app, counts } = await open();
		await app.em.atomic(async (unit) => {
			await unit.mutator(tags).insertOne({ id: "x" });
			await unit
				.mutator("tags")
				.insertOne({ nope: 1 })
				.catch(() => {});
		});
		expect(await counts()).toMatchObject({ tags: 1 });
	});
});

describe("mistakes with units have names", () => {
	test.each([
		[
			"unit_not_awaited",
			async (unit: AtomicUnit) => {
				void unit.mutator(tags).insertOne({ id: "a" });
			},
		],
		[
			"unit_not_awaited",
			async (unit: AtomicUnit) => {
				void unit.mutator("tags").insertOne({ nope: "a" });
			},
		],
		[
			"row_pending",
			async (unit: AtomicUnit) => (await unit.mutator(tags).insertOne({ id: "a" })).row,
		],
		[
			"bad_id",
			async (unit: AtomicUnit) => {
				const { id } = await unit.mutator(authors).insertOne({ name: "a" });
				await unit.mutator(authors).updateOne(id, { name: "b" });
			},
		],
	] as const)("%s", async (code, callback) => {
		const { app, counts } = await open();
		await expect(app.em.atomic<unknown>(callback)).rejects.toMatchObject({ code });
		expect(await counts()).toMatchObject({ tags: 0, authors: 0 });
	});

	test("unit_closed, for who goes on after its end", async () => {
		const { app } = await open();
		const { data: unit } = await app.em.atomic((given) => given);
		await expect(unit.mutator(tags).insertOne({ id: "a" })).rejects.toMatchObject({
			code: "unit_closed",
		});
	});

	test("unit_nested, but listeners may have units of their own", async () => {
		const { app, counts } = await open();
		await expect(
			app.em.atomic(async () => {
				await Promise.resolve();
				await app.em.atomic(() => {});
			}),
		).rejects.toMatchObject({ code: "unit_nested" });
		app.emgr.onEvent(
			MutatorInsertBefore,
			async () => {
				await app.em.atomic((unit) => unit.mutator(audit).insertOne({ what: "before" }));
			},
			{ mode: "sync", entity: tags },
		);
		await app.em.atomic((unit) => unit.mutator(tags).insertOne({ id: "a" }));
		expect(await counts()).toMatchObject({ tags: 1, audit: 1 });
	});
});

import type { SQL } from "drizzle-orm";
import { integer, real, sqliteTable, text, type AnySQLiteColumn } from "drizzle-orm/sqlite-core";
import { beforeEach, describe, expect, test } from "vitest";
import { createTable } from "../../src/data/migrate/create-table.ts";
import { DatabaseEvents } from "../../src/data/database-events.ts";
import type { Database } from "../../src/data/database.ts";
import { EntityManager } from "../../src/data/entity-manager.ts";
import { OWN_TABLES } from "../../src/data/migrate/own-tables.ts";
import { rawDrizzle, type RawDrizzle } from "../../src/data/raw-drizzle.ts";
import { readSchema } from "../../src/data/schema/read-schema.ts";
import { Registry } from "../../src/data/schema/registry.ts";
import { EventManager } from "../../src/events/event-manager.ts";
import { silentLogger } from "../../src/kernel/logger.ts";
import { CountedDatabase } from "../support/counted-database.ts";

const authors = sqliteTable("authors", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	name: text("name").notNull().unique(),
});
const posts = sqliteTable("posts", {
	id: integer("id").primaryKey(),
	title: text("title").notNull(),
	score: real("score"),
	live: integer("live", { mode: "boolean" }).notNull().default(false),
	tags: text("tags", { mode: "json" }).$type<readonly string[]>(),
	createdAt: integer("created_at", { mode: "timestamp_ms" }),
	authorId: integer("author_id").references(() => authors.id),
});
/** Documents: a version, a parent that they go with, an author that they outlive. */
const documents = sqliteTable("documents", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	title: text("title").notNull(),
	version: integer("version").notNull().default(1),
	parentId: integer("parent_id").references((): AnySQLiteColumn => documents.id, {
		onDelete: "cascade",
	}),
	authorId: integer("author_id").references(() => authors.id, { onDelete: "set null" }),
});
const journal = sqliteTable("journal", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	rowText: text("row_text").notNull(),
	rowNumber: integer("row_number").notNull(),
});
const schema = { authors, posts, documents, journal };

/** The data floor on one engine, with a journal that every write to posts and authors appends to. */
class Bench {
	readonly database: CountedDatabase;
	readonly em: EntityManager;
	readonly db: RawDrizzle;
	readonly events: EventManager;

	constructor(database: Database) {
		this.database = new CountedDatabase(database);
		const registry = new Registry(readSchema(schema, {}));
		this.events = new EventManager(DatabaseEvents, {
			logger: silentLogger,
			entityName: (ref) => registry.find(ref)?.name,
		});
		this.em = new EntityManager({ registry, database: this.database, events: this.events });
		this.db = rawDrizzle(this.database, schema);
	}

	/** Appends a row to the journal in the batch of every write. */
	keepJournal(): void {
		for (const event of [
			DatabaseEvents.MutatorInsertCommit,
			DatabaseEvents.MutatorUpdateCommit,
			DatabaseEvents.MutatorDeleteCommit,
		]) {
			this.events.onEvent(
				event,
				({ params: { rows, batch } }) => {
					for (const { rowId } of rows) {
						const values = { rowText: rowId as SQL<string>, rowNumber: rowId as number };
						batch.add(this.db.insert(journal).values(values));
					}
				},
				{ mode: "sync", entity: ["posts", "authors", "documents"] },
			);
		}
	}

	/** What the journal holds, in order. */
	async journal(): Promise<readonly (readonly unknown[])[]> {
		const sql = "select row_text, row_number from journal order by id";
		return this.database.all({ sql, params: [] });
	}
}

/**
 * The data floor on a driver: what only a real engine can show of queries, writes and batches.
 *
 * @param open Opens an empty database for each test.
 */
export function describeData(name: string, open: () => Promise<Database>): void {
	describe(`the data floor on ${name}`, () => {
		let bench: Bench;
		beforeEach(async () => {
			const database = await open();
			const tables = Object.values(schema).flatMap((table) => createTable(table));
			await database.batch([...OWN_TABLES, ...tables.map((sql) => ({ sql, params: [] }))]);
			bench = new Bench(database);
		});

		test("a row comes back as it was written, whatever its columns hold", async () => {
			const row = {
				title: "Burrs ✓ 'quoted' \\ %",
				score: 1.5,
				live: true,
				tags: ["a", "ü"],
				createdAt: new Date(1_750_000_000_123),
			};
			const { data } = await bench.em.mutator(posts).insertOne(row);
			expect(data).toEqual({ id: 1, authorId: null, ...row });
			expect((await bench.em.repository(posts).findOne(1)).data).toEqual(data);
		});

		test("bulk inserts answer in the order of the input, whatever each row sets", async () => {
			bench.keepJournal();
			const { data } = await bench.em
				.mutator(posts)
				.insertMany([
					{ title: "a", score: 1 },
					{ title: "b" },
					{ id: 50, title: "c", live: true },
					{ title: "d", score: -0.25 },
				]);
			expect(data.map((row) => row.title)).toEqual(["a", "b", "c", "d"]);
			expect(data[2]?.id).toBe(50);
			expect(data.map((row) => row.score)).toEqual([1, null, null, -0.25]);
			expect(await bench.journal()).toEqual(data.map(({ id }) => [String(id), id]));
		});

		test("statements of a commit listener name ids that the database makes", async () => {
			bench.keepJournal();
			await bench.em.mutator(authors).insertOne({ name: "Ada" });
			await bench.em.mutator(authors).insertMany([{ name: "Ben" }, { name: "Cy" }]);
			await bench.em.mutator(posts).insertOne({ title: "x" });
			expect(await bench.journal()).toEqual([
				["1", 1],
				["2", 2],
				["3", 3],
				["1", 1],
			]);
		});

		test("an update or delete that hits no row stores nothing that was added to it", async () => {
			bench.keepJournal();
			const mutator = bench.em.mutator(posts);
			await expect(mutator.updateOne(9, { title: "x" })).rejects.toMatchObject({
				code: "not_found",
			});
			await expect(mutator.deleteOne(9)).rejects.toMatchObject({ code: "not_found" });
			expect(await bench.journal()).toEqual([]);
		});

		test("bulk updates give each row its own data in one batch", async () => {
			await bench.em
				.mutator(posts)
				.insertMany([{ title: "a" }, { title: "b" }, { title: "c" }, { title: "d" }]);
			bench.events.onEvent(
				DatabaseEvents.MutatorUpdateBefore,
				({ params: { entityId, data } }) =>
					Number(entityId) % 2 === 0
						? { ...data, title: `even ${String(entityId)}` }
						: { ...data, tags: [String(entityId)] },
				{ mode: "sync", entity: posts },
			);
			bench.database.reset();
			const { data } = await bench.em.mutator(posts).updateWhere({ score: 2 }, { id: { $gt: 1 } });
			expect(bench.database.trips).toBe(2);
			expect(data.map(({ id, title, score, tags }) => [id, title, score, tags])).toEqual([
				[2, "even 2", 2, null],
				[3, "c", 2, ["3"]],
				[4, "even 4", 2, null],
			]);
		});

		test("constraints are told in the words of the schema, and roll everything back", async () => {
			bench.keepJournal();
			const write = bench.em.mutator(authors);
			await write.insertOne({ name: "Ada" });
			await expect(write.insertMany([{ name: "Ben" }, { name: "Ada" }])).rejects.toMatchObject({
				kind: "conflict",
				code: "already_exists",
				errors: [{ path: "[1].name" }],
			});
			await expect(
				bench.em.mutator(posts).insertOne({ title: "x", authorId: 77 }),
			).rejects.toMatchObject({ kind: "conflict", code: "bad_reference" });
			expect((await bench.em.repository(authors).count()).count).toBe(1);
			expect(await bench.journal()).toEqual([["1", 1]]);
		});

		test.each([
			[{ title: { $like: "B%" } }, [1]],
			[{ title: { $ilike: "B%" } }, [1, 2]],
			[{ title: { $contains: "r*" } }, [2]],
			[{ score: { $between: [1, 2] } }, [1, 2]],
			[{ live: true }, [2]],
			[{ createdAt: { $lt: "2026-01-01T00:00:00Z" } }, [1]],
			[{ id: { $in: [1, 3, 99] } }, [1, 3]],
			[{ score: { $notin: [1] } }, [2]],
			[{ $or: [{ id: 1 }, { $not: { score: { $isnull: false } } }] }, [1, 3]],
		])("the filter %j finds %j", async (where, ids) => {
			await bench.em
				.mutator(posts)
				.insertMany([
					{ title: "Burrs", score: 1, createdAt: new Date("2025-06-01") },
					{ title: "burr*", score: 2, live: true, createdAt: new Date("2026-06-01") },
					{ title: "Teasel" },
				]);
			const { data } = await bench.em.repository(posts).findMany({ where });
			expect(data.map((row) => row.id)).toEqual(ids);
		});

		test("a unit stores several writes in one round trip, and knows the ids that they make", async () => {
			bench.keepJournal();
			await bench.em.mutator(authors).insertOne({ name: "Ada" });
			bench.events.onEvent(
				DatabaseEvents.MutatorInsertCommit,
				({ params: { batch } }) => {
					batch.before({ sql: "insert into authors (name) values (hex(randomblob(8)))" });
					batch.add({ sql: "insert into authors (name) values (hex(randomblob(8)))" });
				},
				{ mode: "sync", entity: authors, order: -1 },
			);
			bench.database.reset();
			const { data } = await bench.em.atomic(async (unit) => {
				const author = await unit.mutator(authors).insertOne({ name: "Ben" });
				const rows = Array.from({ length: 20 }, (_, at) => ({
					title: `t${at}`,
					authorId: author.id,
				}));
				const inserted = await unit.mutator(documents).insertMany(rows);
				const first = inserted[0];
				if (!first) throw new Error("Nothing was inserted.");
				await unit.mutator(documents).insertOne({ title: "child", parentId: first.id });
				return { author, inserted };
			});
			expect(bench.database.trips).toBe(1);
			const authorId = data.author.row?.id;
			expect(data.author.row).toEqual({ id: authorId, name: "Ben" });
			expect(new Set(data.inserted.map(({ row }) => row?.authorId))).toEqual(new Set([authorId]));
			const { data: child } = await bench.em
				.repository(documents)
				.findMany({ where: { title: "child" } });
			expect(child[0]?.parentId).toBe(data.inserted[0]?.row?.id);
			expect(await bench.journal()).toEqual([
				["1", 1],
				[String(authorId), authorId],
				...data.inserted.map(({ row }) => [String(row?.id), row?.id]),
				[String(child[0]?.id), child[0]?.id],
			]);
		});

		test("a unit of which one write fails stores nothing", async () => {
			await expect(
				bench.em.atomic(async (unit) => {
					await unit.mutator(authors).insertOne({ name: "Ada" });
					await unit.mutator(documents).updateOne(7, { title: "x" });
				}),
			).rejects.toMatchObject({ code: "not_found" });
			expect((await bench.em.repository(authors).count()).count).toBe(0);
		});

		test("relations are written with their row", async () => {
			const { data } = await bench.em.mutator("authors").insertOne({
				name: "Ada",
				documents: { $create: [{ title: "a", documentsByParent: { $create: { title: "b" } } }] },
			});
			const { data: found } = await bench.em.repository(documents).findMany();
			expect(found.map(({ title, parentId, authorId }) => [title, parentId, authorId])).toEqual([
				["a", null, data.id],
				["b", found[0]?.id, null],
			]);
		});

		test("a delete takes with it what foreign keys say, with its events", async () => {
			await bench.em.mutator(authors).insertOne({ id: 1, name: "Ada" });
			await bench.em.mutator(documents).insertMany([
				{ id: 1, title: "root", authorId: 1 },
				{ id: 2, title: "child", parentId: 1, authorId: 1 },
				{ id: 3, title: "leaf", parentId: 2 },
				{ id: 4, title: "loop", parentId: 4 },
			]);
			const seen: string[] = [];
			for (const ref of ["data.*.delete.after", "data.*.update.after"]) {
				bench.events.on(ref, (event) => void seen.push(event.path ?? ""), "sync");
			}
			await bench.em.mutator(authors).deleteOne(1);
			expect(seen.splice(0)).toEqual(["authors/1", "documents/1", "documents/2"]);
			await bench.em.mutator(documents).deleteWhere({ id: { $in: [1, 4] } });
			expect(seen).toEqual(["documents/1", "documents/4", "documents/2", "documents/3"]);
			expect((await bench.em.repository(documents).count()).count).toBe(0);
		});

		test("the version of a row counts its updates, and refuses stale ones", async () => {
			const mutator = bench.em.mutator(documents);
			await mutator.insertMany([{ title: "a" }, { title: "b" }]);
			await mutator.updateWhere({ title: "c" }, { id: { $gt: 0 } });
			expect((await mutator.updateOne(1, { title: "d", version: 2 })).data.version).toBe(3);
			await expect(mutator.updateOne(1, { title: "e", version: 2 })).rejects.toMatchObject({
				code: "stale_version",
			});
			const writer = bench.em.writer(documents);
			await expect((async () => writer.deleteOne(2, { ifMatch: [1] }))()).rejects.toMatchObject({
				code: "precondition_failed",
			});
		});

		test("every read and every write of one row is one round trip", async () => {
			bench.keepJournal();
			const mutator = bench.em.mutator(posts);
			const repository = bench.em.repository(posts);
			const calls: readonly (() => Promise<unknown>)[] = [
				() => mutator.insertOne({ title: "a" }),
				() => mutator.updateOne(1, { title: "b" }),
				() => repository.findOne(1),
				() => repository.findMany(),
				() => repository.count(),
				() => mutator.deleteOne(1),
			];
			for (const call of calls) {
				bench.database.reset();
				await call();
				expect(bench.database.trips, String(call)).toBe(1);
			}
		});
	});
}

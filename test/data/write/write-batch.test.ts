import { sql } from "drizzle-orm";
import { SQLiteSyncDialect } from "drizzle-orm/sqlite-core";
import { describe, expect, test } from "vitest";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import { WriteBatch } from "../../../src/data/write/write-batch.ts";
import { audit, journal, posts } from "../../support/journal-schema.ts";
import { testApp } from "../../support/test-app.ts";

const { MutatorInsertCommit } = DatabaseEvents;
const batch = () => new WriteBatch(new SQLiteSyncDialect());

describe("a write batch", () => {
	test("runs what was added before and after the write, in the order of the listeners", async () => {
		const { app, rows } = await testApp({ schema: journal });
		const note = (action: string) =>
			sql`insert into audit (action, number) values (${action}, (select count(*) from posts))`;
		app.emgr.onEvent(
			MutatorInsertCommit,
			({ params }) => {
				params.batch.add(note("second")).before(note("first before"));
			},
			{ mode: "sync", order: 2 },
		);
		app.emgr.onEvent(
			MutatorInsertCommit,
			({ params }) => {
				params.batch
					.add(
						app.db
							.insert(audit)
							.values({ action: "first", number: sql`(select count(*) from posts)` }),
					)
					.add({ sql: "insert into audit (action, number) values ('plain', ?)", params: [true] })
					.before(note("early"));
			},
			{ mode: "sync", order: 1 },
		);
		await app.em.mutator(posts).insertOne({ title: "a" });
		expect(await rows("select action, number from audit order by id")).toEqual([
			["early", 0],
			["first before", 0],
			["first", 1],
			["plain", 1],
			["second", 1],
		]);
	});

	test("is one atomic round trip", async () => {
		const { app } = await testApp({ schema: journal });
		app.emgr.onEvent(
			MutatorInsertCommit,
			({ params }) => {
				params.batch.add(sql`insert into audit (action) values ('x')`);
			},
			"sync",
		);
		const batches: number[] = [];
		const database = await (
			app.database as never as { opened(): Promise<typeof app.database> }
		).opened();
		const { batch: original } = database;
		database.batch = (statements) => {
			batches.push(statements.length);
			return original.call(database, statements);
		};
		await app.em.mutator(posts).insertMany([{ title: "a" }, { title: "b" }, { title: "c" }]);
		expect(batches).toEqual([2]);
	});

	test("takes nothing after its commit event", async () => {
		const { app, counts } = await testApp({ schema: journal });
		let kept: WriteBatch | undefined;
		app.emgr.onEvent(
			MutatorInsertCommit,
			({ params }) => {
				kept = params.batch;
			},
			"sync",
		);
		await app.em.mutator(posts).insertOne({ title: "a" });
		const late = () => kept?.add(sql`delete from posts`);
		expect(late).toThrow(expect.objectContaining({ code: "batch_closed" }));
		expect(await counts()).toMatchObject({ posts: 1 });
	});

	test.each([
		[undefined],
		[null],
		["insert into audit (action) values (1)"],
		[7],
		[{}],
		[[]],
		[{ sql: 5 }],
		[{ sql: "" }],
		[{ sql: " \n" }],
		[{ sql: "select ?", params: "x" }],
		[{ toSQL: 1 }],
		[() => "select 1"],
	])("refuses %o", (statement) => {
		expect(() => batch().add(statement as never)).toThrow(
			expect.objectContaining({ code: "bad_statement", kind: "internal" }),
		);
		expect(() => batch().before(statement as never)).toThrow(
			expect.objectContaining({ code: "bad_statement" }),
		);
	});

	test.each([
		["two statements", { sql: "select 1; delete from posts" }, "statement_refused"],
		["a transaction", { sql: "commit" }, "statement_refused"],
		["a missing value", { sql: "insert into audit (action) values (?)" }, "bad_parameter"],
		["a value of no kind", { sql: "select ?", params: [{}] }, "bad_parameter"],
		["nonsense", { sql: "selectt" }, "database_failed"],
	])("with %s fails the write as a fault of the program", async (_, statement, code) => {
		const { app, counts } = await testApp({ schema: journal });
		app.emgr.onEvent(
			MutatorInsertCommit,
			({ params }) => {
				params.batch.add(sql`insert into audit (action) values ('x')`).add(statement as never);
			},
			"sync",
		);
		await expect(app.em.mutator(posts).insertOne({ title: "a" })).rejects.toMatchObject({
			code,
			kind: "internal",
		});
		expect(await counts()).toEqual({ posts: 0, comments: 0, audit: 0 });
	});
});

import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { describe, expect, onTestFinished, test } from "vitest";
import { createTable } from "../../../src/data/migrate/create-table.ts";
import type { Database } from "../../../src/data/database.ts";
import { planMigration } from "../../../src/data/migrate/plan-migration.ts";
import { readStatements, shapesOf } from "../../../src/data/migrate/read-shapes.ts";
import { SchemaDifference } from "../../../src/data/migrate/schema-difference.ts";
import { openDatabase } from "../../../src/runtime/node/open-database.ts";
import * as steps from "../../support/schema-steps.ts";

type Tables = Readonly<Record<string, SQLiteTable>>;

function open(): Database {
	const database = openDatabase({ url: ":memory:" });
	onTestFinished(async () => database.close());
	return database;
}

async function run(database: Database, ...statements: readonly string[]): Promise<void> {
	await database.batch(statements.map((sql) => ({ sql, params: [] })));
}

async function rows(database: Database, sql: string) {
	return database.all({ sql, params: [] });
}

/** What it takes to make the database fit; whatever it has and the schema has not is to go. */
async function plan(database: Database, tables: Tables) {
	const made = await readStatements(database);
	const actual = shapesOf(made);
	const wanted = shapesOf(Object.values(tables).flatMap((table) => createTable(table)));
	const difference = new SchemaDifference(wanted, actual, new Set(actual.keys()));
	return { difference, ...planMigration(difference, made) };
}

/** Makes it fit in one batch with foreign keys enforced, as D1 would. */
async function upgrade(database: Database, tables: Tables): Promise<void> {
	const { statements } = await plan(database, tables);
	await run(database, ...statements);
	expect((await plan(database, tables)).difference.problems).toEqual([]);
	expect(await rows(database, "select * from pragma_foreign_key_check")).toEqual([]);
}

async function filled(): Promise<Database> {
	const database = open();
	await upgrade(database, steps.first);
	await run(database, ...steps.firstRows);
	return database;
}

describe("a database with rows", () => {
	test("is led through three schemas and loses nothing, with foreign keys enforced", async () => {
		const database = await filled();
		await upgrade(database, steps.second);
		await run(database, "update posts set editor = 2 where id = 1");
		await run(database, ...steps.renames);
		await upgrade(database, steps.third);
		for (const [table, expected] of Object.entries(steps.thirdRows)) {
			expect(await rows(database, `select * from ${table}`), table).toEqual(expected);
		}
	});

	test("gives no id twice after its table was made anew, though its last row was deleted", async () => {
		const database = await filled();
		await run(database, ...steps.renames);
		await upgrade(database, steps.third);
		const made = "insert into people (full_name) values ('New') returning id";
		expect(await rows(database, made)).toEqual([[4]]);
	});

	test("still cascades after its tables were made anew", async () => {
		const database = await filled();
		await run(database, ...steps.renames);
		await upgrade(database, steps.third);
		await run(database, "delete from people where id = 1");
		expect(await rows(database, "select id from posts")).toEqual([[2]]);
		expect(await rows(database, 'select id, "by" from remarks')).toEqual([[2, 2]]);
		expect(await rows(database, "select id, chief from people")).toEqual([[2, null]]);
	});

	test("goes back again", async () => {
		const database = await filled();
		await upgrade(database, steps.second);
		await upgrade(database, steps.first);
		expect(await rows(database, "select count(*) from comments")).toEqual([[2]]);
		expect(await rows(database, "select id, name, chief from people")).toEqual([
			[1, "Ada", null],
			[2, "Grace", 1],
		]);
	});

	test("keeps triggers, views and indexes that somebody added", async () => {
		const database = await filled();
		await run(
			database,
			"create view names as select name from people",
			"create trigger counted after insert on posts begin update people set name = name || '!' where id = new.author; end",
			"create index posts_rating on posts (rating)",
		);
		const posts = steps.typed.posts;
		await upgrade(database, { ...steps.first, posts });
		await run(database, "insert into posts (title, author) values ('z', 2)");
		expect(await rows(database, "select name from names")).toEqual([["Ada"], ["Grace!"]]);
		const index = "select name from sqlite_master where name = 'posts_rating'";
		expect(await rows(database, index)).toEqual([["posts_rating"]]);
	});

	test("keeps all of them when a statement fails", async () => {
		const database = await filled();
		await run(database, "insert into people (name) values ('')", ...steps.renames);
		const before = await readStatements(database);
		const { statements } = await plan(database, steps.third);
		await expect(run(database, ...statements)).rejects.toMatchObject({ code: "check" });
		expect(await readStatements(database)).toEqual(before);
		expect(await rows(database, "select count(*) from remarks")).toEqual([[2]]);
	});
});

describe("a plan", () => {
	test("warns of columns that need a value and have none", async () => {
		const database = await filled();
		const { warnings } = await plan(database, { ...steps.first, posts: steps.typed.strict });
		expect(warnings).toEqual([
			"posts.rating needs a value and has no default: this fails while a row has none.",
			"posts.slug needs a value and has no default: this fails while posts has rows.",
		]);
	});

	test("names what would be lost", async () => {
		const { difference } = await plan(await filled(), { people: steps.first.people });
		expect(difference.losses).toEqual(["comments", "posts"]);
		expect(difference.additive).toBe(false);
	});
});

import { createClient } from "@libsql/client";
import { generateSQLiteDrizzleJson, generateSQLiteMigration } from "drizzle-kit/api";
import { describe, expect, onTestFinished, test } from "vitest";
import { createTable } from "../../../src/data/migrate/create-table.ts";
import type { Database } from "../../../src/data/database.ts";
import { LibsqlRemote } from "../../../src/data/drivers/libsql-remote.ts";
import { Migrations, type Migration } from "../../../src/data/migrate/migrations.ts";
import { readStatements, shapesOf } from "../../../src/data/migrate/read-shapes.ts";
import { SchemaDifference } from "../../../src/data/migrate/schema-difference.ts";
import { splitStatements } from "../../../src/data/migrate/split-statements.ts";
import { openDatabase } from "../../../src/runtime/node/open-database.ts";
import * as steps from "../../support/schema-steps.ts";
import { temporaryFile } from "../../support/temporary-file.ts";
import * as wide from "../../support/wide-schema.ts";

const memory = (): Database => openDatabase({ url: ":memory:" });

function open(url = ":memory:"): Database {
	const database = openDatabase({ url });
	onTestFinished(async () => database.close());
	return database;
}

function migration(when: number, tag: string, ...statements: readonly string[]): Migration {
	return { tag, when, hash: `hash of ${tag}`, statements };
}

const people = migration(
	1,
	"0000_people",
	"create table people (id integer primary key, name text)",
);
const filled = migration(2, "0001_filled", "insert into people (name) values ('Ada')");
const tags = migration(3, "0002_tags", "create table tags (name text unique)");

async function rows(database: Database, sql: string) {
	return database.all({ sql, params: [] });
}

/** Applies, and answers what was said to have been done. */
async function apply(database: Database, all: readonly Migration[]): Promise<readonly string[]> {
	const done: string[] = [];
	await new Migrations(database, all).apply(memory, ({ tag }, how) => done.push(`${how} ${tag}`));
	return done;
}

describe("applying migrations", () => {
	test("runs those that are pending, in order, once", async () => {
		const database = open();
		expect(await apply(database, [people])).toEqual(["applied 0000_people"]);
		expect(await apply(database, [people, filled, tags])).toEqual([
			"applied 0001_filled",
			"applied 0002_tags",
		]);
		expect(await apply(database, [people, filled, tags])).toEqual([]);
		expect(await rows(database, "select name from people")).toEqual([["Ada"]]);
	});

	test("says which statement of which one failed, and stores nothing of it", async () => {
		const database = open();
		const broken = migration(
			4,
			"0003_broken",
			"create table more (id)",
			"insert into nowhere values (1)",
		);
		await expect(apply(database, [people, broken, tags])).rejects.toMatchObject({
			code: "migration_failed",
			message:
				"The migration 0003_broken failed: no such table: nowhere.\nIn: insert into nowhere values (1)",
		});
		expect(shapesOf(await readStatements(database)).has("more")).toBe(false);
		const states = await new Migrations(database, [people, broken, tags]).states();
		expect([...states.values()]).toEqual(["applied", "pending", "pending"]);
		expect(await rows(database, "pragma foreign_keys")).toEqual([[1]]);
	});

	test("refuses rows that would refer to none", async () => {
		const database = open();
		const child = migration(5, "0004_child", "create table child (id references people)");
		const orphan = migration(6, "0005_orphan", "insert into child values (9)");
		await expect(apply(database, [people, child, orphan])).rejects.toMatchObject({
			message: expect.stringMatching(/^The migration 0005_orphan failed: rows refer to others/),
		});
		expect(await rows(database, "select count(*) from child")).toEqual([[0]]);
	});

	test("tells of a file that was changed after it had been applied, and does not run it again", async () => {
		const database = open();
		await apply(database, [people]);
		const edited = { ...people, hash: "another" };
		const states = await new Migrations(database, [edited, tags]).states();
		expect([...states.values()]).toEqual(["changed", "pending"]);
		expect(await apply(database, [edited, tags])).toEqual(["applied 0002_tags"]);
	});

	test("runs one that came in between from another branch", async () => {
		const database = open();
		await apply(database, [people, tags]);
		expect(await apply(database, [people, filled, tags])).toEqual(["applied 0001_filled"]);
	});

	test("each is applied by one of several connections that apply at once", async () => {
		const url = `file:${temporaryFile()}`;
		const databases = Array.from({ length: 4 }, () => open(url));
		const done = await Promise.all(databases.map((one) => apply(one, [people, filled, tags])));
		expect(done.flat().toSorted()).toEqual([
			"applied 0000_people",
			"applied 0001_filled",
			"applied 0002_tags",
		]);
		expect(await rows(databases[0] as Database, "select count(*) from people")).toEqual([[1]]);
	});

	test("only records what a database has already, and runs the rest", async () => {
		const database = open();
		await database.batch(people.statements.map((sql) => ({ sql, params: [] })));
		expect(await apply(database, [people, filled, tags])).toEqual([
			"recorded 0000_people",
			"applied 0001_filled",
			"applied 0002_tags",
		]);
	});

	test("a database that was made without them is adopted by one of several connections", async () => {
		const url = `file:${temporaryFile()}`;
		const databases = Array.from({ length: 3 }, () => open(url));
		const [one] = databases as [Database];
		await rows(one, "create table people (id integer primary key)");
		const all = databases.map((database) => new Migrations(database, [people, tags]));
		expect((await all[0]?.statesBeside(memory))?.map(({ size }) => size)).toEqual([0, 1, 2]);
		const missing = ["alter table people add name text", ...tags.statements];
		const adopted = await Promise.all(all.map((migrations) => migrations.adopt(missing)));
		expect(adopted.filter(Boolean)).toHaveLength(1);
		expect(await all[0]?.statesBeside(memory)).toBeUndefined();
		expect(await apply(one, [people, tags])).toEqual([]);
	});

	test.each([
		["an empty database", [], [people, tags]],
		["one that fits a state", people.statements, [people, tags]],
		["one with tables of others alone", ["create table others (id)"], [people, tags]],
		["one whose migrations fail by themselves", ["create table people (id)"], [people, people]],
	])("%s is not adopted", async (_, made, all) => {
		const database = open();
		for (const sql of made) await rows(database, sql);
		expect(await new Migrations(database, all).statesBeside(memory)).toBeUndefined();
	});

	test("knows what wrangler has applied", async () => {
		const database = open();
		await rows(database, "create table d1_migrations (id integer primary key, name text unique)");
		await rows(database, "insert into d1_migrations (name) values ('0000_people.sql')");
		await rows(database, people.statements[0] ?? "");
		expect(await apply(database, [people, filled])).toEqual(["applied 0001_filled"]);
	});

	test("a server's client does the same", async () => {
		const client = createClient({ url: `file:${temporaryFile()}`, intMode: "bigint" });
		const database = new LibsqlRemote(client, { location: "file" });
		onTestFinished(() => database.close());
		const broken = migration(4, "0003_broken", "insert into nowhere values (1)");
		await expect(apply(database, [people, filled, broken])).rejects.toMatchObject({
			code: "migration_failed",
			message: expect.stringContaining("In: insert into nowhere values (1)"),
		});
		expect(await rows(database, "select name from people")).toEqual([["Ada"]]);
	});
});

describe("drizzle-kit's own migrations", () => {
	async function generated(from: object, to: object): Promise<readonly string[]> {
		const one = await generateSQLiteDrizzleJson({ ...from });
		const other = await generateSQLiteDrizzleJson({ ...to });
		return (await generateSQLiteMigration(one, other)).flatMap(splitStatements);
	}

	test("keep the rows that refer to a table that is made anew", async () => {
		const database = open();
		const init = migration(1, "0000_init", ...(await generated({}, steps.first)));
		await apply(database, [init]);
		await database.batch(steps.firstRows.map((sql) => ({ sql, params: [] })));
		const to = { ...steps.first, posts: steps.typed.posts };
		const rebuild = await generated(steps.first, to);
		expect(rebuild).toContain("PRAGMA foreign_keys=OFF");
		expect(await apply(database, [init, migration(2, "0001_typed", ...rebuild)])).toEqual([
			"applied 0001_typed",
		]);
		expect(await rows(database, "select id, rating from posts")).toEqual([
			[1, 4.5],
			[2, null],
		]);
		expect(await rows(database, "select count(*) from comments")).toEqual([[2]]);
	});

	test("make tables that fit the schema, and so does our own SQL", async () => {
		const tables = Object.values(wide).filter((table) => typeof table === "object");
		const wanted = shapesOf(tables.flatMap((table) => createTable(table)));
		for (const statements of [
			await generated({}, wide),
			tables.flatMap((table) => createTable(table)),
		]) {
			const database = open();
			await database.batch(statements.map((sql) => ({ sql, params: [] })));
			const actual = shapesOf(await readStatements(database));
			expect(actual.size).toBe(wanted.size);
			expect(new SchemaDifference(wanted, actual, new Set(actual.keys())).tables).toEqual([]);
		}
	});
});

test.each([
	["two; three", ["two", "three"]],
	["a ';' b; -- c;\n/* d; */ e", ["a ';' b", "e"]],
	[
		"create trigger t after insert on a begin update b set x = case when 1 then 2 end; delete from c; end; select 1;",
		[
			"create trigger t after insert on a begin update b set x = case when 1 then 2 end; delete from c; end",
			"select 1",
		],
	],
	['begin; "end"; commit', ["begin", '"end"', "commit"]],
	["-- nothing\n;;", []],
])("the statements of %j are told apart", (sql, statements) => {
	expect(splitStatements(sql)).toEqual(statements);
});

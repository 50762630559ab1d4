import { generateSQLiteDrizzleJson, generateSQLiteMigration } from "drizzle-kit/api";
import { sql } from "drizzle-orm";
import { blob, check, getTableConfig, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { expect, onTestFinished, test } from "vitest";
import type { Casing } from "../../../src/data/schema/casing.ts";
import { createTable } from "../../../src/data/migrate/create-table.ts";
import type { Database } from "../../../src/data/database.ts";
import { readSchema, type Schema } from "../../../src/data/schema/read-schema.ts";
import { openDatabase } from "../../../src/runtime/node/open-database.ts";
import * as unnamed from "../../support/unnamed-schema.ts";
import * as wide from "../../support/wide-schema.ts";

const tables = readSchema(wide, {}).map((entity) => entity.table);
/** The casings, and the tables that are made in each. */
const made = [
	...tables.map((table) => [undefined, wide, table] as const),
	...readSchema(unnamed, {}).flatMap(({ table }) =>
		([undefined, "snake_case", "camelCase"] as const).map((casing) => {
			return [casing, unnamed, table] as const;
		}),
	),
];

async function databaseOf(statements: readonly string[]): Promise<Database> {
	const database = openDatabase({ url: ":memory:" });
	onTestFinished(async () => database.close());
	await database.batch(statements.map((sql) => ({ sql, params: [] })));
	return database;
}

async function ours(schema: Schema = wide, casing?: Casing): Promise<Database> {
	return databaseOf(
		readSchema(schema, {}, casing).flatMap(({ table }) => createTable(table, casing)),
	);
}

async function drizzleKits(schema: Schema = wide, casing?: Casing): Promise<Database> {
	const empty = await generateSQLiteDrizzleJson({});
	const full = await generateSQLiteDrizzleJson({ ...schema }, undefined, casing);
	const migration = await generateSQLiteMigration(empty, full);
	return databaseOf(migration.flatMap((part) => part.split("--> statement-breakpoint")));
}

async function read(database: Database, sql: string, name: string): Promise<unknown[][]> {
	const rows = await database.all({ sql, params: [name] });
	return rows.map((row) => [...row]);
}

/** All that the engine knows of a table, in an order that does not depend on who made it. */
async function describeTable(database: Database, table: string) {
	const columns = await read(database, "select * from pragma_table_xinfo(?)", table);
	const keys = await read(
		database,
		`select "table", "from", "to", on_update, on_delete from pragma_foreign_key_list(?) order by 1, 2`,
		table,
	);
	const indexes = await read(
		database,
		`select name, "unique", partial from pragma_index_list(?) where origin = 'c' order by name`,
		table,
	);
	const indexed = await Promise.all(
		indexes.map(([name]) =>
			read(database, "select seqno, cid, name from pragma_index_xinfo(?)", String(name)),
		),
	);
	const [count] = await read(
		database,
		"select count(*) from sqlite_master where tbl_name = ? and type = 'table' and sql like '%autoincrement%'",
		table,
	);
	return { columns, keys, indexes, indexed, autoIncrement: count };
}

test.each(
	made.map(([casing, schema, table]) => [getTableConfig(table).name, casing, schema] as const),
)("the table %s in casing %s is the one that drizzle-kit makes", async (name, casing, schema) => {
	const [one, other] = await Promise.all([ours(schema, casing), drizzleKits(schema, casing)]);
	const description = await describeTable(one, name);
	expect(description.columns.length).toBeGreaterThan(0);
	expect(description).toEqual(await describeTable(other, name));
});

test("defaults, generated columns, checks and partial indexes work as drizzle-kit's do", async () => {
	const written = await Promise.all(
		[ours(), drizzleKits()].map(async (opening) => {
			const database = await opening;
			const all = async (sql: string) => {
				try {
					return await database.all({ sql, params: [] });
				} catch (error) {
					return (error as { code: string }).code;
				}
			};
			await all("insert into people (full_name) values ('Ada')");
			const insert = "insert into articles (title, slug, author_id";
			return [
				await all(`${insert}) values ('Burrs', 'burrs', 1)`),
				await all(`${insert}, views) values ('Neg', 'neg', 1, -1)`),
				await all(`${insert}, status) values ('Odd', 'odd', 1, 'odd')`),
				await all(`${insert}) values ('Other', 'BURRS', 1)`),
				await all(`${insert}, views) values ('Nobody', 'nobody', 9, 9)`),
				await all(
					"select title, status, featured, views, score, meta, token, words, words_stored, typeof(updated_at), typeof(created_at) from articles",
				),
				await all("delete from people"),
				await all("select count(*) from articles"),
			];
		}),
	);
	expect(written[0]).toEqual(written[1]);
	expect(written[0]?.slice(1, 5)).toEqual(["check", "check", "unique", "foreign_key"]);
	expect(written[0]?.[5]).toEqual([
		["Burrs", "it's out", 1, 0, 1.5, '{"a":["b"]}', "31)", 5, 10, "integer", "text"],
	]);
});

test("names with quotes are quoted", async () => {
	const odd = sqliteTable('o"dd', {
		id: integer('i"d').primaryKey(),
		a: text("select").default("a'b"),
	});
	const database = await databaseOf(createTable(odd));
	expect(
		await database.all({ sql: 'insert into "o""dd" default values returning *', params: [] }),
	).toEqual([[1, "a'b"]]);
});

test("what drizzle-kit gets wrong: dates, quotes in JSON, values in checks, several parts in parentheses", async () => {
	const odd = sqliteTable(
		"odd",
		{
			id: integer("id").primaryKey(),
			joined: text("joined").default(sql`(hex(1)) || (hex(2))`),
			since: integer("since", { mode: "timestamp" }).default(new Date(1_700_000_000_000)),
			quoted: text("quoted", { mode: "json" }).default({ a: "it's" }),
			bytes: blob("bytes", { mode: "buffer" }).default(Buffer.from([0, 255])),
			big: blob("big", { mode: "bigint" }).default(5n),
		},
		(table) => [check("known", sql`${table.joined} <> ${"it's"}`)],
	);
	const database = await databaseOf(createTable(odd));
	const insert =
		"insert into odd default values returning joined, since, quoted, hex(bytes), hex(big)";
	expect(await database.all({ sql: insert, params: [] })).toEqual([
		["3132", 1_700_000_000, '{"a":"it\'s"}', "00FF", "35"],
	]);
	const refused = { sql: "insert into odd (joined) values (?)", params: ["it's"] };
	expect(() => database.all(refused)).toThrow(expect.objectContaining({ code: "check" }));
});

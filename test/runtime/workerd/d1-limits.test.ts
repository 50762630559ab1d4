import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { integer, real, sqliteTable, type AnySQLiteColumn } from "drizzle-orm/sqlite-core";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import { D1 } from "../../../src/data/drivers/d1.ts";
import { EntityManager } from "../../../src/data/entity-manager.ts";
import { createTable } from "../../../src/data/migrate/create-table.ts";
import type { FindOptions } from "../../../src/data/query/find-options.ts";
import { readSchema } from "../../../src/data/schema/read-schema.ts";
import { Registry } from "../../../src/data/schema/registry.ts";
import { EventManager } from "../../../src/events/event-manager.ts";
import { silentLogger } from "../../../src/kernel/logger.ts";
import { describeLimits } from "../../conformance/limits.ts";
import { describeAnyRows } from "../../conformance/limits/any-rows.ts";
import { wide } from "../../support/large-schema.ts";
import { LimitsBench } from "../../support/limits-bench.ts";

const open = async () => {
	await reset();
	return new D1(env.DB);
};

describeLimits("D1", open);
describeAnyRows("D1", open, { runs: 12 });

describe("D1's own limits", () => {
	let database: D1;
	beforeEach(async () => {
		database = await open();
	});
	const all = (sql: string, ...params: (string | number | bigint)[]) =>
		database.all({ sql, params });
	const marks = (count: number) => Array.from({ length: count }, () => "?").join();

	test.each([
		["select 1 as a, 2 as b where ? > 0 -- ", 1],
		["select ", 0],
	])("a text of over 100 000 bytes is refused before D1 sees it: %s", async (start, count) => {
		const params = Array.from({ length: count }, () => 1);
		const sql = `${start}1 /* ${"é".repeat(50_000)} */`;
		await expect(database.all({ sql, params })).rejects.toMatchObject({
			kind: "malformed",
			code: "query_too_large",
		});
	});

	test.each([
		`select ${Array.from({ length: 101 }, (_, at) => `1 as c${at}`).join()}`,
		Array.from({ length: 6 }, () => "select 1").join(" union all "),
		`select 1 from ${Array.from({ length: 65 }, (_, at) => `json_each('[]') as t${at}`).join()}`,
	])("what D1 finds too large is a fault of the query: %s", async (sql) => {
		await expect(all(sql)).rejects.toMatchObject({ kind: "malformed", code: "query_too_large" });
	});

	test("what nests too deeply is a fault of the query", async () => {
		const sql = `select ${"not (".repeat(100)}1${")".repeat(100)}`;
		await expect(all(sql)).rejects.toMatchObject({ kind: "malformed", code: "query_too_complex" });
	});

	test("a list in JSON that would be over two megabytes is refused", async () => {
		const texts = Array.from({ length: 300 }, () => "x".repeat(10_000));
		await expect(all(`select 1 in (${marks(300)})`, ...texts)).rejects.toMatchObject({
			kind: "too_large",
			code: "value_too_large",
		});
	});

	test("values that travel in JSON use the same indexes as those that are bound", async () => {
		await all("create table t (id integer primary key, title text, rank numeric, state text)");
		await all("create index t_title on t (title)");
		await all("create index t_rank on t (rank, id)");
		const plan = async (sql: string, ...params: (string | number | bigint)[]) =>
			(await all(`explain query plan ${sql}`, ...params)).map((row) => row.at(-1)).join("; ");
		expect(await plan("select * from t where id = ?", 1)).toMatch(
			/SEARCH t USING INTEGER PRIMARY KEY/,
		);
		expect(await plan("select * from t where id > ? and id <= ? limit ?", 1, 2, 3)).toMatch(
			/SEARCH t USING INTEGER PRIMARY KEY \(rowid>\? AND rowid<\?\)/,
		);
		expect(await plan("update t set state = ? where rank = ?", "x", 2n ** 60n)).toMatch(
			/SEARCH t USING (?:COVERING )?INDEX t_rank \(rank=\?\)/,
		);
		const many = Array.from({ length: 150 }, (_, at) => `t${at}`);
		expect(await plan(`select * from t where title in (${marks(150)})`, ...many)).toMatch(
			/SEARCH t USING INDEX t_title \(title=\?\)/,
		);
		expect(
			await plan("select * from t where rank >= ? order by rank, id limit ?", 1, 2),
		).not.toMatch(/TEMP B-TREE/);
	});

	test("a missing table of Burdock's own says to migrate", async () => {
		const bench = await new LimitsBench(database).prepare();
		await all("drop table burdock_guard");
		const mutator = bench.em.mutator(wide);
		await mutator.insertMany([{ w0: "a" }, { w0: "b" }] as never);
		await expect(
			mutator.updateWhere({ w0: "c" } as never, { id: { $gt: 0 } }),
		).rejects.toMatchObject({
			kind: "unavailable",
			code: "not_migrated",
		});
	});

	test("a query whose text would be too long is a fault of the query", async () => {
		const letters = Array.from({ length: 90 }, (_, at) => `${"n".repeat(200)}${at}`);
		const longs = sqliteTable("longs", {
			id: integer("id").primaryKey(),
			parentId: integer("parent_id").references((): AnySQLiteColumn => longs.id),
			...Object.fromEntries(letters.map((name, at) => [`c${at}`, real(name)])),
		});
		const registry = new Registry(readSchema({ longs }, {}));
		const events = new EventManager(DatabaseEvents, { logger: silentLogger });
		const em = new EntityManager({ registry, database, events });
		for (const sql of createTable(longs)) await all(sql);
		const rows = async (options: FindOptions) => em.reader("longs").findMany(options, "client");
		const [one, many] = [{ with: "parent" }, { with: { parent: { with: "parent" } } }];
		expect((await rows({})).data).toEqual([]);
		for (const options of [one, many]) {
			await expect(rows(options)).rejects.toMatchObject({
				kind: "malformed",
				code: "query_too_large",
			});
		}
		expect(
			(await rows({ ...one, select: ["id"], with: { parent: { select: ["c1"] } } })).data,
		).toEqual([]);
	});
});

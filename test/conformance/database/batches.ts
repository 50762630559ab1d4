import { describe, expect, test } from "vitest";
import { statement, type Subject } from "./subject.ts";

const GUARD = "insert into burdock_guard (ok) select 0 where changes() <> 1";

export function describeBatches(subject: Subject): void {
	describe("batches", () => {
		atomicity(subject);
		visibility(subject);
		building(subject);
	});
}

function atomicity(subject: Subject): void {
	const { all, batch, failure } = subject;

	for (const position of [0, 1, 2, 3]) {
		test(`a failure of statement ${position + 1} of 4 stores nothing`, async () => {
			await all("create table t (id integer primary key, a text not null)");
			await all("insert into t values (1, 'kept')");
			const statements: [string, ...unknown[]][] = [
				["insert into t values (?, ?)", 2, "new"],
				["update t set a = ? where id = ?", "changed", 1],
				["delete from t where id = ?", 1],
				["insert into t values (?, ?)", 3, "new"],
			];
			statements[position] = ["insert into t values (?, ?)", 4, null];
			const error = await failure(() => batch(...statements));
			expect(error.code).toBe("not_null");
			expect(await all("select * from t")).toEqual([[1, "kept"]]);
			await batch(["insert into t values (?, ?)", 5, "after"], "select 1");
			expect(await all("select count(*) from t")).toEqual([[2]]);
		});
	}

	test("a statement that cannot be prepared stores nothing", async () => {
		await all("create table t (a)");
		await failure(() => batch("insert into t values (1)", "insert into nowhere values (1)"));
		expect(await all("select count(*) from t")).toEqual([[0]]);
	});

	test("an empty batch answers nothing, one of a single statement its rows", async () => {
		expect(await batch()).toEqual([]);
		expect(await batch("select 1 as a, 2 as a")).toEqual([[[1, 2]]]);
	});

	test("first holds in a batch", async () => {
		const first = {
			...statement("select value as v from json_each('[1,2]')"),
			first: true,
		} as const;
		expect(await subject.database.batch([first, statement("select 3 as v")])).toEqual([
			[[1]],
			[[3]],
		]);
	});

	test("a batch is never caught in another, nor are single statements", async () => {
		await all("create table t (a integer unique)");
		const work: Promise<unknown>[] = [];
		for (let index = 0; index < 50; index++) {
			const insert = "insert into t values (?)";
			const second = index % 2 === 0 ? index + 100 : index;
			work.push(batch([insert, index], [insert, second]).catch(() => {}));
			work.push(all(insert, index + 1_000));
		}
		await Promise.all(work);
		expect(await all("select count(*) from t where a >= 1000")).toEqual([[50]]);
		expect(await all("select count(*) from t where a < 1000")).toEqual([[50]]);
	});
}

function visibility({ all, batch, deviates }: Subject): void {
	test("a statement sees what earlier ones wrote, each answers its own rows", async () => {
		const results = await batch(
			"create table t (id integer primary key, a text)",
			["insert into t (a) values (?) returning id, a", "x"],
			["update t set a = a || ?", "y"],
			"select a, id from t",
			["insert into t (a) values (?), (?) returning id", "p", "q"],
		);
		expect(results).toEqual([[], [[1, "x"]], [], [["xy", 1]], [[2], [3]]]);
	});

	test("reads alone make a batch too", async () => {
		await all("create table t (id integer primary key)");
		await all("insert into t select value from json_each('[1,2,3]')");
		expect(await batch("select id from t limit 2", "select count(*) as n from t")).toEqual([
			[[1], [2]],
			[[3]],
		]);
	});

	test("values of every kind come back from a batch", async () => {
		const [rows] = await batch(
			["select ? as a, ? as b, ? as c, ? as d, ? as e", 1, 1.5, "", null, Uint8Array.of(1, 0)],
			"select 1",
		);
		expect(rows).toEqual([[1, 1.5, "", null, Uint8Array.of(1, 0)]]);
	});

	test("changes() counts the rows of the statement before it", async () => {
		await all("create table t (id integer primary key, a)");
		const results = await batch(
			"insert into t (a) values (1), (2), (3)",
			"select changes() as n",
			"delete from t where id > 1",
			"select changes() as n",
		);
		expect(results).toEqual([[], [[3]], [], [[2]]]);
	});

	const claim = deviates("batch-columns-by-name") ? test.fails : test;
	claim("columns of one name, and numbers as names, are told apart in a batch", async () => {
		expect(await batch("select 3 as a, 2 as a", "select 'x' as '2', 'y' as '1'")).toEqual([
			[[3, 2]],
			[["x", "y"]],
		]);
	});
}

function building({ all, batch, failure }: Subject): void {
	test("a guard rolls the batch back and is known by its name", async () => {
		await all(
			"create table burdock_guard (ok integer not null, constraint burdock_one_row check (ok = 1))",
		);
		await all("create table t (id integer primary key, a)");
		await all("create table audit (what text)");
		await all("insert into t values (1, 'old')");
		const write = (id: number) =>
			batch(["update t set a = ? where id = ? returning *", "new", id], GUARD, [
				"insert into audit values (?)",
				`updated ${id}`,
			]);
		const error = await failure(() => write(7));
		expect(error).toMatchObject({ code: "check", constraint: "burdock_one_row" });
		expect(await all("select count(*) from audit")).toEqual([[0]]);
		expect(await write(1)).toEqual([[[1, "new"]], [], []]);
		expect(await all("select what from audit")).toEqual([["updated 1"]]);
		expect(await all("select count(*) from burdock_guard")).toEqual([[0]]);
	});

	test("an id that the database made is known to later statements", async () => {
		await all("create table posts (id integer primary key autoincrement, title text)");
		await all("create table audit (post integer primary key, what text) without rowid");
		const results = await batch(
			["insert into posts (title) values (?) returning id, title", "first"],
			[
				"insert into audit select (select seq from sqlite_sequence where name = ?), ? returning post, what",
				"posts",
				"inserted",
			],
		);
		expect(results).toEqual([[[1, "first"]], [[1, "inserted"]]]);
	});

	test("rows of a bulk insert are known to the statement right after it", async () => {
		await all("create table posts (id integer primary key autoincrement, title text)");
		await all("create table audit (post integer primary key) without rowid");
		await all("insert into posts (title) values ('before')");
		const [, , rows] = await batch(
			["insert into posts (title) select value from json_each(?)", '["a","b","c"]'],
			"insert into audit select id from posts where id > last_insert_rowid() - changes()",
			"select post from audit order by post",
		);
		expect(rows).toEqual([[2], [3], [4]]);
	});
}

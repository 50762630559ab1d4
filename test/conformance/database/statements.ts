import { describe, expect, test } from "vitest";
import { statement, type Subject } from "./subject.ts";

export function describeStatements(subject: Subject): void {
	describe("statements", () => {
		rows(subject);
		refusals(subject);
		schemaChanges(subject);
	});
}

function rows(subject: Subject): void {
	const { all } = subject;

	test("a statement that returns no rows answers none", async () => {
		expect(await all("create table t (id integer primary key, a)")).toEqual([]);
		expect(await all("insert into t (a) values (?)", "x")).toEqual([]);
		expect(await all("update t set a = ?", "y")).toEqual([]);
		expect(await all("select a from t where id = ?", 99)).toEqual([]);
		expect(await all("delete from t")).toEqual([]);
		expect(await all("drop table t")).toEqual([]);
	});

	test("columns keep their order and may share a name", async () => {
		expect(await all("select 3 as a, 2 as a, 1 as a")).toEqual([[3, 2, 1]]);
		expect(await all("select 'x' as '2', 'y' as '1', 'z' as __proto__")).toEqual([["x", "y", "z"]]);
	});

	test("first answers for its own parameters, whatever ran before with the same text", async () => {
		const { database } = subject;
		await database.all(statement("create table t (id integer primary key, doc text)"));
		await database.all(statement("insert into t values (1, '{}'), (2, '{'), (3, '{}')"));
		const sql = "select id, json(doc) from t where id = ?";
		const first = async (id: number) => {
			const [row] = await database.all({ ...statement(sql, id), first: true });
			return row?.[0];
		};
		expect(await database.all(statement(sql, 3))).toEqual([[3, "{}"]]);
		expect(await first(1)).toBe(1);
		expect(await first(9)).toBeUndefined();
		const failed = { code: "database_failed" };
		await expect(first(2)).rejects.toMatchObject(failed);
		expect(await first(3)).toBe(3);
		expect(await first(1)).toBe(1);
		await expect((async () => database.all(statement(sql, 2)))()).rejects.toMatchObject(failed);
		expect(await first(3)).toBe(3);
	});

	test("first answers at most one row", async () => {
		await all("create table t (id integer primary key)");
		await all("insert into t select value from json_each('[1,2,3]')");
		const first = (sql: string, ...params: unknown[]) =>
			subject.database.all({ ...statement(sql, ...params), first: true });
		expect(await first("select id from t order by id desc")).toEqual([[3]]);
		expect(await first("select id from t where id = ?", 9)).toEqual([]);
		expect(await first("update t set id = id + 10 returning id > 10")).toEqual([[1]]);
		expect(await all("select id from t order by id")).toEqual([[11], [12], [13]]);
	});

	test("a read whose first row was taken holds nothing back", async () => {
		await all("create table t (id integer primary key)");
		await all("insert into t select value from json_each('[1,2,3]')");
		await subject.database.all({ ...statement("select id from t"), first: true });
		expect(await all("drop table t")).toEqual([]);
	});

	test("a list is bound as one JSON value", async () => {
		const sql = "select value from json_each(?) where value in (select value from json_each(?))";
		expect(await all(sql, "[1,2,3]", "[3,1]")).toEqual([[1], [3]]);
		const many = JSON.stringify(Array.from({ length: 5_000 }, (_, index) => index));
		expect(await all("select count(*), sum(value) from json_each(?)", many)).toEqual([
			[5_000, 12_497_500],
		]);
	});

	test("a bulk insert returns its rows in the order of the input", async () => {
		await all(
			"create table posts (id integer primary key autoincrement, title text, views integer)",
		);
		const input = Array.from({ length: 300 }, (_, index) => ({ t: `post ${index}`, v: index }));
		const returned = await all(
			"insert into posts (title, views) select value ->> 't', value ->> 'v' from json_each(?) returning id, title, views",
			JSON.stringify(input.reverse()),
		);
		expect(returned).toEqual(input.map(({ t, v }, index) => [index + 1, t, v]));
	});

	test("200 calls at once each get their own answer", async () => {
		await all("create table t (id integer primary key, a integer)");
		await Promise.all(
			Array.from({ length: 200 }, (_, id) => all("insert into t values (?, ?)", id, id * 2)),
		);
		const answers = await Promise.all(
			Array.from({ length: 200 }, (_, id) => all("select a from t where id = ?", id)),
		);
		expect(answers).toEqual(Array.from({ length: 200 }, (_, id) => [[id * 2]]));
	});

	test("more texts than stay prepared can be run, again and again", async () => {
		for (let round = 0; round < 2; round++) {
			for (let index = 0; index < 700; index++) {
				expect(await all(`select ${index} + ?`, 1)).toEqual([[index + 1]]);
			}
		}
	});
}

function refusals({ all, failure }: Subject): void {
	for (const sql of [
		"select 1; select 2",
		"insert into t values (1); drop table t",
		"",
		"   ",
		"-- nothing",
		"select 1\0",
		"select :a",
		"select @a",
		"select $a",
		"begin",
		"BEGIN IMMEDIATE",
		"commit",
		"end",
		"rollback",
		"savepoint s",
		"release s",
	]) {
		test(`${JSON.stringify(sql)} is refused`, async () => {
			const error = await failure(() => all(sql));
			expect(error).toMatchObject({ code: "statement_refused", kind: "internal" });
		});
	}

	test("a semicolon at the end, comments and triggers are fine", async () => {
		expect(await all("/* a */ select 1; -- b")).toEqual([[1]]);
		await all("create table t (id integer primary key, a)");
		await all(
			"create trigger copy after insert on t when new.a < 2 begin insert into t (a) values (2); insert into t (a) values (3); end",
		);
		await all("insert into t (a) values (1)");
		expect(await all("select a from t order by id")).toEqual([[1], [2], [3]]);
	});
}

function schemaChanges({ all, failure }: Subject): void {
	const read = "select * from t order by 1";

	test("a prepared statement follows ALTER TABLE", async () => {
		await all("create table t (a, b)");
		await all("insert into t values (1, 2)");
		expect(await all(read)).toEqual([[1, 2]]);
		await all("alter table t add column c default 'new'");
		expect(await all(read)).toEqual([[1, 2, "new"]]);
		await all("alter table t drop column a");
		expect(await all(read)).toEqual([[2, "new"]]);
		await all("alter table t rename column b to z");
		expect(await all(read)).toEqual([[2, "new"]]);
	});

	test("a prepared statement follows DROP and CREATE", async () => {
		const write = "insert into t values (?)";
		await all("create table t (a)");
		await all(write, 1);
		expect(await all(read)).toEqual([[1]]);
		await all("drop table t");
		expect((await failure(() => all(read))).code).toBe("database_failed");
		expect((await failure(() => all(write, 1))).code).toBe("database_failed");
		await all("create table t (other text, more text)");
		expect((await failure(() => all(write, 1))).code).toBe("database_failed");
		expect(await all(read)).toEqual([]);
		await all("drop table t");
		await all("create table t (other text)");
		await all(write, "x");
		expect(await all(read)).toEqual([["x"]]);
	});

	test("a prepared statement follows a new unique index", async () => {
		const write = "insert into t values (?)";
		await all("create table t (a)");
		await all(write, "x");
		await all("create unique index t_a on t (a)");
		expect((await failure(() => all(write, "x"))).code).toBe("unique");
		await all("drop index t_a");
		await all(write, "x");
		expect(await all("select count(*) from t")).toEqual([[2]]);
	});
}

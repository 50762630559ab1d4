import { describe, expect, test } from "vitest";
import { readPlaceholders, readStatement } from "../../src/data/statement-shape.ts";

describe("readPlaceholders", () => {
	test.each([
		["select ?, '?' -- ?\n, ?2, ?, ?1", [1, 2, 3, 1]],
		["select /* ? */ ?12 ->> ?", [12, 13]],
	])("finds those of %j", (sql, values) => {
		const found = readPlaceholders(sql);
		expect(found.map(({ value }) => value)).toEqual(values);
		for (const { start, end } of found) expect(sql.slice(start, end)).toMatch(/^\?\d*$/);
	});
});

describe("readStatement", () => {
	test.each([
		["select 1", 0],
		["select ?, ?", 2],
		["select ?1, ?1", 1],
		["select ?3", 3],
		["select ?2, ?", 3],
		["select '?', 'it''s ?', \"?\", \"a\"\"?\", `?`, [?], ?", 1],
		["select /* ? /* */ ? -- ?", 1],
		["select ? /* ?", 1],
		["select a$b, é?", 1],
		["select x'3f', ?", 1],
		["select '$.a', a ->> '$.b' from t where c = ?", 1],
		["select 'unterminated ?", 1],
	])("counts the placeholders of %j", (sql, placeholders) => {
		expect(readStatement(sql).placeholders).toBe(placeholders);
	});

	test.each([
		["select 1", true],
		["  /* c */ SELECT 1", true],
		["values (1)", true],
		["with a as (select 1) select * from a", true],
		["with a as (select 1) insert into t select * from a", false],
		["with a as (select 'delete') select * from a", true],
		["insert into t values (1) returning a", false],
		["pragma user_version", false],
		["explain select 1", false],
		["create table t (a)", false],
	])("%j can only read: %s", (sql, reads) => {
		expect(readStatement(sql).reads).toBe(reads);
	});

	test.each([
		["select 1;", "select 1"],
		["select ';'; -- end", "select ';'"],
		["select 1 -- no semicolon", "select 1 -- no semicolon"],
	])("%j is the statement %j", (sql, statement) => {
		expect(readStatement(sql).sql).toBe(statement);
	});

	test("a trigger is one statement, with all its semicolons", () => {
		for (const sql of [
			"create trigger a after insert on t begin select 1; select 2; end",
			"CREATE TEMP TRIGGER a after insert on t begin select 1; end;",
		]) {
			expect(readStatement(sql).sql).toBe(sql);
		}
	});

	test("reads a long text in time that grows no faster than it", () => {
		const sql = `select ${"'a' || ? || \"b\" -- c\n, ".repeat(50_000)} 1`;
		expect(readStatement(sql).placeholders).toBe(50_000);
		expect(readStatement("'".repeat(200_001)).placeholders).toBe(0);
	});
});

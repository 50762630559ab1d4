import { closeSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from "node:fs";
import Libsql from "libsql";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Database } from "../../src/data/database.ts";
import { LibsqlLocal, type NativeDatabase } from "../../src/data/drivers/libsql-local.ts";
import { openDatabase } from "../../src/runtime/node/open-database.ts";
import { statement } from "../conformance/database/subject.ts";
import { temporaryFile } from "../support/temporary-file.ts";

const PAGE = 4_096;

function open(path: string): Database {
	const database = openDatabase({ url: `file:${path}` });
	onTestFinished(() => database.close());
	return database;
}

async function fill(path: string): Promise<void> {
	const database = open(path);
	await database.all(statement("create table t (id integer primary key, a text)"));
	await database.all(
		statement(
			"insert into t (a) select ? from json_each(?)",
			"x".repeat(500),
			"[1,2,3,4,5,6,7,8,9,10]",
		),
	);
	await database.close();
}

describe("the embedded engine's file", () => {
	test("is whole after closing: no log is left to take in", async () => {
		const path = temporaryFile();
		await fill(path);
		expect(statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0);
		const copy = temporaryFile();
		writeFileSync(copy, readFileSync(path));
		expect(await open(copy).all(statement("select count(*) from t"))).toEqual([[10]]);
	});

	test("damaged: database_corrupt, which trying again does not help", async () => {
		const path = temporaryFile();
		await fill(path);
		const file = openSync(path, "r+");
		const garbage = Buffer.alloc(PAGE, 0xa5);
		for (let at = PAGE; at < statSync(path).size; at += PAGE) writeSync(file, garbage, 0, PAGE, at);
		closeSync(file);
		const database = open(path);
		expect(() => database.all(statement("select a from t"))).toThrow(
			expect.objectContaining({ code: "database_corrupt", kind: "unavailable", retryable: false }),
		);
	});

	test("full: database_full, the batch is rolled back and the database goes on", () => {
		const path = temporaryFile();
		const native = new Libsql(path) as unknown as NativeDatabase;
		native.exec("pragma journal_mode = wal; create table t (id integer primary key, a text)");
		native.exec("pragma max_page_count = 8");
		const database = new LibsqlLocal(native, { location: path });
		onTestFinished(() => database.close());
		const small = statement("insert into t (a) values (?)", "small");
		const large = statement("insert into t (a) values (?)", "x".repeat(20 * PAGE));
		expect(() => database.batch([small, large])).toThrow(
			expect.objectContaining({ code: "database_full", kind: "unavailable" }),
		);
		expect(native.inTransaction).toBe(false);
		expect(database.all(statement("select count(*) from t"))).toEqual([[0]]);
		expect(database.batch([small, small])).toEqual([[], []]);
	});
});

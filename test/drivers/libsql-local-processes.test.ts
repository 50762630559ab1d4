import { type ChildProcess, execFile, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { isPromise, toPromise } from "../../src/kernel/maybe.ts";
import { openDatabase } from "../../src/runtime/node/open-database.ts";
import { statement } from "../conformance/database/subject.ts";
import { temporaryFile } from "../support/temporary-file.ts";

const run = promisify(execFile);
const script = (name: string) => join(import.meta.dirname, "processes", `${name}.ts`);

function open(path: string) {
	const database = openDatabase({ url: `file:${path}` });
	onTestFinished(() => database.close());
	return database;
}

function start(name: string, ...args: readonly string[]): ChildProcess {
	const child = fork(script(name), args);
	onTestFinished(() => void child.kill());
	return child;
}

describe("the embedded engine, in several processes", () => {
	test("writers of one file lose no row and fail nowhere", { timeout: 60_000 }, async () => {
		const path = temporaryFile();
		const rows = 300;
		const database = open(path);
		await database.all(statement("create table t (id integer primary key, writer text)"));
		await database.all(statement("create table counters (id integer primary key, n integer)"));
		await database.all(statement("insert into counters values (1, 0)"));
		const children = ["a", "b"].map((writer) =>
			run(process.execPath, [script("write-rows"), path, writer, String(rows)]),
		);
		const own = Array.from({ length: rows }, () =>
			toPromise(() =>
				database.batch([
					statement("insert into t (writer) values (?)", "c"),
					statement("update counters set n = n + 1 where id = ?", 1),
				]),
			),
		);
		await Promise.all([...own, ...children]);
		expect(await database.all(statement("select writer, count(*) from t group by 1"))).toEqual([
			["a", rows],
			["b", rows],
			["c", rows],
		]);
		expect(await database.all(statement("select n from counters"))).toEqual([[3 * rows]]);
	});

	test("a lock of another process leaves the event loop free to ask for its release", async () => {
		const path = temporaryFile();
		const database = open(path);
		await database.all(statement("create table t (a)"));
		const child = start("hold-lock", path);
		expect(await once(child, "message")).toEqual(["locked", undefined]);
		const write = database.all(statement("insert into t values (1)"));
		expect(isPromise(write)).toBe(true);
		expect(database.all(statement("select * from t"))).toEqual([]);
		child.send("release");
		expect(await write).toEqual([]);
		expect(database.all(statement("select * from t"))).toEqual([[1]]);
	});

	test("a killed writer leaves nothing behind", async () => {
		const path = temporaryFile();
		const database = open(path);
		await database.all(statement("create table t (a)"));
		const child = start("hold-lock", path);
		await once(child, "message");
		const write = database.all(statement("insert into t values (1)"));
		child.kill("SIGKILL");
		expect(await write).toEqual([]);
	});
});

describe("parameters of every kind", () => {
	test(
		"come back as they were or are refused, and the process lives",
		{ timeout: 60_000 },
		async () => {
			for (const seed of ["20261121", String(Date.now() % 1_000_000)]) {
				const { stdout } = await run(process.execPath, [script("fuzz-parameters"), seed, "5000"]);
				const { taken, refused } = JSON.parse(stdout) as Record<string, number>;
				expect(taken).toBeGreaterThan(1_000);
				expect(refused).toBeGreaterThan(1_000);
			}
		},
	);
});

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { isPromise } from "../../../src/kernel/maybe.ts";
import { openDatabase } from "../../../src/runtime/node/open-database.ts";
import { nodePlatform } from "../../../src/runtime/node/platform.ts";
import { statement } from "../../conformance/database/subject.ts";
import { temporaryFile } from "../../support/temporary-file.ts";

function open(url: string) {
	const database = openDatabase({ url });
	onTestFinished(() => database.close());
	return database;
}

function refusal(url: string): unknown {
	try {
		open(url);
	} catch (error) {
		return error;
	}
	return undefined;
}

describe("openDatabase", () => {
	test("makes the file and its directories", async () => {
		const path = join(temporaryFile(), "deep", "er", "data.db");
		const database = open(`file:${path}`);
		expect(await database.all(statement("pragma journal_mode"))).toEqual([["wal"]]);
		expect(await database.all(statement("pragma foreign_keys"))).toEqual([[1]]);
		expect(await database.all(statement("pragma synchronous"))).toEqual([[1]]);
		expect(database.location).toBe(path);
		expect(statSync(path).isFile()).toBe(true);
	});

	test("groups the writes of a server, and of nobody else", async () => {
		const connection = { url: ":memory:" };
		const served = await nodePlatform({ exposure: "loopback" }).openDatabase(connection);
		const own = await nodePlatform().openDatabase(connection);
		for (const database of [served, own]) {
			onTestFinished(() => database.close());
			await database.all(statement("create table t (a)"));
			const insert = statement("insert into t values (1)");
			expect(database.all(insert)).toEqual([]);
			const second = database.all(insert);
			expect(isPromise(second)).toBe(database === served);
			expect(await second).toEqual([]);
			expect(await database.all(statement("select count(*) from t"))).toEqual([[2]]);
		}
	});

	test("takes a file URL, percent-encoded", () => {
		const path = temporaryFile("with space & ü.db");
		open(pathToFileURL(path).href);
		expect(statSync(path).isFile()).toBe(true);
	});

	test("opens an empty database in memory, each its own", async () => {
		const one = open(":memory:");
		await one.all(statement("create table t (a)"));
		const other = open(":memory:");
		expect(await other.all(statement("select name from sqlite_master"))).toEqual([]);
	});

	test("goes to a server for the other schemes, without asking it yet", () => {
		for (const url of [
			"libsql://db.example.com",
			"https://db.example.com",
			"ws://db.example.com",
		]) {
			const { engine, location } = open(url);
			expect({ engine, location }).toEqual({ engine: "libSQL", location: "db.example.com" });
		}
	});

	test.each([
		"data.db",
		"",
		"postgres://user:password@host/db",
		"file:",
		"file:data.db?mode=ro",
		"file://other-host/data.db",
		"file:%zz",
		"https://",
	])("refuses the URL %j and repeats nothing of it", (url) => {
		const error = refusal(url);
		expect(error).toMatchObject({ code: "database_url_invalid", kind: "invalid" });
		expect((error as Error).message).not.toContain("password");
	});

	test("says early that a file is not a database", () => {
		const path = temporaryFile();
		writeFileSync(
			path,
			"This is a text, and long enough to be no header of a database.\n".repeat(9),
		);
		expect(refusal(`file:${path}`)).toMatchObject({
			code: "database_not_opened",
			message: `The database ${path} cannot be opened: the file is not a SQLite database.`,
			cause: { code: "not_a_database" },
			retryable: false,
		});
	});

	test("says that a part of the path is a file", () => {
		const file = temporaryFile();
		writeFileSync(file, "");
		expect(refusal(`file:${join(file, "data.db")}`)).toMatchObject({
			code: "database_not_opened",
			message: expect.stringContaining("a part of its path is a file"),
		});
	});

	test("says that a directory cannot be written to", () => {
		expect(refusal("file:/proc/burdock/data.db")).toMatchObject({
			code: "database_not_opened",
			message: expect.stringMatching(/^The database \/proc\/burdock\/data.db cannot be opened: /),
		});
	});

	test("says that the path is a directory", () => {
		const path = temporaryFile();
		mkdirSync(path);
		expect(refusal(`file:${path}`)).toMatchObject({
			code: "database_not_opened",
			message: expect.stringContaining("is a directory"),
		});
	});

	test.each([
		["file:data.db", "libsql"],
		["libsql://db.example.com", "@libsql/client"],
	])("says for %s how to install a missing %s", (url, name) => {
		const main = temporaryFile("main.ts");
		cpSync("src", join(dirname(main), "src"), { recursive: true });
		writeFileSync(
			main,
			`import { openDatabase } from "./src/runtime/node/open-database.ts";
			try { openDatabase({ url: "${url}" }); } catch (error) { console.log(error.code, error.message); }`,
		);
		expect(execFileSync(process.execPath, [main], { encoding: "utf8" })).toBe(
			`database_package_missing The package ${name} cannot be loaded. Install it with: npm install ${name}\n`,
		);
	});
});

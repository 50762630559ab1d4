import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { AppError } from "../../../src/kernel/error.ts";
import type { Database } from "../../../src/data/database.ts";
import { FirstBootClaim } from "../../../src/data/migrate/first-boot-claim.ts";
import { readSchema } from "../../../src/data/schema/read-schema.ts";
import { Tables } from "../../../src/data/migrate/tables.ts";
import { openDatabase } from "../../../src/runtime/node/open-database.ts";
import { CountedDatabase } from "../../support/counted-database.ts";
import { temporaryFile } from "../../support/temporary-file.ts";
import { people, tokens } from "../../support/wide-schema.ts";

const entities = readSchema({ people, tokens }, {});

function open(url = ":memory:"): Database {
	const database = openDatabase({ url });
	onTestFinished(async () => database.close());
	return database;
}

async function run(database: Database, sql: string) {
	return database.all({ sql, params: [] });
}

async function failureOf(call: Promise<void>) {
	const error = await call.then(
		() => undefined,
		(caught: unknown) => caught,
	);
	if (!(error instanceof AppError)) throw new Error("It did not fail.");
	const problems = error.message.split("\n").filter((line) => line.startsWith("- "));
	const { message, code, details } = error;
	return { message, code, details, problems };
}

describe("preparing the tables", () => {
	test("makes those of an empty database, and leaves them alone from then on", async () => {
		const database = open();
		const tables = new Tables(database, entities);
		await tables.prepare();
		await run(database, "insert into people (full_name) values ('Ada')");
		await tables.prepare();
		expect(await run(database, "select full_name from people")).toEqual([["Ada"]]);
	});

	test("adopts tables that others made, however they wrote them, and adds what Burdock needs", async () => {
		const database = open();
		await run(
			database,
			"CREATE TABLE PEOPLE ([ID] INTEGER PRIMARY KEY AUTOINCREMENT, `Full_Name` TEXT NOT NULL /* both */)",
		);
		await run(database, "create table tokens (id text primary key, label text default null)");
		await run(database, "create table others (people_id integer references people)");
		await run(database, "create index others_of on people (full_name)");
		await new Tables(database, entities).prepare();
		expect(await run(database, "select count(*) from burdock_guard")).toEqual([[0]]);
	});

	test("names everything that differs, and changes nothing", async () => {
		const database = open();
		await run(database, "create table people (id integer primary key, extra text)");
		const failure = await failureOf(new Tables(database, entities).prepare());
		expect(failure).toMatchObject({ code: "schema_mismatch" });
		expect(failure.problems).toEqual([
			"- The table people has no column full_name.",
			"- The table people has a column extra, the schema has none.",
			"- people has no AUTOINCREMENT, unlike in the schema.",
			"- There is no table tokens.",
		]);
		expect(failure.message).toContain('create table "__new_people" (');
		expect(failure.details?.["hint"]).toMatch(/^Run: burdock migrate generate/);
		expect(await run(database, "select name from pragma_table_info('people')")).toEqual([
			["id"],
			["extra"],
		]);
	});

	test("compares again when somebody has changed a table since", async () => {
		const database = open();
		await new Tables(database, entities).prepare();
		await run(database, "alter table people rename column full_name to fuller_name");
		const failure = await failureOf(new Tables(database, entities).prepare());
		expect(failure.problems).toHaveLength(2);
		await run(database, "alter table people rename column fuller_name to full_name");
		await new Tables(database, entities).prepare();
	});

	test("reads two statements and writes none when nothing has changed", async () => {
		const database = new CountedDatabase(open());
		await new Tables(database, entities).prepare();
		database.reset();
		await new Tables(database, entities).prepare();
		expect(database.statements).toBe(2);
	});

	test("does nothing by halves: a table that cannot be made leaves none", async () => {
		const database = open();
		await run(database, "create view tokens as select 1 as id");
		await expect(new Tables(database, entities).prepare()).rejects.toMatchObject({
			code: "database_failed",
		});
		const made = await run(database, "select name from sqlite_master where type = 'table'");
		expect(made).toEqual([]);
	});
});

describe("the first boot", () => {
	test("is claimed by one of twenty concurrent callers", async () => {
		const database = open(`file:${temporaryFile()}`);
		await new Tables(database, entities).prepare();
		const claim = new FirstBootClaim(database);
		const claims = await Promise.all(Array.from({ length: 20 }, () => claim.take(0)));
		expect(claims.filter(Boolean)).toHaveLength(1);
		await claim.release();
		expect(await claim.take(0)).toBe(true);
		expect(await claim.take(0)).toBe(false);
	});

	test(
		"is claimed by one of several processes that start at once on no file at all",
		{ timeout: 30_000 },
		async () => {
			const url = `file:${temporaryFile()}`;
			const answers = await Promise.all(Array.from({ length: 4 }, () => claimInProcess(url)));
			expect(answers.toSorted()).toEqual(["claimed", "late", "late", "late"]);
		},
	);

	test("an entity with rows makes the database not empty", async () => {
		const database = open();
		await new Tables(database, entities).prepare();
		const claim = new FirstBootClaim(database);
		expect(await claim.areEmpty(entities)).toBe(true);
		await run(database, "insert into tokens (id) values ('x')");
		expect(await claim.areEmpty(entities)).toBe(false);
		expect(await claim.areEmpty([])).toBe(true);
	});
});

/** Runs `processes/claim-first-boot.ts`, and answers what it printed. */
function claimInProcess(url: string): Promise<string> {
	const script = fileURLToPath(new URL("processes/claim-first-boot.ts", import.meta.url));
	const child = spawn(process.execPath, [script, url], { stdio: ["ignore", "pipe", "inherit"] });
	return new Promise((resolve, reject) => {
		let text = "";
		child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
		child.on("error", reject).on("close", () => resolve(text.trim()));
	});
}

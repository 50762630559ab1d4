import { execFile } from "node:child_process";
import { readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { createClient } from "@libsql/client";
import { drizzle } from "drizzle-orm/libsql";
import { migrate } from "drizzle-orm/libsql/migrator";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { Database } from "../../src/data/database.ts";
import { openDatabase } from "../../src/runtime/node/open-database.ts";
import { CliProject, type CliOutcome } from "../support/cli-project.ts";
import * as steps from "../support/schema-steps.ts";

const STEPS = readFileSync("test/support/schema-steps.ts", "utf8");
const RENAMES = "people.name:full_name,comments:remarks";
type Step = "first" | "second" | "third";

let project: CliProject;

/** A project whose schema is the first, the second or the third. */
function files(step: Step): Readonly<Record<string, string>> {
	return {
		"schema-steps.ts": STEPS,
		"bknd.config.ts": `import { defineConfig } from "burdock";
import { ${step} as schema } from "./schema-steps.ts";
export default defineConfig({ schema });
`,
	};
}

beforeEach(() => {
	project = new CliProject(files("first"));
});
afterEach(() => project.remove());

async function burdock(...args: readonly string[]): Promise<CliOutcome> {
	return project.run(args);
}

/** Runs a command that has to succeed, and answers what it printed. */
async function done(...args: readonly string[]): Promise<string> {
	const { code, stdout, stderr } = await burdock(...args);
	expect(code, stderr).toBe(0);
	return stdout;
}

function opened(file = ".burdock/data.db"): Database {
	return openDatabase({ url: `file:${join(project.folder, file)}` });
}

async function sql(...statements: readonly string[]): Promise<void> {
	const database = opened();
	await database.batch(statements.map((text) => ({ sql: text, params: [] })));
	await database.close();
}

async function rows(text: string, file?: string) {
	const database = opened(file);
	try {
		return await database.all({ sql: text, params: [] });
	} finally {
		await database.close();
	}
}

async function expectThirdRows(file?: string): Promise<void> {
	for (const [table, expected] of Object.entries(steps.thirdRows)) {
		expect(await rows(`select * from ${table}`, file), table).toEqual(expected);
	}
}

/** Has `burdock start` make the tables, or check them. */
async function started(): Promise<void> {
	const { server } = await project.serve();
	await server.stop();
}

/** The files of all three steps. */
async function generateAll(): Promise<void> {
	await done("migrate", "generate");
	project.write(files("second"));
	await done("migrate", "generate", "--name", "Editors & more");
	project.write(files("third"));
	await done("migrate", "generate", "--rename", RENAMES, "--accept-data-loss");
}

/** The migrations by the start of their names. */
function migrationFiles(): readonly string[] {
	return readdirSync(join(project.folder, "drizzle")).filter((name) => name.endsWith(".sql"));
}

describe("burdock migrate", { timeout: 60_000 }, () => {
	it("leads a database through three schemas, and loses nothing", async () => {
		expect(await done("migrate", "generate")).toBe(
			"Wrote drizzle/0000_init.sql. Look at it, then run: burdock migrate apply\n",
		);
		expect(await done("migrate", "apply")).toBe(
			"applied   0000_init\nThe database fits the schema.\n",
		);
		await sql(...steps.firstRows);
		project.write(files("second"));
		await done("migrate", "generate", "--name", "Editors & more");
		await done("migrate", "apply");
		await sql("update posts set editor = 2 where id = 1");
		project.write(files("third"));
		await done("migrate", "generate", "--rename", RENAMES, "--accept-data-loss");
		expect(await done("migrate", "apply")).toMatch(/^applied {3}0002_\w+\nThe database fits/);
		await expectThirdRows();
		expect(await done("migrate", "generate")).toMatch(/^Nothing has changed/);
		expect(await done("migrate", "apply")).toMatch(/^There is nothing to apply/);
		expect(JSON.parse(await done("migrate", "status", "--json"))).toEqual({
			database: ".burdock/data.db",
			folder: "drizzle",
			migrations: [
				{ tag: "0000_init", state: "applied" },
				{ tag: "0001_editors_more", state: "applied" },
				{ tag: expect.stringMatching(/^0002_/), state: "applied" },
			],
			problems: [],
		});
	});

	it("adds tables of Burdock's own that the migrations of an older version lack", async () => {
		await done("migrate", "generate");
		const [first = ""] = migrationFiles();
		const path = join(project.folder, "drizzle", first);
		const own = /create table if not exists burdock_row_ids[^;]*;/;
		const older = readFileSync(path, "utf8");
		expect(older).toMatch(own);
		project.write({ [`drizzle/${first}`]: older.replace(own, "select 1;") });
		await done("migrate", "generate", "--name", "newer");
		const [, second = ""] = migrationFiles();
		const newer = readFileSync(join(project.folder, "drizzle", second), "utf8");
		expect(newer).toMatch(own);
		expect(newer).not.toMatch(/posts|people/);
		await done("migrate", "apply");
		expect(await rows("select count(*) from burdock_row_ids")).toEqual([[0]]);
	});

	it("writes files that drizzle's own migrator applies, and nobody applies them twice", async () => {
		await generateAll();
		const client = createClient({ url: `file:${join(project.folder, "other.db")}` });
		onTestFinished(() => client.close());
		const migrationsFolder = join(project.folder, "drizzle");
		await migrate(drizzle(client), { migrationsFolder });
		const config = readFileSync(join(project.folder, "bknd.config.ts"), "utf8");
		const connection = '{ schema, connection: { url: "file:other.db" } }';
		project.write({ "bknd.config.ts": config.replace("{ schema }", connection) });
		expect(await done("migrate", "apply")).toBe(
			"There is nothing to apply.\nThe database fits the schema.\n",
		);
		await migrate(drizzle(client), { migrationsFolder });
	});

	it("writes files from which drizzle-kit goes on", async () => {
		await generateAll();
		project.write({
			"third.ts":
				'import { third } from "./schema-steps.ts";\nexport const { people, posts, remarks, tags, postTags } = third;\n',
		});
		const { stdout } = await run("drizzle-kit", "drizzle-kit", [
			"generate",
			"--dialect=sqlite",
			"--schema=./third.ts",
			"--out=drizzle",
		]);
		expect(stdout).toContain("No schema changes");
		expect(migrationFiles()).toHaveLength(3);
	});

	it(
		"writes files that wrangler applies to D1, which keeps every row",
		{ timeout: 60_000 },
		async () => {
			await generateAll();
			const [first = "", second = "", third = ""] = migrationFiles();
			const text = readFileSync(join(project.folder, "drizzle", third), "utf8");
			project.write({
				"wrangler.json": JSON.stringify({
					name: "upgraded",
					compatibility_date: "2026-01-01",
					d1_databases: [
						{ binding: "DB", database_name: "DB", database_id: "db", migrations_dir: "drizzle" },
					],
				}),
				"rows.sql": `${steps.firstRows.join(";\n")};\nupdate posts set editor = 2 where id = 1;`,
			});
			rmSync(join(project.folder, "drizzle", third));
			const d1 = ["--local", "--persist-to", "state"];
			await run("wrangler", "wrangler", ["d1", "migrations", "apply", "DB", ...d1]);
			await run("wrangler", "wrangler", [
				"d1",
				"execute",
				"DB",
				...d1,
				"--file",
				"rows.sql",
				"--yes",
			]);
			project.write({ [`drizzle/${third}`]: text });
			await run("wrangler", "wrangler", ["d1", "migrations", "apply", "DB", ...d1]);
			const folder = "state/v3/d1/miniflare-D1DatabaseObject";
			const file = readdirSync(join(project.folder, folder)).find((name) =>
				/^[\da-f]+\.sqlite$/.test(name),
			);
			await expectThirdRows(`${folder}/${file}`);
			const config = readFileSync(join(project.folder, "bknd.config.ts"), "utf8");
			const connection = `{ schema, connection: { url: "file:${folder}/${file}" } }`;
			project.write({ "bknd.config.ts": config.replace("{ schema }", connection) });
			expect(await done("migrate", "status")).toBe(
				`${[first, second, third].map((name) => `applied  ${name.replace(".sql", "")}\n`).join("")}The database fits the schema.\n`,
			);
		},
	);

	it("deletes nothing that nobody gave up", async () => {
		await done("migrate", "generate");
		project.write(files("third"));
		const { code, stderr } = await burdock("migrate", "generate");
		expect(code).toBe(1);
		expect(stderr).toMatch(
			/gone with their data: people\.name, posts\.legacy, comments\.\nhint: .*--rename/,
		);
		expect(migrationFiles()).toHaveLength(1);
	});

	it("only records what start had made before there were migrations", async () => {
		const { server } = await project.serve();
		await server.stop();
		await done("migrate", "generate");
		expect(await done("migrate", "apply")).toMatch(/^recorded {2}0000_init \(its tables/);
		const again = await project.serve();
		await again.server.stop();
	});

	it("adopts a database that start made before there were migrations", async () => {
		await started();
		await sql(...steps.firstRows);
		project.write(files("second"));
		await done("migrate", "generate");
		const ahead = await done("migrate", "status");
		expect(ahead).toMatch(
			/^pending {2}0000_init\nThe database was made without migrations\. burdock migrate apply will adopt it: bring it to the state after 0000_init by:\n/,
		);
		const applied = await done("migrate", "apply");
		expect(applied).toMatch(
			/^adopted {3}0000_init\nThe database was made without migrations: brought to the state after 0000_init by:\n {2}alter table "people" add "country" [^\n]+;\n(?: {2}[^\n]+;\n)+The database fits the schema\.\n$/,
		);
		expect(await rows("select id, name, chief, country from people")).toEqual([
			[1, "Ada", null, "it's here"],
			[2, "Grace", 1, "it's here"],
		]);
		expect(await rows("select count(*) from comments")).toEqual([[2]]);
		await sql("update posts set editor = 2 where id = 1");
		project.write(files("third"));
		await done("migrate", "generate", "--rename", RENAMES, "--accept-data-loss");
		expect(await done("migrate", "apply")).toMatch(/^applied {3}0001_\w+\nThe database fits/);
		await expectThirdRows();
		await started();
	});

	it("adopts with what has another name now, and gives up only what it may", async () => {
		await started();
		await sql(...steps.firstRows);
		project.write(files("third"));
		await done("migrate", "generate");
		const refused = await burdock("migrate", "apply", "--rename", RENAMES);
		expect(refused.code).toBe(1);
		expect(refused.stderr).toMatch(
			/gone with their data: posts\.legacy\.\n.*0000_init.* by:\n(?:.*\n)* {2}alter table "people" rename column "name" to "full_name";\n(?:.*\n)*hint: .*--accept-data-loss/,
		);
		expect(await rows("select legacy from posts where id = 1")).toEqual([["old"]]);
		expect(await done("migrate", "status", "--rename", RENAMES)).toContain("pending  0000_init\n");
		await done("migrate", "apply", "--rename", RENAMES, "--accept-data-loss");
		await sql("update posts set editor = 2 where id = 1");
		await expectThirdRows();
	});

	it("leaves views, triggers and tables of others alone when it adopts", async () => {
		await started();
		await sql(
			...steps.firstRows,
			"create virtual table words using fts5(body)",
			"create view titles as select title from posts",
			"create trigger said after insert on comments begin insert into words values (new.body); end",
		);
		project.write(files("third"));
		await done("migrate", "generate");
		await done("migrate", "apply", "--rename", RENAMES, "--accept-data-loss");
		expect(await rows("select title from titles")).toEqual([["Burrs"], ["Hooks"]]);
		await sql("insert into remarks (body) values ('more')");
		expect(await rows("select count(*) from words where words match 'more'")).toEqual([[1]]);
	});

	it("adopts a database of dev that is ahead of the files, once they have followed", async () => {
		await done("migrate", "generate");
		project.write(files("second"));
		const aside = join(project.folder, "aside");
		renameSync(join(project.folder, "drizzle"), aside);
		await started();
		renameSync(aside, join(project.folder, "drizzle"));
		const { code, stderr } = await burdock("migrate", "apply");
		expect(code).toBe(1);
		expect(stderr).toMatch(
			/people\.country.*\n(?:.*\n)*hint: .* run first: burdock migrate generate/,
		);
		await done("migrate", "generate", "--name", "more");
		expect(await done("migrate", "apply")).toMatch(
			/^recorded {2}0000_init .*\nrecorded {2}0001_more/,
		);
	});

	it("records the files that a database fits, and runs the rest", async () => {
		await started();
		await sql(...steps.firstRows);
		await done("migrate", "generate");
		project.write(files("second"));
		await done("migrate", "generate", "--name", "more");
		expect(await done("migrate", "apply")).toBe(
			"recorded  0000_init (its tables are there already)\napplied   0001_more\nThe database fits the schema.\n",
		);
	});

	it("adopts as a whole or not at all, and names statements of the files that it did not run", async () => {
		await started();
		await sql(...steps.firstRows, "insert into posts (title, author) values ('Burrs', 1)");
		project.write(files("second"));
		await done("migrate", "generate");
		const path = "drizzle/0000_init.sql";
		const text = readFileSync(join(project.folder, path), "utf8");
		project.write({ [path]: `${text}--> statement-breakpoint\nupdate posts set rating = 1;` });
		const { code, stderr } = await burdock("migrate", "apply");
		expect(code).toBe(4);
		expect(stderr).toMatch(
			/The migration to the state after 0000_init failed: UNIQUE .*\nIn: create unique index/i,
		);
		expect(await rows("select count(*) from pragma_table_info('people')")).toEqual([[3]]);
		await sql("delete from posts where id = 3");
		const second = await burdock("migrate", "apply");
		expect(second.stderr).toBe("warning: not run: update posts set rating = 1\n");
		expect(second.stdout).toMatch(/^adopted {3}0000_init\n/);
	});

	it("says which statement failed, and leaves the database as it was", async () => {
		await done("migrate", "generate");
		await done("migrate", "apply");
		await sql(...steps.firstRows, "insert into posts (title, author) values ('Burrs', 1)");
		project.write(files("second"));
		await done("migrate", "generate");
		const { code, stderr } = await burdock("migrate", "apply");
		expect(code).toBe(4);
		expect(stderr).toMatch(
			/The migration 0001_\w+ failed: UNIQUE constraint failed: posts\.title\.\nIn: create unique index/,
		);
		expect(await done("migrate", "status")).toMatch(/pending {2}0001_.*\n.*does not fit/);
	});

	it("tells how drizzle-kit is installed where it is missing", async () => {
		rmSync(join(project.folder, "node_modules/drizzle-kit"));
		const { code, stderr } = await burdock("migrate", "generate");
		expect(code).toBe(1);
		expect(stderr).toContain("npm install --save-dev drizzle-kit");
	});

	it.each([
		[["migrate"], "needs an action"],
		[["migrate", "up"], "There is no migrate up."],
		[["migrate", "generate", "--rename", "a.b.c"], '--rename cannot be "a.b.c"'],
		[
			["migrate", "generate", "--rename", "nobody:somebody"],
			"nobody cannot be renamed to somebody",
		],
	])("refuses %j", async (args, error) => {
		const { code, stderr } = await burdock(...args);
		expect(code).toBe(2);
		expect(stderr).toContain(error);
	});
});

describe("burdock start", { timeout: 60_000 }, () => {
	it("refuses a database that differs, and says what to run", async () => {
		const { server } = await project.serve();
		await server.stop();
		project.write(files("second"));
		const refused = await burdock("start", "--port", "0");
		expect(refused.code).toBe(4);
		expect(refused.stderr).toContain("- The table people has no column country.");
		expect(refused.stderr).toContain(`alter table "people" add "country" text`);
		expect(refused.stderr).toMatch(/hint: {2}Run: burdock migrate generate/);
		expect(await rows("select name from pragma_table_info('people')")).toHaveLength(3);
		await done("migrate", "generate");
		const pending = await burdock("start", "--port", "0");
		expect(pending.stderr).toMatch(
			/not been applied: 0000_init\.\nhint: {2}Run: burdock migrate apply/,
		);
		await done("migrate", "apply");
		await started();
		project.write(files("third"));
		const changed = await burdock("start", "--port", "0");
		expect(changed.code).toBe(4);
		expect(changed.stderr).toMatch(
			/hint: {2}Run: burdock migrate generate, look at the file that it writes, then: burdock migrate apply/,
		);
	});

	it("makes an empty database by the migrations that there are, and records them", async () => {
		await generateAll();
		const { server } = await project.serve();
		await server.stop();
		expect(await rows("select count(*) from __drizzle_migrations")).toEqual([[3]]);
		expect(await done("migrate", "apply")).toMatch(/^There is nothing to apply/);
	});
});

describe("burdock dev", { timeout: 60_000 }, () => {
	it("makes what is new, and refuses what deletes", async () => {
		const { server, url } = await project.serve("dev");
		onTestFinished(async () => void (await server.stop()));
		await sql(...steps.firstRows);
		project.write(files("second"));
		await server.printed('"reloaded"');
		expect(server.output).toContain("The database follows the schema.");
		expect(server.output).toContain('create unique index \\"posts_title\\"');
		expect(await rows("select country from people")).toEqual([["it's here"], ["it's here"]]);
		project.write(files("third"));
		await server.printed("the old app goes on");
		expect(server.output).toContain("The table posts has a column legacy, the schema has none.");
		expect(server.output).toContain("Run: burdock migrate generate");
		expect((await fetch(`${url}/api/data/entity/comments/1`)).status).toBe(200);
		expect(await rows("select count(*) from comments")).toEqual([[2]]);
	});
});

/** Runs a program of an installed package in the project. */
async function run(name: string, bin: string, args: readonly string[]) {
	const manifest = resolve("node_modules", name, "package.json");
	const { bin: bins } = createRequire(import.meta.url)(manifest) as { bin: Record<string, string> };
	const program = join(resolve("node_modules", name), bins[bin] ?? "");
	return promisify(execFile)(process.execPath, [program, ...args], {
		cwd: project.folder,
		env: { ...process.env, CI: "1", WRANGLER_SEND_METRICS: "false", NO_COLOR: "1" },
	});
}

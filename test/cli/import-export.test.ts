import { lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EXIT_CODES } from "../../src/cli/exit-codes.ts";
import { openDatabase } from "../../src/runtime/node/open-database.ts";
import { CliProject } from "../support/cli-project.ts";
import { exportOf } from "../support/transfer.ts";

const SCHEMA = `
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
export const notes = sqliteTable("notes", {
	id: integer().primaryKey({ autoIncrement: true }),
	title: text().notNull(),
	secret: text(),
});
export const audit = sqliteTable("audit", {
	id: integer().primaryKey({ autoIncrement: true }),
	noteId: integer("note_id").notNull(),
});
`;
/** Each note leaves a row in the audit; the process is killed where the environment says so. */
const CONFIG = `import { defineConfig, DatabaseEvents } from "burdock";
import * as schema from "./schema.ts";
const at = (phase, id) => process.env.KILL === phase + id && process.kill(process.pid, "SIGKILL");
export default defineConfig({
	schema,
	entities: { notes: { hidden: ["secret"] } },
	async seed({ em }) { await em.mutator("notes").insertOne({ title: "seeded" }); },
	onBuilt({ db, emgr }) {
		console.log("the config prints");
		emgr.onEvent(DatabaseEvents.MutatorInsertBefore, ({ params }) => void at("before", params.data.id), { mode: "sync", entity: "notes" });
		emgr.onEvent(DatabaseEvents.MutatorInsertCommit, ({ params: { batch, rows } }) => {
			batch.add(db.insert(schema.audit).values(rows.map(({ rowId }) => ({ noteId: rowId }))));
		}, { mode: "sync", entity: "notes" });
		emgr.onEvent(DatabaseEvents.MutatorInsertAfter, ({ params }) => void at("after", params.data.id), { mode: "sync", entity: "notes" });
	},
});
`;
const ROWS = 1500;

let project: CliProject;

beforeEach(() => {
	project = new CliProject({ "schema.ts": SCHEMA, "bknd.config.ts": CONFIG });
});
afterEach(() => project.remove());

function notes(rows: number): string {
	const row = (at: number) => ["notes", { id: at + 1, title: `n${at}`, secret: "s" }] as const;
	return exportOf(Array.from({ length: rows }, (_, at) => row(at)));
}

async function select(sql: string): Promise<unknown> {
	const database = openDatabase({ url: `file:${join(project.folder, ".burdock/data.db")}` });
	try {
		return await database.all({ sql, params: [] });
	} finally {
		await database.close();
	}
}

describe("burdock import", { timeout: 30_000 }, () => {
	it.each(["before1", "before700", "after700", "after1000", "before1500", "after1500"])(
		"goes on after kill -9, without loss and without doubles: %s",
		async (kill) => {
			project.write({ "notes.jsonl": notes(ROWS) });
			const killed = await project.run(["import", "notes.jsonl"], { KILL: kill });
			expect(killed.code).toBe(-1);
			const { code, stderr } = await project.run(["import", "notes.jsonl"]);
			expect(code, stderr).toBe(0);
			expect(stderr).toContain("Imported: 1,500 inserted.");
			const distinct = "count(*), count(distinct";
			expect(await select(`select ${distinct} id), max(id) from notes`)).toEqual([
				[ROWS, ROWS, ROWS],
			]);
			expect(await select(`select ${distinct} note_id), max(note_id) from audit`)).toEqual([
				[ROWS, ROWS, ROWS],
			]);
		},
	);

	it("calls no listeners with --no-hooks, and does not seed", async () => {
		project.write({ "notes.jsonl": notes(2) });
		const { code, stderr } = await project.run(["import", "notes.jsonl", "--no-hooks"]);
		expect(code).toBe(0);
		expect(stderr).not.toContain("the config prints");
		expect(await select("select count(*) from audit")).toEqual([[0]]);
		const { server } = await project.serve();
		await server.stop();
		expect(await select("select count(*) from notes")).toEqual([[2]]);
	});

	it("makes no database in a dry run", async () => {
		project.write({ "notes.jsonl": notes(2) });
		const { stderr } = await project.run(["import", "notes.jsonl", "--dry-run"]);
		expect(stderr).toContain("Would be: 2 inserted. Nothing was stored.");
		expect(() => statSync(join(project.folder, ".burdock/data.db"))).toThrow("ENOENT");
	});

	it("goes on after an interruption in a dry run, too, and stores nothing", async () => {
		project.write({ "notes.jsonl": notes(ROWS) });
		await project.run(["import", "notes.jsonl"], { KILL: "after700" });
		const stored = await select("select count(*) from notes");
		const { code, stderr } = await project.run(["import", "notes.jsonl", "--dry-run"]);
		expect(stderr).toContain("where it was interrupted.");
		expect(stderr).toContain("Would be: 1,500 inserted. Nothing was stored.");
		expect(code).toBe(0);
		expect(await select("select count(*) from notes")).toEqual(stored);
	});

	it.each([
		[["import"], "import needs an argument: burdock import FILE."],
		[["import", "nowhere.jsonl"], "There is no file"],
		[["import", "x", "--on-conflict", "merge"], "it is one of fail, skip, replace"],
		[["import", "schema.ts"], "This is not an export of Burdock."],
		[["export", "ntoes"], "There is no entity ntoes. Did you mean notes?"],
	])("%j is refused", async (args, error) => {
		await project.run(["seed"]);
		const { code, stderr } = await project.run(args);
		expect(stderr).toContain(error);
		expect(code).toBe(EXIT_CODES.usage);
	});

	it("says how many lines it could not import, and ends with 1", async () => {
		project.write({ "notes.jsonl": notes(3).replace('"title":"n1"', '"title":null') });
		const { code, stderr } = await project.run(["import", "notes.jsonl"]);
		expect(code).toBe(EXIT_CODES.failure);
		expect(stderr).toContain("line 3: notes: title: A value is required.\n");
		expect(stderr).toContain("Imported: 2 inserted, 1 failed.");
		expect(stderr).toContain("--on-conflict skip");
	});
});

it(
	"shows what stands in a file without letting it speak to the terminal",
	{ timeout: 30_000 },
	async () => {
		const line = JSON.stringify({ entity: "a\u001b]0;title\u0007\u009b2J\r", row: {} });
		project.write({ "hostile.jsonl": notes(1).replace(/\n/, `\n${line}\n`) });
		const { stderr } = await project.run(["import", "hostile.jsonl"]);
		expect(stderr).toContain("There is no entity a\\u001b]0;title\\u0007\\u009b2J\\u000d.");
	},
);

describe("burdock export", { timeout: 30_000 }, () => {
	it("draws no progress between rows that go to a terminal", async () => {
		project.write({
			"notes.jsonl": notes(2),
			"terminal.mjs": "process.stdout.isTTY = process.stderr.isTTY = true;",
		});
		await project.run(["import", "notes.jsonl"]);
		const env = { NODE_OPTIONS: "--import ./terminal.mjs" };
		const shown = await project.run(["export"], env);
		expect(shown.stderr).not.toContain("rows/s");
		const stored = await project.run(["export", "--out", "backup.jsonl"], env);
		expect(stored.stderr).toContain("rows/s");
	});

	it("writes everything, hidden fields too, and nothing else on the standard output", async () => {
		project.write({ "notes.jsonl": notes(2) });
		await project.run(["import", "notes.jsonl"]);
		const { stdout, stderr, code } = await project.run(["export", "notes"]);
		expect(code).toBe(0);
		expect(stdout.split("\n").slice(1)).toEqual(
			notes(2).replace("{}}", '{"notes":2}}').split("\n").slice(1),
		);
		// No progress where no person looks.
		expect(stderr).toBe("the config prints\nExported 2 rows of notes.\n");
	});

	it("makes a file that is there only when it is whole, and for its owner alone", async () => {
		await project.run(["seed"]);
		expect((await project.run(["export", "-o", "all.jsonl"])).stdout).toBe("");
		const file = join(project.folder, "all.jsonl");
		expect(statSync(file).mode & 0o777).toBe(0o600);
		await select("update notes set title = cast(x'ff' as blob)");
		const { code, stderr } = await project.run(["export", "-o", "all.jsonl"]);
		expect(code).toBe(EXIT_CODES.failure);
		expect(stderr).toContain("error: notes/1: title holds 1 bytes, which is not text");
		expect(readFileSync(file, "utf8")).toContain('"title":"seeded"');
		expect(() => statSync(`${file}.part`)).toThrow("ENOENT");
	});

	it("writes through no link that waits where its file will be, nor into a file that others opened", async () => {
		await project.run(["seed"]);
		const file = join(project.folder, "linked.jsonl");
		const other = join(project.folder, "other.txt");
		writeFileSync(other, "mine", { mode: 0o644 });
		symlinkSync(other, `${file}.part`);
		expect((await project.run(["export", "-o", "linked.jsonl"])).code).toBe(0);
		expect(readFileSync(other, "utf8")).toBe("mine");
		expect(lstatSync(file).isFile()).toBe(true);
		writeFileSync(`${file}.part`, "left behind", { mode: 0o644 });
		expect((await project.run(["export", "-o", "linked.jsonl"])).code).toBe(0);
		expect(statSync(file).mode & 0o777).toBe(0o600);
	});

	it("tells of rows that it cannot read, and of tables that are not there", async () => {
		project.write({
			"schema.ts": `import { sqliteTable, text } from "drizzle-orm/sqlite-core";
				export const notes = sqliteTable("notes", { title: text().primaryKey() });`,
			"bknd.config.ts": `import * as schema from "./schema.ts"; export default { schema };`,
		});
		mkdirSync(join(project.folder, ".burdock"));
		await select("create table notes (title text primary key)");
		await select("insert into notes values (null), (null), ('a')");
		// A page that ends with one of them would be the last one.
		await select(
			"with recursive n(i) as (select 1 union all select i + 1 from n where i < 30) insert into notes select null from n",
		);
		expect((await project.run(["export"])).stderr).toContain("Only 20 of 33 rows could be read.");
		await select("drop table notes");
		expect((await project.run(["export"])).stderr).toContain("The database has no table notes.");
	});

	it("makes no database", async () => {
		const { code, stderr } = await project.run(["export"]);
		expect(code).toBe(EXIT_CODES.database);
		expect(stderr).toContain("There is no database");
	});
});

describe("burdock seed", { timeout: 30_000 }, () => {
	it("seeds an empty database once, with hooks", async () => {
		const { code, stderr } = await project.run(["seed"]);
		expect(code).toBe(0);
		expect(stderr).toContain("Seeded: 1 audit, 1 notes.");
		const { server } = await project.serve();
		await server.stop();
		expect(await select("select title from notes")).toEqual([["seeded"]]);
	});

	it("seeds a database that has rows only with --force", async () => {
		await project.run(["seed"]);
		const refused = await project.run(["seed"]);
		expect(refused.code).toBe(EXIT_CODES.database);
		expect(refused.stderr).toContain("it holds 1 audit, 1 notes.");
		expect((await project.run(["seed", "--force"])).code).toBe(0);
		expect(await select("select count(*) from notes")).toEqual([[2]]);
	});

	it("seeds an empty database whose first boot was long ago", async () => {
		project.write({ "bknd.config.ts": CONFIG.replace(/async seed.*\n/, "") });
		const { server } = await project.serve();
		await server.stop();
		expect((await project.run(["seed"])).stderr).toContain("The config has no seed.");
		project.write({ "bknd.config.ts": CONFIG });
		expect((await project.run(["seed"])).stderr).toContain("Seeded: 1 audit, 1 notes.");
	});

	it("says where a seed failed, and that what it stored stays", async () => {
		await project.run(["seed"]);
		const failing = CONFIG.replace(
			'title: "seeded" });',
			'title: "x" }); throw new Error("out of seeds");',
		);
		project.write({ "bknd.config.ts": failing });
		const { code, stderr } = await project.run(["seed", "--force"]);
		expect(code).toBe(EXIT_CODES.failure);
		expect(stderr).toMatch(/The seed failed: bknd\.config\.ts:\d+:\d+: out of seeds/);
		expect(stderr).toContain("is still in the database");
	});
});

import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { nodeVersion } from "../../src/cli/doctor/node-version.ts";
import { inRange } from "../../src/cli/doctor/in-range.ts";
import { CliProject, config } from "../support/cli-project.ts";

const FILE = ".burdock/data.db";
const TWO_TABLES = `
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
export const notes = sqliteTable("notes", { id: integer().primaryKey(), title: text().notNull() });
export const remarks = sqliteTable("remarks", {
	id: integer().primaryKey(),
	noteId: integer().references(() => notes.id),
});
`;

interface Finding {
	readonly check: string;
	readonly level: string;
	readonly message: string;
	readonly remedy?: string;
}

let project: CliProject;

beforeEach(() => {
	project = new CliProject({ "bknd.config.ts": config() });
});
afterEach(() => project.remove());

function inProject(path: string): string {
	return join(project.folder, path);
}

/** What the doctor complains of, and with what it ends. */
async function complaints(
	env: Readonly<Record<string, string>> = {},
	args: readonly string[] = ["--port", "0"],
): Promise<{ readonly found: readonly Finding[]; readonly code: number }> {
	const { stdout, code } = await project.run(["doctor", "--json", ...args], env);
	const { checks } = JSON.parse(stdout) as { readonly checks: readonly Finding[] };
	return { found: checks.filter(({ level }) => level !== "ok"), code };
}

async function expectOne(
	expected: { readonly check: string; readonly level: string; readonly message: unknown },
	...how: Parameters<typeof complaints>
): Promise<void> {
	const { found, code } = await complaints(...how);
	expect(found).toEqual([{ remedy: expect.stringMatching(/\S/) as unknown, ...expected }]);
	expect(code).toBe(expected.level === "fault" ? 1 : 0);
}

function matching(pattern: RegExp): unknown {
	return expect.stringMatching(pattern);
}

/** Makes the database by a start. */
async function started(): Promise<DatabaseSync> {
	const { server } = await project.serve();
	await server.stop();
	const database = new DatabaseSync(inProject(FILE), { enableForeignKeyConstraints: false });
	onTestFinished(() => {
		if (database.isOpen) database.close();
	});
	return database;
}

describe("burdock doctor", { timeout: 30_000 }, () => {
	it("finds nothing in a project before its first start, and makes no database", async () => {
		expect(await complaints()).toEqual({ found: [], code: 0 });
		expect(() => readFileSync(inProject(FILE))).toThrow("ENOENT");
	});

	it("finds nothing in a project whose server runs", async () => {
		const { server, url } = await project.serve();
		onTestFinished(() => void server.stop());
		const { found } = await complaints({ PORT: new URL(url).port }, []);
		expect(found).toEqual([]);
	});

	it("says in lines what is well, and what is not with its remedy", async () => {
		rmSync(inProject("node_modules/drizzle-kit"));
		const { stdout, code } = await project.run(["doctor", "--port", "0"]);
		expect(code).toBe(0);
		expect(stdout).toMatch(/^ {2}✓ Node\.js {8}\d+\.\d+\.\d+$/m);
		expect(stdout).toMatch(
			/^ {2}! Packages {7}drizzle-kit is not installed.*\n {19}→ npm install --save-dev drizzle-kit$/m,
		);
		expect(stdout).toMatch(/\n\n {2}1 warning\.\n$/);
	});
});

describe("a project with one fault: its packages", { timeout: 30_000 }, () => {
	it("an old Node.js", async () => {
		const facts = { folder: ".", options: {}, env: {}, nodeVersion: "20.19.0" };
		expect(await nodeVersion.run(facts)).toMatchObject([{ level: "fault" }]);
	});

	it.each([
		["0.45.4", "^0.45.0", true],
		["0.46.0", "^0.45.0", false],
		["0.44.9", "^0.45.0", false],
		["4.13.19", "^4.0.0", true],
		["5.0.0", "^4.0.0", false],
		["22.18.0", ">=22.18", true],
		["22.17.9", ">=22.18", false],
		["24.0.0-rc.1", ">=22.18", true],
		["1.2.3", "1.2.3", true],
	])("%s is in %s: %s", (version, range, answer) => {
		expect(inRange(version, range)).toBe(answer);
	});

	it("a package that is missing", async () => {
		rmSync(inProject("node_modules/hono"));
		await expectOne({ check: "Packages", level: "fault", message: "hono is not installed." });
	});

	it("a package of another version", async () => {
		rmSync(inProject("node_modules/hono"));
		project.write({ "node_modules/hono/package.json": '{ "name": "hono", "version": "3.0.0" }' });
		const message = "hono 3.0.0 does not fit: Burdock needs ^4.0.0.";
		await expectOne({ check: "Packages", level: "fault", message });
	});

	it("two copies of drizzle-orm", async () => {
		rmSync(inProject("node_modules/drizzle-orm"));
		execFileSync("cp", [
			"-r",
			resolve("node_modules/drizzle-orm/."),
			inProject("node_modules/drizzle-orm"),
		]);
		const message = matching(/^There are 2 copies of drizzle-orm: /);
		await expectOne({ check: "Drizzle", level: "warning", message });
	});
});

describe("a project with one fault: its config", { timeout: 30_000 }, () => {
	it.each([
		["missing", undefined, /^There is no config in /],
		["broken", "export default {", /^bknd\.config\.ts:1:\d+: /],
		[
			"with an event that does not exist",
			config('onBuilt({ emgr }) { emgr.on("mutator-insert-befor", () => {}); }'),
			/There is no event "mutator-insert-befor".* Did you mean mutator-insert-before\?$/,
		],
		["with a key too many", config("conection: {}"), /There is no key conection/],
		[
			"that throws",
			config("onBuilt() { throw new Error('oh'); }"),
			/bknd\.config\.ts:\d+:\d+: oh$/,
		],
	])("%s", async (_, text, message) => {
		if (text === undefined) rmSync(inProject("bknd.config.ts"));
		else project.write({ "bknd.config.ts": text });
		await expectOne({ check: "Config", level: "fault", message: matching(message) });
	});

	it("a table that cannot be served", async () => {
		project.write({
			"schema.ts": `import { sqliteTable, text } from "drizzle-orm/sqlite-core";
				export const keyless = sqliteTable("keyless", { a: text() });`,
		});
		const message = matching(/keyless: it has no primary key/);
		await expectOne({ check: "Config", level: "fault", message });
	});

	it.each([
		[
			'emgr.onEvent(DatabaseEvents.MutatorInsertAfter, () => {}, { id: "x", entity: "noets" })',
			"x waits for the entity noets, which does not exist. Did you mean notes?",
		],
		['emgr.on("data.noets.insert.after", () => {}, { id: "x" })', /entity noets, which/],
		[
			'emgr.on("data.notes.insret.after", () => {}, { id: "x" })',
			"x listens to data.notes.insret.after, which nobody emits. Did you mean insert.after?",
		],
		['emgr.on("media.file.uplaod.before", () => {}, { id: "x" })', /mean media\.file\.upload/],
	])("a listener that is never called: %s", async (listener, message) => {
		project.write({ "bknd.config.ts": config(`onBuilt({ emgr }) { ${listener}; }`) });
		const said = typeof message === "string" ? message : matching(message);
		await expectOne({ check: "Listeners", level: "warning", message: said });
	});

	it("but none with listeners to events of its own", async () => {
		const own = 'emgr.on("order.paid", () => {}); emgr.on("data.notes.*.after", () => {});';
		project.write({ "bknd.config.ts": config(`onBuilt({ emgr }) { ${own} }`) });
		expect((await complaints()).found).toEqual([]);
	});

	it("a foreign key without an index", async () => {
		project.write({ "schema.ts": TWO_TABLES });
		const message = matching(/^remarks\.noteId is a foreign key without an index/);
		await expectOne({ check: "Indexes", level: "warning", message });
	});
});

describe("a project with one fault: where it runs", { timeout: 30_000 }, () => {
	it("a file in place of a folder", async () => {
		const url = 'connection: { url: "file:data/x.db" }';
		project.write({ "bknd.config.ts": config(url), data: "" });
		const message = "data is a file, and has to be a folder.";
		const { found, code } = await complaints();
		expect(found).toMatchObject([{ check: "Folders", level: "fault", message }]);
		expect(code).toBe(1);
	});

	it("git does not ignore .burdock", async () => {
		execFileSync("git", ["init", "-q"], { cwd: project.folder });
		await expectOne({ check: "Git", level: "warning", message: matching(/^git does not ignore/) });
		project.write({ ".gitignore": ".burdock/\n" });
		expect((await complaints()).found).toEqual([]);
	});

	it("a port that is taken", async () => {
		const server = createServer((socket) => socket.destroy());
		await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
		onTestFinished(() => void server.close());
		const { port } = server.address() as { port: number };
		const message = `Port ${port} of 127.0.0.1 is taken by another program.`;
		await expectOne({ check: "Address", level: "fault", message }, {}, ["--port", String(port)]);
	});

	it("an address of another machine", async () => {
		const message = "192.0.2.1 is not an address of this machine.";
		const env = { HOST: "192.0.2.1", BURDOCK_TOKEN: "x".repeat(20) };
		await expectOne({ check: "Address", level: "fault", message }, env);
	});

	it("a port that is none", async () => {
		const { found } = await complaints({ PORT: "http" }, []);
		expect(found).toMatchObject([{ check: "Address", level: "fault" }, { check: "Access" }]);
	});

	it.each([
		["without a token", "", { HOST: "0.0.0.0" }, /there is no BURDOCK_TOKEN/],
		["that is open", 'server: { access: "open" }', { HOST: "0.0.0.0" }, /lets everybody write/],
		["with a short token", "", { BURDOCK_TOKEN: "secret" }, /it can be guessed/],
	])("a public address %s", async (_, middle, env, message) => {
		project.write({ "bknd.config.ts": config(middle) });
		await expectOne({ check: "Access", level: "warning", message: matching(message) }, env);
	});

	const withFiles = `import { mediaLibrary } from "burdock/media";\n${config('media: mediaLibrary({ r2: "UPLOADS" })')}`;
	const SCHEMA_WITH_FILES = 'export { media } from "burdock/media";\n';
	const DATE = 'compatibility_date = "2026-06-01"\n';
	const FLAGS = `${DATE}compatibility_flags = ["nodejs_compat"]\n`;
	const BOUND = `${FLAGS}[[d1_databases]]\nbinding = "DB"\n`;
	it.each([
		["wrangler.toml", 'compatibility_flags = ["nodejs_als"]', /has no compatibility_date/],
		[
			"wrangler.toml",
			`${DATE}compatibility_flags = ["x"]\n# "nodejs_als"`,
			/not turn nodejs_als on/,
		],
		["wrangler.jsonc", '{ "compatibility_date": "2026-06-01" }', /does not turn nodejs_als on/],
		[
			"wrangler.toml",
			`${FLAGS}main = "src/worker.ts"`,
			/names src\/worker\.ts, which is not there/,
		],
		["wrangler.toml", FLAGS, /the binding DB, which/],
		["wrangler.toml", BOUND, /the migrations in migrations, and Burdock writes them to drizzle/],
		[
			"wrangler.toml",
			`${BOUND}migrations_dir = 'sql'`,
			/migrations in sql, and Burdock .* to drizzle/,
		],
	])("%s that does not fit: %s", async (name, text, message) => {
		const d1 = /DB|migrations/.test(message.source) ? 'connection: { d1: "DB" }' : "";
		project.write({ [name]: text, "bknd.config.ts": config(d1) });
		await expectOne({ check: "Workers", level: "fault", message: matching(message) });
	});

	it("a wrangler.toml that binds no bucket for the files of the config", async () => {
		const files = { "bknd.config.ts": withFiles, "schema.ts": SCHEMA_WITH_FILES };
		const message = matching(/^Files are kept in the R2 bucket that is bound as UPLOADS/);
		project.write({ "wrangler.toml": FLAGS, ...files });
		await expectOne({ check: "Workers", level: "fault", message });
		project.write({ "wrangler.toml": `${FLAGS}[[r2_buckets]]\nbinding = "UPLOADS"\n` });
		expect((await complaints()).found).toEqual([]);
	});

	it.each([
		["with a flag", `${BOUND}migrations_dir = "./drizzle/" # as in the config`],
		["with a date that needs none", `compatibility_date = "2026-11-01"\n`],
	])("nothing in a wrangler.toml that fits: %s", async (_, text) => {
		const d1 = text.includes("DB") ? 'connection: { d1: "DB" }' : "";
		project.write({ "wrangler.toml": text, "bknd.config.ts": config(d1) });
		expect((await complaints()).found).toEqual([]);
	});
});

describe("a project with one fault: its database", { timeout: 30_000 }, () => {
	it("a file of another program", async () => {
		project.write({ [FILE]: "hello ".repeat(100) });
		const message = `${FILE} is not a SQLite database.`;
		await expectOne({ check: "Database file", level: "fault", message });
	});

	it("a lock that another program holds", async () => {
		const database = await started();
		database.exec("begin immediate");
		const message = matching(/^Another program has kept .* locked/);
		await expectOne({ check: "Database file", level: "fault", message });
	});

	it("no write-ahead log", async () => {
		const database = await started();
		database.exec("pragma journal_mode = delete");
		database.close();
		const message = matching(/has no write-ahead log/);
		await expectOne({ check: "Database file", level: "warning", message });
	});

	it("damage", async () => {
		const database = await started();
		database.exec(
			"with recursive n(i) as (select 1 union all select i + 1 from n where i < 999) insert into notes (title) select hex(randomblob(200)) from n",
		);
		database.exec("pragma wal_checkpoint(truncate)");
		database.close();
		const bytes = readFileSync(inProject(FILE));
		bytes.fill(0x55, 40 * 4096, 44 * 4096);
		writeFileSync(inProject(FILE), bytes);
		const { found, code } = await complaints();
		expect(code).toBe(1);
		expect(found.every(({ check, level }) => check === "Integrity" && level === "fault")).toBe(
			true,
		);
		expect(found.length).toBeGreaterThan(0);
	});

	it("a file that was cut off", async () => {
		const database = await started();
		database.exec("pragma wal_checkpoint(truncate)");
		database.close();
		truncateSync(inProject(FILE), 5000);
		const { found, code } = await complaints();
		expect(code).toBe(1);
		expect(found[0]).toMatchObject({ level: "fault" });
	});

	it("rows that refer to nothing", async () => {
		project.write({ "schema.ts": TWO_TABLES.replace("});\n`", "") });
		const database = await started();
		database.exec("create index i on remarks (noteId); insert into remarks values (1, 5), (2, 5)");
		const { found } = await complaints();
		expect(found.filter(({ check }) => check === "Integrity")).toMatchObject([
			{ level: "fault", message: "2 rows of remarks refer to rows of notes that do not exist." },
		]);
	});

	it("rows in the guard", async () => {
		const database = await started();
		database.exec("insert into burdock_guard values (1)");
		const message = "burdock_guard holds rows, and never should.";
		await expectOne({ check: "Integrity", level: "fault", message });
	});

	it("an import that was interrupted", async () => {
		await started();
		project.write({ "cut.jsonl": '{"burdock":"export","version":1,"schema":"","entities":[]}\n' });
		await project.run(["import", "cut.jsonl"]);
		const message = matching(/cut\.jsonl was interrupted after line 1\.$/);
		await expectOne({ check: "Integrity", level: "warning", message });
	});

	it("tables that differ from the schema", async () => {
		const database = await started();
		database.exec("alter table notes drop column title");
		const message = matching(/notes.*title/);
		await expectOne({ check: "Schema", level: "fault", message });
	});

	it("migrations that are not applied, one or several", async () => {
		await started();
		await project.run(["migrate", "generate"]);
		const one = "1 migration is not applied.";
		await expectOne({ check: "Schema", level: "warning", message: one });
		const text = readFileSync(join(project.folder, "drizzle/meta/_journal.json"), "utf8");
		const journal = JSON.parse(text) as { readonly entries: readonly object[] };
		const entries = [...journal.entries, { ...journal.entries[0], idx: 1, when: 1, tag: "more" }];
		project.write({
			"drizzle/meta/_journal.json": JSON.stringify({ ...journal, entries }),
			"drizzle/more.sql": "create table more (id);",
		});
		const several = "2 migrations are not applied.";
		await expectOne({ check: "Schema", level: "warning", message: several });
	});

	it("a server that does not answer", async () => {
		const url = 'connection: { url: "http://127.0.0.1:1" }';
		project.write({ "bknd.config.ts": config(url) });
		const { found, code } = await complaints();
		expect(found).toMatchObject([{ check: "Database", level: "fault" }]);
		expect(code).toBe(1);
	});
});

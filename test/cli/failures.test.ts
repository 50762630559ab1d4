import { createServer } from "node:net";
import { mkdirSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { EXIT_CODES } from "../../src/cli/exit-codes.ts";
import { CliProject, config, type CliOutcome } from "../support/cli-project.ts";

let project: CliProject;

beforeEach(() => {
	project = new CliProject({ "bknd.config.ts": config() });
});
afterEach(() => project.remove());

/** What every failure looks like: one line of what, one of what to do, and nothing else. */
function expectFailure(
	{ code, stdout, stderr }: CliOutcome,
	exit: keyof typeof EXIT_CODES,
	error: string | RegExp,
	hint: string | RegExp,
): void {
	expect(stdout).toBe("");
	const [first = "", ...rest] = stderr.trimEnd().split(/\n(?=hint: )/);
	expect(first).toMatch(/^error: /);
	expect(first).toMatch(error);
	expect(rest.join("\n")).toMatch(/^hint: {2}\S.*$/);
	expect(rest.join("\n")).toMatch(hint);
	expect(stderr).not.toMatch(/^\s+at /m);
	expect(code).toBe(EXIT_CODES[exit]);
}

function start(...args: readonly string[]): Promise<CliOutcome> {
	return project.run(["start", "--port", "0", ...args]);
}

describe("a command line that is wrong", () => {
	it.each([
		[["strat"], "There is no command strat. Did you mean start?", "burdock help"],
		[["frobnicate"], /no command frobnicate\.$/m, "burdock help"],
		[["help", "strat"], "Did you mean start?", "burdock help"],
		[["start", "--prot", "1"], "There is no option --prot. Did you mean --port?", "start --help"],
		[["start", "-x"], "There is no option -x.", "start --help"],
		[["--verbos"], "Did you mean --verbose?", "burdock help"],
		[["start", "--port"], "--port needs a value: --port PORT.", "start --help"],
		[["start", "--port", "--host", "x"], "--port needs a value", "start --help"],
		[["start", "--port", "high"], '--port cannot be "high"', "whole number"],
		[["start", "--port", "65536"], '--port cannot be "65536"', "whole number"],
		[["info", "--json=yes"], "--json takes no value", "info --help"],
		[["info", "more"], "info takes no argument more", "info --help"],
	])("%j", async (args, error, hint) => {
		expectFailure(await project.run(args), "usage", error, hint);
	});

	it.each([
		[{ PORT: "http" }, 'PORT cannot be "http"'],
		[{ LOG_LEVEL: "loud" }, "LOG_LEVEL cannot be loud"],
	])("with %j in the environment", async (env, error) => {
		expectFailure(await project.run(["start"], env), "usage", error, /\S/);
	});
});

describe("a config that is wrong", () => {
	it("is missing", async () => {
		const outcome = await start("--config", "other.ts");
		expectFailure(outcome, "config", /no config file \/.*\/other\.ts/, "--config");
		mkdirSync(join(project.folder, "empty"));
		const elsewhere = new CliProject();
		onTestFinished(() => elsewhere.remove());
		const missing = await elsewhere.run(["start"]);
		expectFailure(missing, "config", `${elsewhere.folder}: looked for bknd.config.ts`, "--config");
	});

	it.each([
		["has no default export", "export const config = {};", "no default export", "export default"],
		["exports something else", 'export default "config";', "is not a config", "defineConfig"],
		["does not parse", "export default {\n  schema: ;\n};", "bknd.config.ts:2:11: ", "Mend"],
		[
			"throws",
			'import "burdock";\n\nfunction fail(): never { throw new Error("no money"); }\nexport default fail();',
			"bknd.config.ts:3:32: no money",
			"--verbose",
		],
		["throws a string", 'throw "oh";', "bknd.config.ts: oh", "--verbose"],
		[
			"throws in a file that it imports",
			'import "./lib/inner.ts"; export default {};',
			"lib/inner.ts:2:7: inner",
			"--verbose",
		],
		[
			"throws as a function",
			'export default () => { throw new Error("no env"); };',
			"bknd.config.ts:1:30: no env",
			"--verbose",
		],
		[
			"imports what is not installed",
			'import "@acme/left-pad/x"; export default {};',
			/bknd\.config\.ts:1:8: Could not resolve "@acme\/left-pad\/x"/,
			"npm install @acme/left-pad",
		],
		["has an unknown key", config("conection: {}"), "conection. Did you mean connection?", "Mend"],
		[
			"has a hook that throws",
			config("\nonBuilt(app) {\n\tapp.nothing.at(0);\n}"),
			/bknd\.config\.ts:5:\d+: Cannot read properties of undefined/,
			"--verbose",
		],
		[
			"names an entity that does not exist",
			config('onBuilt({ em }) { em.repository("noets"); }'),
			/bknd\.config\.ts:\d+:\d+: There is no entity noets/,
			"Did you mean notes?",
		],
		[
			"names a class that does not listen",
			config("listeners: [class Quiet {}]"),
			'"Quiet" cannot be a listener: none of its methods is marked with @listen.',
			"@listen(…)",
		],
		[
			"listens to an event that does not exist",
			config('onBuilt({ emgr }) { emgr.on("mutator-insert-befor", () => {}); }'),
			/bknd\.config\.ts:\d+:\d+: There is no event .* Did you mean mutator-insert-before\?/,
			"burdock events '*'",
		],
		[
			"has a listener without a handler",
			config('onBuilt({ emgr }) { emgr.on("note.read", undefined); }'),
			/bknd\.config\.ts:\d+:\d+: .* its handler is not a function/,
			"docs/events.md",
		],
		[
			"has a listener that needs a service which is missing",
			`import { listen } from "burdock";
			class Mail { constructor(url) {} }
			class Reader { static inject = [Mail]; @listen("note.read") read() {} }
			${config("listeners: [Reader]")}`,
			'The service "Mail" is missing: nobody provided it, and its constructor takes 1',
			"app.provide",
		],
		[
			"names a class that stands further down",
			`import { listen } from "burdock";
			${config("listeners: [Reader]")}
			class Reader { @listen("note.read") read() {} }`,
			"listeners[0] is undefined: its class stands further down, or two files import each other.",
			"Mend",
		],
	])("%s", async (_, text, error, hint) => {
		project.write({
			"bknd.config.ts": text,
			"lib/inner.ts": 'const name: string = "inner";\nthrow new Error(name);',
		});
		expectFailure(await start(), "config", error, hint);
	});

	it("has a schema that cannot be served, every problem of which is named", async () => {
		project.write({
			"schema.ts": `import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
				export const keyless = sqliteTable("keyless", { a: text() });
				export const second = sqliteTable("second", { b: integer() });`,
		});
		const outcome = await start();
		expectFailure(outcome, "config", /keyless[^]*second/, /\S/);
	});

	it("shows the stack only when it is asked for", async () => {
		project.write({ "bknd.config.ts": 'throw new Error("no money");' });
		const { stderr } = await start("--verbose");
		expect(stderr).toMatch(/\n\s+at .*bknd\.config\.ts:1:7/);
	});
});

describe("a database that is wrong", () => {
	it.each([
		[
			"is none",
			'connection: { url: "file:schema.ts" }',
			"schema.ts cannot be opened: the file is not a SQLite",
		],
		["is a folder", 'connection: { url: "file:node_modules" }', "node_modules cannot be opened"],
		[
			"lies below a file",
			'connection: { url: "file:schema.ts/x.db" }',
			"a part of its path is a file",
		],
	])("%s", async (_, middle, error) => {
		project.write({ "bknd.config.ts": config(middle) });
		expectFailure(await start(), "database", error, "connection.url");
	});

	it.each(["postgres://x", "data.db"])("has a URL that means nothing: %s", async (url) => {
		project.write({ "bknd.config.ts": config(`connection: { url: "${url}" }`) });
		const error =
			"The database URL is not valid: a file's begins with file:, a server's with libsql:";
		expectFailure(await start(), "config", error, "connection.url");
	});

	it("is damaged: the hint is not about its URL", async () => {
		const { server } = await project.serve();
		await server.stop();
		truncateSync(join(project.folder, ".burdock/data.db"), 5000);
		expectFailure(await start(), "database", "the file is damaged", "Restore it from a backup.");
	});

	it("does not have the tables of the schema", async () => {
		const { server } = await project.serve();
		await server.stop();
		project.write({
			"schema.ts": `import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
				export const notes = sqliteTable("notes", { id: integer().primaryKey(), mood: text() });
				export const tags = sqliteTable("tags", { id: integer().primaryKey() });`,
		});
		expectFailure(
			await start(),
			"database",
			/mood[^]*tags|tags[^]*mood/,
			"burdock migrate generate",
		);
	});
});

describe("an address that cannot be had", () => {
	it("is taken", async () => {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		onTestFinished(() => void server.close());
		const { port } = server.address() as { port: number };
		const outcome = await project.run(["start", "--port", String(port)]);
		expectFailure(outcome, "address", `Port ${port} of 127.0.0.1 is taken.`, "--port");
	});

	it("is not of this machine", async () => {
		const outcome = await start("--host", "192.0.2.1");
		expectFailure(outcome, "address", "192.0.2.1 is not an address of this machine", "127.0.0.1");
	});
});

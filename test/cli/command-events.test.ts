import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppEvents } from "../../src/app/app-events.ts";
import { CommandReport } from "../../src/cli/command-report.ts";
import { CliProject, config } from "../support/cli-project.ts";
import { testApp } from "../support/test-app.ts";

const HEAD = `import { appendFileSync } from "node:fs";\n`;
/** Notes what a listener is told of commands in a file; `mode` is that of the listener. */
const LISTENER = `
	emgr.on("command-*", async ({ params }, slug) => {
		const { app, error, ...rest } = params as Record<string, unknown>;
		if (error) rest.error = (error as Error).message;
		await new Promise((resolve) => setImmediate(resolve));
		const open = await app.database.all({ sql: "select 1", params: [] });
		appendFileSync("told.txt", JSON.stringify({ slug, open: open.length, ...rest }) + "\\n");
	}, MODE);`;
const SEED = 'async seed({ em }) { await em.mutator("notes").insertOne({ title: "a" }); }';

function listening(mode: "sync" | "async", more = SEED): string {
	return HEAD + config(`onBuilt({ emgr }) {${LISTENER.replace("MODE", `"${mode}"`)}}, ${more}`);
}

let project: CliProject;

beforeEach(() => {
	project = new CliProject({ "bknd.config.ts": listening("sync") });
});
afterEach(() => project.remove());

function told(): readonly Record<string, unknown>[] {
	const file = join(project.folder, "told.txt");
	if (!existsSync(file)) return [];
	const lines = readFileSync(file, "utf8").trim().split("\n");
	return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

function executed(command: string, more: object = {}, exitCode = 0): readonly object[] {
	const params = { open: 1, command, options: {}, args: [], ...more };
	return [
		{ slug: "command-execute", ...params },
		{ slug: "command-executed", ...params, exitCode },
	];
}

describe("the app of a command hears of it, once", () => {
	it.each([
		[["events"], {}],
		[["events", "data.**", "--json"], { args: ["data.**"], options: { json: true } }],
		[["routes"], {}],
		[["info", "--json"], { options: { json: true } }],
		[["types", "-o", "types.d.ts"], { options: { out: "types.d.ts" } }],
		[["migrate", "status"], { args: ["status"] }],
		[
			["migrate", "generate", "--name", "first"],
			{ args: ["generate"], options: { name: "first" } },
		],
		[["seed"], {}],
	] as const)("%j", async ([command, ...args], more) => {
		const { code, stderr } = await project.run([command, ...args]);
		expect(code, stderr).toBe(0);
		expect(told()).toEqual(executed(command, more));
	});

	it("of export and import, which need rows", async () => {
		await project.run(["seed"]);
		await project.run(["export", "--out", "rows.jsonl"]);
		await project.run(["import", "rows.jsonl", "--on-conflict", "skip"]);
		expect(told()).toEqual([
			...executed("seed"),
			...executed("export", { options: { out: "rows.jsonl" } }),
			...executed("import", { args: ["rows.jsonl"], options: { "on-conflict": "skip" } }),
		]);
	});

	it("of a command that ends with another exit code than 0", async () => {
		const { code } = await project.run(["doctor", "--port", "99999"]);
		expect(code).toBe(1);
		expect(told()).toEqual(executed("doctor", { options: { port: "99999" } }, 1));
	});

	it("of one that fails", async () => {
		project.write({ "types.d.ts": "" });
		const { code } = await project.run(["types", "--out", "types.d.ts", "--check"]);
		expect(code).toBe(1);
		expect(told().map(({ slug }) => slug)).toEqual(["command-execute", "command-error"]);
		expect(told()[1]).toMatchObject({ error: "types.d.ts is out of date." });
	});

	it("of dev, when the server stops", async () => {
		const { server } = await project.serve("dev");
		expect(told().map(({ slug }) => slug)).toEqual(["command-execute"]);
		await server.stop();
		expect(told()).toEqual(executed("dev", { options: { port: "0" } }));
	});

	it("of start, that an exception ended it", async () => {
		const crash = `onServerInit(hono) {
			hono.get("/crash", (context) => {
				setTimeout(() => { throw new Error("out of hand"); });
				return context.text("sent");
			});
		}`;
		project.write({ "bknd.config.ts": listening("sync", crash) });
		const { server, url } = await project.serve();
		await (await fetch(`${url}/crash`)).text();
		expect(await server.ended).toBe(1);
		expect(told().map(({ slug }) => slug)).toEqual(["command-execute", "command-error"]);
		expect(told()[1]).toMatchObject({ error: "out of hand" });
	});

	it("in async listeners, too, before the process ends", async () => {
		project.write({ "bknd.config.ts": listening("async") });
		for (const command of ["routes", "seed"]) await project.run([command]);
		const both = [...executed("routes"), ...executed("seed")];
		expect(told()).toHaveLength(both.length);
		expect(told()).toEqual(expect.arrayContaining(both));
	});
});

describe("listeners of command events", () => {
	it("change nothing of what the command does when they fail", async () => {
		const quiet = await project.run(["routes"]);
		project.write({
			"bknd.config.ts": config(
				'onBuilt({ emgr }) { emgr.on("command-*", () => { throw new Error("no"); }, "sync"); }',
			),
		});
		const { code, stdout, stderr } = await project.run(["routes"]);
		expect({ code, stdout }).toEqual({ code: 0, stdout: quiet.stdout });
		expect(stderr).toContain("no");
	});

	it("are missed, with a line about it, where migrate cannot build the app", async () => {
		project.write({
			"bknd.config.ts": config('onBuilt() { throw new Error("not today"); }'),
		});
		const { code, stdout, stderr } = await project.run(["migrate", "status"]);
		expect(code).toBe(0);
		expect(stdout).toContain("There are no migrations in drizzle.");
		expect(stderr).toMatch(/^warning: No listener hears of this command: .*not today\n$/);
	});

	it("are not called by an import without hooks, or one that stores nothing", async () => {
		project.write({ "rows.jsonl": "" });
		for (const option of ["--no-hooks", "--dry-run"]) {
			await project.run(["import", "rows.jsonl", option]);
		}
		expect(told()).toEqual([]);
	});

	it("hear nothing of commands without an app", async () => {
		for (const args of [["help"], ["routes", "--help"], ["--version"], ["init", "site"]]) {
			expect((await project.run(args)).code, args.join(" ")).toBe(0);
		}
		expect((await project.run(["routes", "--nope"])).code).toBe(2);
		expect(told()).toEqual([]);
	});
});

describe("a command's report", () => {
	it("leaves out secrets, of options and of URLs", async () => {
		const { app } = await testApp({});
		const params: object[] = [];
		app.emgr.onEvent(
			AppEvents.CommandExecute,
			({ params: { command, options, args } }) => void params.push({ command, options, args }),
			"sync",
		);
		const report = new CommandReport("tail", {
			options: {
				token: "s3cret",
				"api-token": "s3cret",
				url: "https://me:s3cret@host/x",
				json: true,
			},
			args: ["libsql://me:s3cret@host"],
		});
		await report.executing(app);
		expect(params).toEqual([
			{ command: "tail", options: { url: "https://host/x", json: true }, args: ["libsql://host"] },
		]);
	});

	it("tells of no end without a beginning, and of one end only", async () => {
		const { app } = await testApp({});
		const slugs: string[] = [];
		app.emgr.on("command-*", (_, slug) => void slugs.push(slug), "sync");
		const report = new CommandReport("seed", { options: {}, args: [] });
		await report.ended(app, { exitCode: 0 });
		await report.executing(app);
		await report.ended(app, { exitCode: 0 });
		await report.ended(app, { exitCode: 1, error: new Error("late") });
		expect(slugs).toEqual(["command-execute", "command-executed"]);
	});

	it("waits for a listener at the end no longer than it may", async () => {
		const { app } = await testApp({});
		app.emgr.on("command-executed", () => new Promise(() => {}), { mode: "sync" });
		const report = new CommandReport("seed", { options: {}, args: [] });
		await report.executing(app);
		await report.ended(app, { exitCode: 0, timeout: 0 });
	});
});

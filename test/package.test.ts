import { readFileSync } from "node:fs";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InstalledPackage, environment } from "./support/installed-package.ts";
import { RunningCommand, freePort } from "./support/running-command.ts";

const MINUTE = 60_000;

let installed: InstalledPackage;

beforeAll(async () => {
	installed = await InstalledPackage.create();
}, 5 * MINUTE);

afterAll(() => installed?.remove());

describe("the packed package", () => {
	it("passes publint", async () => {
		const bytes = readFileSync(installed.tarball);
		const tarball = new Uint8Array(bytes).buffer;
		const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
		expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
	});

	it("passes are-the-types-wrong", { timeout: MINUTE }, async () => {
		const attw = join(process.cwd(), "node_modules/.bin/attw");
		const args = [installed.tarball, "--profile", "esm-only", "--format", "ascii", "--no-emoji"];
		const { code, output } = await installed.run(attw, args);
		expect(code, output).toBe(0);
	});

	it("holds nothing but what its users need", async () => {
		const { output } = await installed.run("tar", ["-tzf", installed.tarball]);
		const strangers = output
			.trim()
			.split("\n")
			.filter((path) => !/^package\/(dist\/[^.]|docs\/|[A-Z]+(\.md)?$|package\.json$)/.test(path));
		expect(strangers).toEqual([]);
	});
});

describe("a project that installs it", () => {
	it.each([
		["node16", "node16"],
		["esnext", "bundler"],
	])(
		"has the types of every subpath: module %s, resolution %s",
		{ timeout: MINUTE },
		async (...how) => {
			const { output } = await installed.checkTypes(...how);
			const lines = output.split("\n").filter((line) => /^\S.*error TS/.test(line));
			// Drizzle's declarations name the optional drivers of every database.
			expect(lines.filter((line) => !line.startsWith("node_modules/drizzle-orm/"))).toEqual([]);
		},
	);

	it("finds the command", { timeout: MINUTE }, async () => {
		const { code, output } = await installed.run("npx", ["--no-install", "burdock", "--help"]);
		expect(output).toContain("start");
		expect(code, output).toBe(0);
	});

	it("serves its own schema, with its own hooks, until SIGTERM", { timeout: MINUTE }, async () => {
		const port = await freePort();
		const bin = join(installed.folder, "node_modules/.bin/burdock");
		const server = new RunningCommand(bin, ["start", "--port", String(port)], {
			cwd: installed.folder,
			env: environment(),
		});
		try {
			await server.printed(`:${port}`);
			const url = `http://127.0.0.1:${port}/api/data/entity/notes`;
			const body = JSON.stringify({ title: "buy burrs" });
			const made = await fetch(url, { method: "POST", body });
			expect(await made.json()).toMatchObject({ data: { id: 1, title: "BUY BURRS", done: false } });
			expect(made.status).toBe(201);
			const listed = await fetch(url);
			expect(await listed.json()).toMatchObject({ data: [{ id: 1, title: "BUY BURRS" }] });
			expect(listed.status).toBe(200);
		} finally {
			expect(await server.stop("SIGTERM"), server.output).toBe(0);
		}
	});
});

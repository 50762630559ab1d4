import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InstalledPackage } from "../support/installed-package.ts";
import { loadOtherRuntimes } from "../support/other-runtimes.ts";
import { freePort } from "../support/running-command.ts";

const MINUTE = 60_000;
const VITEST = resolve("node_modules/vitest/vitest.mjs");
const NAMES = ["bun", "deno"] as const;
const TOKEN = "a-token-of-burrs";
const SERVERS = [
	["burdock start", "node_modules/burdock/dist/cli/main.js", ["start", "--port"]],
	["serve of burdock/node", "node-server.ts", []],
	["its own server and app.fetch", "own-server.ts", []],
] as const;

/** As much of vitest's JSON report as is looked at. */
interface Report {
	readonly testResults: readonly {
		readonly name: string;
		readonly message: string;
		readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
	}[];
}

const runtimes = await loadOtherRuntimes();
const missing = NAMES.filter((name) => !runtimes.some((runtime) => runtime.name === name));
if (missing.length > 0) {
	console.warn(`Skipped: npm does not provide ${missing.join(" and ")} on this machine.`);
}

let installed: InstalledPackage;
let project: string;

beforeAll(async () => {
	if (runtimes.length === 0) return;
	installed = await InstalledPackage.create();
	project = installed.folder;
	cpSync("test/support/served-anywhere", project, { recursive: true });
}, 5 * MINUTE);

afterAll(() => installed?.remove(), MINUTE);

it("has Bun and Deno beside it, not among its dependencies", () => {
	expect(readFileSync("package.json", "utf8")).not.toMatch(/"(?:bun|deno)"/);
	expect(readFileSync("compat/runtimes/package-lock.json", "utf8")).not.toContain('"resolved"');
});

describe.each(runtimes.map((runtime) => [runtime.name, runtime] as const))("on %s", (name, on) => {
	it("answers every scenario as on Node", { timeout: 2 * MINUTE }, async () => {
		const report = join(project, `${name}.json`);
		const config = resolve("test/support/packed/vitest.config.ts");
		const vitest = on.start(
			[VITEST, "run", "--config", config, "--reporter", "json", "--outputFile", report],
			project,
			{ PACKED_PROJECT: project, PACKED_RUNTIME: name },
		);
		const code = await vitest.ended;
		const { testResults } = JSON.parse(readFileSync(report, "utf8")) as Report;
		const strangers = testResults.flatMap(({ assertionResults }) =>
			assertionResults.filter(({ status }) => status !== "passed").map((test) => test.fullName),
		);
		expect(strangers, testResults.map(({ message }) => message).join("\n")).toEqual([]);
		expect(testResults).toHaveLength(readdirSync("test/scenarios").length);
		expect(code, vitest.output).toBe(0);
	});

	it.each(SERVERS)("serves by %s until SIGTERM", async (_, program, args) => {
		const port = await freePort();
		const server = on.start([program, ...args, String(port)], project, { BURDOCK_TOKEN: TOKEN });
		const origin = `http://127.0.0.1:${port}`;
		const url = `${origin}/api/data/entity/notes`;
		const headers = { authorization: `Bearer ${TOKEN}` };
		const insert = (title: string): Promise<Response> =>
			fetch(url, { method: "POST", headers, body: JSON.stringify({ title }) });
		let slow: Promise<string> | undefined;
		try {
			await server.printed(origin);
			const made = await insert("first");
			expect(await made.json()).toMatchObject({ data: { id: 1, title: "FIRST" } });
			expect(made.status).toBe(201);
			expect(server.output).not.toContain("heard");
			const listed = await fetch(url);
			expect(await listed.json()).toMatchObject({ data: [{ id: 1, title: "FIRST" }] });
			await server.printed("heard of FIRST");
			slow = fetch(`${origin}/slow`).then((response) => response.text());
			await server.printed("asked slowly");
			expect((await insert("second")).status).toBe(201);
		} finally {
			expect(await server.stop("SIGTERM"), server.output).toBe(0);
		}
		expect(await slow).toBe("answered slowly");
		expect(server.output).toMatch(/heard of SECOND[^]*Stopped\./);
	});
});

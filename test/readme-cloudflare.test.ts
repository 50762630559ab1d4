import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { consoleExamples } from "./support/console-examples.ts";
import { FreshClone, type RunningWorker } from "./support/fresh-clone.ts";

const MINUTE = 60_000;
const readme = readFileSync("README.md", "utf8");
const [section = ""] = /^## On Cloudflare Workers$[^]*?(?=^## )/m.exec(readme) ?? [];
/** The lines of the first `sh` block: how the Worker is started. */
const [install, ...commands] = (/```sh\n([^]*?)```/.exec(section)?.[1] ?? "").trim().split("\n");
const dev = commands.pop();
const run = promisify(execFile);

describe("the README's section on Workers", () => {
	let clone: FreshClone;
	let worker: RunningWorker;

	beforeAll(async () => {
		clone = new FreshClone();
		for (const command of commands) {
			const { code, output } = await clone.run(command);
			if (code !== 0) throw new Error(`${command}\n${output}`);
		}
		worker = await clone.dev();
	}, 2 * MINUTE);
	afterAll(async () => {
		await worker?.stop();
		clone?.remove();
	}, MINUTE);

	test("begins with what a clone is, and ends with a server", () => {
		expect([install, dev]).toEqual(["npm ci && npm run build", "npx wrangler dev"]);
	});

	test("shows the real output of every command, in their order", async () => {
		const examples = consoleExamples(section);
		expect(examples.length).toBeGreaterThan(3);
		const { port } = new URL(worker.url);
		for (const { command, output } of examples) {
			const { stdout } = await run("bash", ["-c", command.replaceAll("8787", port)]);
			expect(stdout.trim(), command).toBe(output);
		}
	});

	test("shows the Worker that there is", () => {
		const [, shown = ""] = /```ts\n([^]*?)```/.exec(section) ?? [];
		const file = readFileSync(join(clone.folder, "blog/worker.ts"), "utf8");
		expect(file.replace(/\/\*\*.*\*\/\n/, "")).toBe(shown);
	});
});

import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { consoleExamples } from "./support/console-examples.ts";
import { startBlog, type RunningBlog } from "./support/blog-process.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const run = promisify(execFile);

/** Those of the Worker are run by `readme-cloudflare.test.ts`. */
const examples = consoleExamples(readme).filter(({ command }) => !command.includes(":8787"));

/** What a run printed, without carriage returns and with the port that the README shows. */
function normalize(text: string, port: string): string {
	return text.replaceAll("\r", "").replaceAll(port, "1337").trim();
}

describe("the README", () => {
	let blog: RunningBlog;
	beforeAll(async () => {
		blog = await startBlog();
	});
	afterAll(() => blog.stop());

	test("has examples", () => {
		expect(examples.length).toBeGreaterThan(5);
	});

	test("shows the real output of every command, in their order", async () => {
		const { port } = new URL(blog.url);
		for (const { command, output } of examples) {
			const { stdout } = await run("bash", ["-c", command.replaceAll("1337", port)]);
			const printed = normalize(stdout, port);
			expect(printed, command).toBe(output);
		}
	});

	test("names the commands that the package has", () => {
		const { scripts } = JSON.parse(
			readFileSync(new URL("../package.json", import.meta.url), "utf8"),
		) as { scripts: Record<string, string> };
		for (const [, script = ""] of readme.matchAll(/npm ci && npm (?:run )?(\w+)/g)) {
			expect(scripts).toHaveProperty(script);
		}
	});

	test("links to files that exist", () => {
		const targets = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(
			([, target = ""]) => target,
		);
		expect(
			targets.filter((target) => !existsSync(new URL(`../${target}`, import.meta.url))),
		).toEqual([]);
	});
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ClientOptions } from "../src/client/index.ts";
import { serve } from "../src/runtime/node/serve.ts";
import { silentLogger } from "../src/kernel/logger.ts";
import { snippetsOf } from "./support/snippets.ts";

const PAGE = "docs/client.md";
const page = readFileSync(PAGE, "utf8");
const [schema = "", imports = "", ...snippets] = snippetsOf(PAGE);

/** One program of all snippets, in their order; what they log is handed to `shown`. */
const program = `${imports.replace("burdock/client", "../../src/client/index.ts")}
export async function main(shown: (value: unknown, expected: string) => void): Promise<void> {
${snippets
	.map((snippet) =>
		snippet.replace(
			/console\.log\((.*)\);? \/\/ (.*)$/gm,
			(_, value: string, text: string) => `shown(${value}, ${JSON.stringify(text)});`,
		),
	)
	.join("\n")}
}
`;

/** Writes schema and program to a directory of their own; answers its path. */
function write(url = "http://localhost:1337"): string {
	mkdirSync(".burdock", { recursive: true });
	const folder = mkdtempSync(resolve(".burdock/client-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	writeFileSync(join(folder, "schema.ts"), schema);
	writeFileSync(join(folder, "program.ts"), program.replace("http://localhost:1337", url));
	const project = { extends: resolve("tsconfig.node.json"), include: ["*.ts"], exclude: [] };
	writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(project));
	return folder;
}

describe("docs/client.md", () => {
	test("its snippets compile", { timeout: 60_000 }, () => {
		expect(snippets.length).toBeGreaterThan(6);
		const run = () => execFileSync("node_modules/.bin/tsc", ["-p", write()], { encoding: "utf8" });
		expect(run).not.toThrow();
	});

	test("its snippets do what it says of them", async () => {
		const loaded = (await import(join(write(), "schema.ts"))) as Record<string, unknown>;
		const config = { connection: { url: ":memory:" }, schema: loaded };
		const server = await serve(config, { port: 0, logger: silentLogger });
		onTestFinished(async () => void (await server.close()));
		const { main } = (await import(join(write(server.url), "program.ts"))) as {
			main(shown: (value: unknown, expected: string) => void): Promise<void>;
		};
		const seen: [string, string][] = [];
		await main((value, expected) => void seen.push([JSON.stringify(value), expected]));
		expect(seen.map(([value]) => value)).toEqual(seen.map(([, expected]) => expected));
		expect(seen.length).toBe(page.match(/console\.log\(.*; \/\/ /g)?.length);
	});

	test("its table of options names them all", () => {
		const options: Readonly<Record<keyof ClientOptions, true>> = {
			url: true,
			basePath: true,
			token: true,
			headers: true,
			fetch: true,
			retries: true,
		};
		const rows = page.matchAll(/^\| `(\w+)` \| .* \|$/gm);
		const named = Array.from(rows, ([, name]) => name).filter((name) => name !== undefined);
		expect(named.slice(0, 6)).toEqual(Object.keys(options));
	});
});

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FreshClone } from "./support/fresh-clone.ts";
import { leadsSomewhere, linksOf } from "./support/page-links.ts";
import { snippetsOf, typeErrors, writeSnippets } from "./support/snippets.ts";
import { WranglerHelp, wranglerCalls } from "./support/wrangler-help.ts";

const MINUTE = 60_000;
const PAGE = "docs/deploy-cloudflare.md";
const page = readFileSync(PAGE, "utf8");
/** The README shows commands of wrangler, too. */
const pages = page + readFileSync("README.md", "utf8");
const [whole = "", ...parts] = [...page.matchAll(/^```toml\n([^]*?)^```$/gm)].map(
	([, block = ""]) => block,
);

let clone: FreshClone;
beforeAll(() => {
	clone = new FreshClone();
}, MINUTE);
afterAll(() => clone.remove());

/** The settings of the page as one file, in which those without a table stand above all tables. */
function settings(blocks: readonly string[]): string {
	const isTop = (block: string): boolean => !block.startsWith("[");
	const [top = "", ...tables] = whole.replace("src/worker.ts", "blog/worker.ts").split("\n\n");
	const all = [...tables, ...blocks.filter((block) => !isTop(block))];
	return [top, ...blocks.filter(isTop), ...all].join("\n\n");
}

describe("docs/deploy-cloudflare.md", () => {
	test("its snippets compile", { timeout: 2 * MINUTE }, () => {
		const [worker, ...snippets] = snippetsOf(PAGE);
		expect(worker).toContain("export default serve(config);");
		expect(snippets.length).toBeGreaterThan(3);
		const files = writeSnippets(snippets);
		expect(typeErrors(files)).toBe("");
	});

	test("wrangler has every command and option", { timeout: 5 * MINUTE }, async () => {
		const help = new WranglerHelp();
		const calls = wranglerCalls(pages);
		expect(calls.length).toBeGreaterThan(20);
		const faults = [];
		for (const call of calls) faults.push(...(await help.faults(call)));
		expect(faults).toEqual([]);
	});

	test("wrangler takes all settings, without a warning", { timeout: 2 * MINUTE }, async () => {
		const inherited = parts.filter((part) => !part.includes("queues"));
		for (const [environment, blocks] of [
			["", parts],
			["staging", inherited],
		] as const) {
			writeFileSync(join(clone.folder, "wrangler.toml"), settings(blocks));
			const dryRun = `npx wrangler deploy --dry-run --env '${environment}'`;
			const { code, output } = await clone.run(dryRun);
			expect(code, output).toBe(0);
			expect(output).not.toContain("WARNING");
			expect(output).toMatch(/env\.DB \(my-site(-staging)?\) +D1 Database/);
		}
	});

	test("links to pages and headings that exist", () => {
		const links = linksOf(PAGE);
		expect(links.length).toBeGreaterThan(3);
		expect(links.filter((link) => !leadsSomewhere(link))).toEqual([]);
	});
});

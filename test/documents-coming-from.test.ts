import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { RunnablePage } from "./support/runnable-page.ts";

const text = readFileSync("docs/coming-from.md", "utf8");
const page = new RunnablePage("docs/coming-from.md");
/** The features of the five systems, one row each. */
const FEATURES = 48;

afterAll(() => page[Symbol.dispose]());

describe("docs/coming-from.md", () => {
	test("its examples compile", { timeout: 120_000 }, () => {
		expect(page.blocks.length).toBeGreaterThan(60);
		expect(typeErrors()).toBe("");
	});

	test.for(page.blocks)(
		"the example in line $line ($section) prints what it says",
		async (block) => {
			expect(await page.run(block)).toBe(block.output);
		},
	);

	test("names tests that are there", () => {
		const named = rows(text).flatMap((row) =>
			Array.from(row.matchAll(/`([\w/.-]+\.ts)`[^"`]*"([^"]+)"/g)),
		);
		expect(named.length).toBeGreaterThan(70);
		const missing = named.filter(
			([, file = "", name = ""]) => !readFileSync(join("test", file), "utf8").includes(`"${name}"`),
		);
		expect(missing).toEqual([]);
	});

	test("shows every feature by a test, or says why it is not there", () => {
		const features = rows(section("Every feature")).filter(
			(row) => !/^\| feature |^\|---/.test(row),
		);
		expect(features).toHaveLength(FEATURES);
		const different = section("Deliberately different");
		for (const row of features) {
			const [, name = "", , proof = ""] = row
				.split(" | ")
				.join("|")
				.split(/(?<!\\)\|/);
			const shown = /`[\w/.-]+\.ts`[^"]*"[^"]+"/.test(proof);
			expect(shown || different.includes(`**${name.trim()}.**`), name).toBe(true);
		}
	});

	test("its links lead to headings that are there", () => {
		const anchors = Array.from(text.matchAll(/^#+ (.+)$/gm), ([, heading = ""]) => {
			const words = heading.toLowerCase().replaceAll(/[^\w\s-]/g, "");
			return `#${words.replaceAll(" ", "-")}`;
		});
		expect(new Set(anchors).size, "each heading is there once").toBe(anchors.length);
		for (const [, link] of text.matchAll(/\]\((#[^)]+)\)/g)) expect(anchors).toContain(link);
	});
});

function rows(of: string): readonly string[] {
	return of.split("\n").filter((line) => line.startsWith("|"));
}

function section(heading: string): string {
	return text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
}

/** What the compiler says of the blocks, and not of the sources that they use. */
function typeErrors(): string {
	try {
		const tsc = join("node_modules", ".bin", "tsc");
		execFileSync(tsc, ["-p", page.directory], { stdio: "pipe" });
		return "";
	} catch (error) {
		const all = String((error as { stdout?: Buffer }).stdout);
		return all
			.split("\n")
			.filter((line) => line.includes("line-") || line.startsWith(" "))
			.join("\n");
	}
}

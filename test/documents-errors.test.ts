import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ErrorCatalogue, type ErrorDefinition } from "../src/kernel/error-catalogue.ts";
import { STATUS } from "../src/server/problem.ts";

const page = readFileSync("docs/errors.md", "utf8");

/** The rows of the tables whose first column is a code, by the file that their section names. */
function documented(): Map<string, Map<string, readonly string[]>> {
	const sections = new Map<string, Map<string, readonly string[]>>();
	let rows = new Map<string, readonly string[]>();
	for (const line of page.split("\n")) {
		const file = /\(`(src\/[^`]+)`\)$/.exec(line)?.[1];
		if (file !== undefined) sections.set(file, (rows = new Map()));
		else if (line.startsWith("## ")) rows = new Map();
		const [code, ...cells] = line.split(" | ").map((cell) => cell.replace(/^\| |\|$/g, "").trim());
		if (cells.length === 4 && code?.startsWith("`")) rows.set(code.slice(1, -1), cells);
	}
	return sections;
}

/** The catalogues of the sources, by file. */
async function catalogues(): Promise<Map<string, ReadonlyMap<string, ErrorDefinition>>> {
	const found = new Map<string, ReadonlyMap<string, ErrorDefinition>>();
	for (const file of globSync("src/**/*.ts").toSorted()) {
		const source = readFileSync(file, "utf8");
		if (!/^export const \w+ =[^;{]*new ErrorCatalogue\(/m.test(source)) continue;
		const path = `../${file}`;
		const module = (await import(/* @vite-ignore */ path)) as Record<string, unknown>;
		for (const value of Object.values(module)) {
			if (!(value instanceof ErrorCatalogue)) continue;
			const definitions = value.definitions as Readonly<Record<string, ErrorDefinition>>;
			found.set(file, new Map(Object.entries(definitions)));
		}
	}
	return found;
}

describe("docs/errors.md", async () => {
	const sections = documented();
	const sources = await catalogues();

	test("has a section for each catalogue, and no other", () => {
		expect([...sections.keys()].toSorted()).toEqual([...sources.keys()].toSorted());
		expect(sources.size).toBeGreaterThan(4);
	});

	test.for([...sources])(
		"lists the codes of %s, with kind, status and message",
		([file, definitions]) => {
			const rows = sections.get(file) ?? new Map<string, readonly string[]>();
			expect([...rows.keys()].toSorted()).toEqual([...definitions.keys()].toSorted());
			for (const [code, { kind, message }] of definitions) {
				const [saidKind, status, saidMessage, advice] = rows.get(code) ?? [];
				expect([saidKind, status, saidMessage], code).toEqual([
					`\`${kind}\``,
					String(STATUS[kind]),
					message.replaceAll("\n", " "),
				]);
				expect(advice, code).toMatch(/^.{20,}\.$/);
			}
		},
	);

	test("lists every kind with its status", () => {
		for (const [kind, status] of Object.entries(STATUS)) {
			expect(page).toMatch(
				new RegExp(`^\\| \`${kind}\` \\| ${status} \\| (?:yes|no) \\| .+ \\|$`, "m"),
			);
		}
	});

	test("no two catalogues share a code that means two things", () => {
		const kinds = new Map<string, string>();
		for (const definitions of sources.values()) {
			for (const [code, { kind }] of definitions) {
				expect(kinds.get(code) ?? kind, code).toBe(kind);
				kinds.set(code, kind);
			}
		}
	});
});

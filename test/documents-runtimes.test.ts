import { existsSync, globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { D1 } from "../src/data/drivers/d1.ts";
import { openDatabase } from "../src/runtime/node/open-database.ts";

const page = readFileSync("docs/runtimes.md", "utf8");
const SCENARIOS = "test/scenarios/";

/** The rows of the table below a heading, without the head. */
function rowsBelow(heading: string): readonly (readonly string[])[] {
	const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
	const lines = (section ?? "").split("\n").filter((line) => line.startsWith("|"));
	return lines.slice(2).map((line) => line.slice(2, -2).split(" | "));
}

/** The path in a cell, and what the cell says after it. */
function readTest(cell: string): readonly [path: string, title: string | undefined] {
	const [, path = "", title] = /^`([^`]+)`(?:: (.+))?$/.exec(cell) ?? [];
	return [path, title];
}

function unquoted(cell: string): string {
	return cell.replaceAll("`", "");
}

/** The files below a folder that hold a text. */
function whereFound(text: string, pattern: string): readonly string[] {
	return globSync(pattern).filter((path) => readFileSync(path, "utf8").includes(text));
}

describe("docs/runtimes.md", () => {
	const same = rowsBelow("The same on both").map(([, cell = ""]) => readTest(cell)[0]);
	const differences = rowsBelow("What differs");

	test("names every scenario and every suite for both runtimes, and nothing else", () => {
		const files = [...globSync(`${SCENARIOS}*.test.ts`), ...globSync("test/conformance/*.ts")];
		expect(same.toSorted()).toEqual(files.toSorted());
	});

	test.for(same.filter((path) => !path.startsWith(SCENARIOS)))("%s runs on both", (path) => {
		const imported = path.replace("test/", "/");
		const users = whereFound(imported, "test/**/*.test.ts");
		const inWorkerd = users.filter((user) => user.startsWith("test/runtime/workerd/"));
		expect(inWorkerd).not.toEqual([]);
		expect(users.length).toBeGreaterThan(inWorkerd.length);
	});

	test("gives every difference a reason and a test", () => {
		expect(differences.length).toBeGreaterThan(5);
		for (const row of differences) {
			expect(row).toHaveLength(5);
			expect(row.every((cell) => cell !== "")).toBe(true);
		}
	});

	test.for(differences)("“%s” is shown by its test", ([what = "", , , , cell = ""]) => {
		const [path, title] = readTest(cell);
		expect(existsSync(path), path).toBe(true);
		const shown = title ?? `differs("${what}"`;
		const text = readFileSync(path, "utf8").replaceAll(/differs(?:<\w+>)?\(\s*"/g, 'differs("');
		expect(text.includes(shown), `${path} has nothing of: ${shown}`).toBe(true);
	});

	test("has a row for each difference that a scenario declares", () => {
		const declared = globSync(`${SCENARIOS}*.test.ts`).flatMap((path) =>
			[...readFileSync(path, "utf8").matchAll(/differs(?:<\w+>)?\(\s*"([^"]+)"/g)].map(
				([, name = ""]) => `${name} (${path})`,
			),
		);
		const told = differences.map(
			([what = "", , , , cell = ""]) => `${what} (${readTest(cell)[0]})`,
		);
		expect(declared.filter((one) => !told.includes(one))).toEqual([]);
	});

	test("tells the capabilities of the engines", () => {
		const d1 = new D1(() => {
			throw new Error("Nobody asks it for anything.");
		});
		const embedded = openDatabase({ url: ":memory:" });
		const capabilities = Object.entries(embedded.capabilities).map(([name, value]) => [
			name,
			String(value),
			String((d1.capabilities as unknown as Record<string, unknown>)[name]),
		]);
		expect(rowsBelow("What the engines can take").map((row) => row.map(unquoted))).toEqual(
			capabilities,
		);
		void embedded.close();
	});

	test("tells what the D1 driver declares that it cannot do", () => {
		const suite = readFileSync("test/runtime/workerd/d1.test.ts", "utf8");
		const declared = [...suite.matchAll(/^\t\t"([\w-]+)":\s+"([^"]+)",$/gm)];
		expect(rowsBelow("What D1 cannot do of the port")).toEqual(
			declared.map(([, name, why]) => [`\`${name}\``, why]),
		);
		expect(suite).toContain(`deviations: {`);
	});
});

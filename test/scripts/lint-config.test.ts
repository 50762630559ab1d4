import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lintConfig } from "../../scripts/lint-config.ts";
import { FLOORS } from "../support/floors.ts";
import { checkImports } from "../support/import-rules.ts";
import { Source } from "../support/source.ts";

const FOLDERS = FLOORS.map(({ path }) => path).filter((path) => !path.endsWith(".ts"));
const PACKAGES = ["hono", "drizzle-orm/sqlite-core", "@libsql/client", "esbuild", "node:fs"];
const RULE = "eslint(no-restricted-imports)";

interface Config {
	readonly overrides: readonly {
		readonly files: readonly string[];
		readonly rules: Readonly<Record<string, unknown>>;
	}[];
}

interface Report {
	readonly diagnostics: readonly { readonly code: string; readonly filename: string }[];
}

/** One file for each thing that each floor might import, by path. */
function everyImport(keyword: "import" | "import type"): Readonly<Record<string, string>> {
	const files: Record<string, string> = {};
	for (const folder of FOLDERS) {
		files[`src/${folder}/goal.ts`] = "export const goal = 1;\n";
		const goals = FOLDERS.filter((other) => other !== folder).map((other) => {
			const relative = posix.relative(folder, `${other}/goal.ts`);
			return relative.startsWith(".") ? relative : `./${relative}`;
		});
		for (const [index, specifier] of [...goals, ...PACKAGES].entries()) {
			files[`src/${folder}/try-${index}.ts`] = `${keyword} { goal } from "${specifier}";\n`;
		}
	}
	return files;
}

let folder: string;

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "burdock-lint-"));
	writeFileSync(join(folder, ".oxlintrc.json"), JSON.stringify(onlyImportRestrictions()));
});

/** The configuration without its other rules, which would have much to say about these files. */
function onlyImportRestrictions(): object {
	const text = lintConfig();
	const config = JSON.parse(text.slice(text.indexOf("{"))) as Config;
	const name = "no-restricted-imports";
	const overrides = config.overrides.flatMap(({ files, rules }) =>
		name in rules ? [{ files, rules: { [name]: rules[name] } }] : [],
	);
	return { categories: { correctness: "off" }, overrides };
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The files in which the linter finds an import that the floor table does not allow. */
function refusedByLinter(files: Readonly<Record<string, string>>): readonly string[] {
	rmSync(join(folder, "src"), { recursive: true, force: true });
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), text);
	}
	const oxlint = resolve("node_modules/.bin/oxlint");
	const { stdout } = spawnSync(oxlint, ["-f", "json"], {
		cwd: folder,
		encoding: "utf8",
		maxBuffer: 1e8,
	});
	const { diagnostics } = JSON.parse(stdout) as Report;
	return diagnostics.filter(({ code }) => code === RULE).map(({ filename }) => filename);
}

function refusedByTest(files: Readonly<Record<string, string>>): readonly string[] {
	const sources = Object.entries(files).map(([path, text]) => new Source(path, text));
	return checkImports(sources)
		.filter(({ rule }) => rule !== "no-cycles")
		.map(({ path }) => path);
}

/** `src/data/try-3.ts import { goal } from "../server/goal.ts";` */
function described(
	files: Readonly<Record<string, string>>,
	paths: readonly string[],
): readonly string[] {
	return [...new Set(paths)].sort().map((path) => `${path} ${files[path]?.trim()}`);
}

describe("the linter and the architecture test", () => {
	it("refuse the same imports of values", () => {
		const files = everyImport("import");
		const refused = described(files, refusedByTest(files));
		expect(refused.length).toBeGreaterThan(100);
		expect(described(files, refusedByLinter(files))).toEqual(refused);
	});

	it("refuse the same imports of types, but for single files that a floor may name", () => {
		const types = everyImport("import type");
		const exact = FLOORS.filter(({ floorTypes }) =>
			floorTypes?.some((path) => path.endsWith(".ts")),
		);
		const files = Object.fromEntries(
			Object.entries(types).filter(
				([path]) =>
					path.endsWith("/goal.ts") ||
					!exact.some((floor) => path.startsWith(`src/${floor.path}/`)),
			),
		);
		const refused = described(files, refusedByTest(files));
		expect(refused.length).toBeGreaterThan(100);
		expect(described(files, refusedByLinter(files))).toEqual(refused);
	});
});

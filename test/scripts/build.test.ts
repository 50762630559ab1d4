import { execFileSync, spawnSync } from "node:child_process";
import {
	appendFileSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const FILES = {
	"package.json": JSON.stringify({
		type: "module",
		bin: { small: "./dist/cli/main.js" },
		exports: {
			".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
			"./words": { types: "./dist/words/index.d.ts", default: "./dist/words/index.js" },
			"./package.json": "./package.json",
		},
	}),
	"src/index.ts": 'export { word } from "./words/word.ts";\n',
	"src/words/index.ts": 'export { word, type Word } from "./word.ts";\n',
	"src/words/word.ts": 'export type Word = string;\nexport const word: Word = "burr";\n',
	"src/cli/main.ts":
		'import { word } from "../words/word.ts";\nconsole.log(word);\n\nthrow new Error("stop");\n',
};

let project: string;

beforeEach(() => {
	project = mkdtempSync(join(tmpdir(), "burdock-build-"));
	for (const [path, text] of Object.entries(FILES)) write(path, text);
	for (const path of ["scripts", "tsconfig.base.json", "tsconfig.build.json"]) {
		cpSync(path, join(project, path), { recursive: true });
	}
	symlinkSync(resolve("node_modules"), join(project, "node_modules"));
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

function write(path: string, text: string): void {
	mkdirSync(dirname(join(project, path)), { recursive: true });
	writeFileSync(join(project, path), text);
}

function read(path: string): string {
	return readFileSync(join(project, path), "utf8");
}

/** Runs the build; what it says is one line for each part that it did not skip. */
function build(...args: readonly string[]): {
	readonly code: number | null;
	readonly said: string;
} {
	const done = spawnSync(process.execPath, ["scripts/build.ts", ...args], {
		cwd: project,
		encoding: "utf8",
	});
	return { code: done.status, said: done.stdout + done.stderr };
}

const BUILT = { code: 0, said: expect.stringMatching(/^Built dist in [\d.]+ s\.\n$/) as string };
const SKIPPED = { code: 0, said: "" };

describe("the build", () => {
	it("makes every entry and what they share once", () => {
		expect(build("--js")).toEqual(BUILT);
		expect(read("dist/index.js")).toMatch(/from "\.\/chunks\/.*"/);
		expect(read("dist/words/index.js")).toMatch(/from "\.\.\/chunks\/.*"/);
		expect(existsSync(join(project, "dist/index.d.ts"))).toBe(false);
	});

	it("makes a command that runs, whose stack traces name the sources", () => {
		build("--js");
		const bin = join(project, "dist/cli/main.js");
		expect(statSync(bin).mode & 0o111).toBe(0o111);
		const run = spawnSync(bin, {
			encoding: "utf8",
			env: { ...process.env, NODE_OPTIONS: "--enable-source-maps" },
		});
		expect(run.stdout).toBe("burr\n");
		expect(run.stderr).toContain("src/cli/main.ts:4:7");
	});

	it("makes declarations that name the built files", () => {
		expect(build().code).toBe(0);
		expect(read("dist/words/index.d.ts").trim()).toBe(
			'export { word, type Word } from "./word.js";',
		);
		expect(build()).toEqual(SKIPPED);
	});

	it("is skipped while nothing has changed", () => {
		build("--js");
		expect(build("--js")).toEqual(SKIPPED);
	});

	it.each<[string, () => void]>([
		["a source is changed", () => appendFileSync(join(project, "src/words/word.ts"), "// more\n")],
		[
			"a source is replaced by one as long",
			() => write("src/words/word.ts", FILES["src/words/word.ts"].replace("burr", "hook")),
		],
		["a source is added", () => write("src/words/other.ts", "export const other = 1;\n")],
		["an output is deleted", () => rmSync(join(project, "dist/index.js"))],
		["an output is changed", () => write("dist/index.js", "")],
		[
			"the build itself is changed",
			() => appendFileSync(join(project, "scripts/build/entries.ts"), "\n"),
		],
	])("runs again when %s", (_, change) => {
		build("--js");
		change();
		expect(build("--js")).toEqual(BUILT);
		expect(build("--js")).toEqual(SKIPPED);
	});

	it("leaves no file behind that nothing uses any more", () => {
		build("--js");
		const [chunk] = /chunks\/[^"]+/.exec(read("dist/index.js")) ?? [];
		write("src/words/word.ts", 'export type Word = string;\nexport const word: Word = "hook";\n');
		build("--js");
		expect(existsSync(join(project, `dist/${chunk}`))).toBe(false);
		expect(
			execFileSync(
				process.execPath,
				["-e", "import('./dist/index.js').then((m) => console.log(m.word))"],
				{ cwd: project, encoding: "utf8" },
			),
		).toBe("hook\n");
	});

	it("names every entry whose source is missing", () => {
		rmSync(join(project, "src/words/index.ts"));
		rmSync(join(project, "src/cli/main.ts"));
		const { code, said } = build("--js");
		expect(code).toBe(1);
		expect(said).toContain("./words needs src/words/index.ts");
		expect(said).toContain("bin small needs src/cli/main.ts");
	});

	it("shows what the type checker says, and fails", () => {
		write("src/words/word.ts", "export type Word = string;\nexport const word: Word = 1;\n");
		const { code, said } = build();
		expect(code).toBe(1);
		expect(said).toContain("src/words/word.ts(2,14)");
	});
});

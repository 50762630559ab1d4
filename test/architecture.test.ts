import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { lintConfig } from "../scripts/lint-config.ts";
import { checkCode } from "./support/code-rules.ts";
import { DATA_ROOMS, MAX_FILE_LINES, MAX_FUNCTION_LINES } from "./support/floors.ts";
import { checkImports } from "./support/import-rules.ts";
import { Source } from "./support/source.ts";

/** Broken rules as lines: `src/data/entity.ts:12 imports-downward: data imports nothing of server`. */
function check(files: Readonly<Record<string, string>>): readonly string[] {
	const sources = Object.entries(files).map(([path, text]) => new Source(path, text));
	return [...checkImports(sources), ...sources.flatMap(checkCode)].map(
		({ path, line, rule, message }) => `${path}:${line} ${rule}: ${message}`,
	);
}

/** The same, message aside. */
function rulesBroken(files: Readonly<Record<string, string>>): readonly string[] {
	return check(files).map((line) => line.slice(0, line.indexOf(": ")));
}

describe("the house", () => {
	it("keeps its rules in every file of src", () => {
		const paths = globSync("src/**/*.ts").map((path) => path.replaceAll("\\", "/"));
		expect(paths.length).toBeGreaterThan(5);
		const files = Object.fromEntries(
			paths.sort().map((path) => [path, readFileSync(path, "utf8")]),
		);
		expect(check(files).join("\n")).toBe("");
	});

	it.each(DATA_ROOMS.map((room, place) => [room, DATA_ROOMS.slice(place + 1)] as const))(
		"lets src/data/%s import no room after it",
		(room, later) => {
			const upward = new RegExp(`from "\\.\\./(?:${later.join("|")})/`);
			const paths = globSync(`src/data/${room}/*.ts`);
			expect(paths.length).toBeGreaterThan(0);
			if (later.length === 0) return;
			expect(paths.filter((path) => upward.test(readFileSync(path, "utf8")))).toEqual([]);
		},
	);

	it("gives the linter the same floor table", () => {
		const written = readFileSync(".oxlintrc.json", "utf8");
		expect(written, "run: node scripts/lint-config.ts").toBe(lintConfig());
	});
});

describe("imports", () => {
	const kernel = { "src/kernel/id.ts": "export const id = 1;\n" };
	const server = { "src/server/route.ts": "export const route = 1;\nexport type Route = 1;\n" };
	const auth = { "src/auth/actor.ts": "export const actor = 1;\n" };

	it("may go down", () => {
		const text = 'import { id } from "../kernel/id.ts";\nexport const entity = id;\n';
		expect(check({ ...kernel, "src/data/entity.ts": text })).toEqual([]);
	});

	it.each([
		["values", 'import { route } from "../server/route.ts";'],
		["types", 'import type { Route } from "../server/route.ts";'],
		["inline types", 'import { type Route } from "../server/route.ts";'],
		["re-exports", 'export { route } from "../server/route.ts";'],
		["dynamic imports", 'const load = () => import("../server/route.ts");'],
		["import types", 'type Route = import("../server/route.ts").Route;'],
	])("may not go up: %s", (_, line) => {
		const text = `export const entity = 1;\n${line}\n`;
		expect(rulesBroken({ ...server, "src/data/entity.ts": text })).toEqual([
			"src/data/entity.ts:2 imports-downward",
		]);
	});

	it("may not go to a sibling", () => {
		const text = 'import { actor } from "../auth/actor.ts";\nexport const storage = actor;\n';
		expect(check({ ...auth, "src/media/storage.ts": text })).toEqual([
			"src/media/storage.ts:1 imports-downward: media imports nothing of auth (auth/actor.ts)",
		]);
	});

	it("may be of types only where the table says so", () => {
		const value = 'import { actor } from "../auth/actor.ts";\nexport const job = actor;\n';
		const type =
			'import type { actor } from "../auth/actor.ts";\nexport type Job = typeof actor;\n';
		expect(rulesBroken({ ...auth, "src/jobs/job.ts": value })).toEqual([
			"src/jobs/job.ts:1 imports-downward",
		]);
		expect(check({ ...auth, "src/jobs/job.ts": type })).toEqual([]);
	});

	it("of a driver reach its port's floor, and nothing but the roof reaches a driver", () => {
		const driver = 'import { database } from "../database.ts";\nexport const d1 = database;\n';
		const files = {
			"src/data/database.ts": "export const database = 1;\n",
			"src/data/drivers/d1.ts": driver,
			"src/runtime/node/serve.ts":
				'import { d1 } from "../../data/drivers/d1.ts";\nexport const serve = d1;\n',
		};
		expect(check(files)).toEqual([]);
		const upward = 'import { d1 } from "./drivers/d1.ts";\nexport const data = d1;\n';
		expect(rulesBroken({ ...files, "src/data/data.ts": upward })).toEqual([
			"src/data/data.ts:1 imports-downward",
		]);
	});

	it("never name a front door, while a front door may name anything", () => {
		const door = 'export { route } from "./server/route.ts";\n';
		expect(check({ ...server, "src/index.ts": door })).toEqual([]);
		const text = 'import { route } from "../index.ts";\nexport const start = route;\n';
		expect(rulesBroken({ ...server, "src/index.ts": door, "src/cli/start.ts": text })).toEqual([
			"src/cli/start.ts:1 imports-downward",
		]);
	});

	it("must resolve", () => {
		const text = 'import { id } from "./ids.ts";\nexport const error = id;\n';
		expect(rulesBroken({ "src/kernel/error.ts": text })).toEqual([
			"src/kernel/error.ts:1 resolvable",
		]);
	});

	it("form no circle, types included", () => {
		const files = {
			"src/kernel/a.ts": 'import type { B } from "./b.ts";\nexport type A = B;\n',
			"src/kernel/b.ts": 'export type { C as B } from "./c.ts";\n',
			"src/kernel/c.ts": 'import type { A } from "./a.ts";\nexport type C = A;\n',
		};
		expect(check(files)).toEqual([
			"src/kernel/c.ts:1 no-cycles: src/kernel/a.ts → src/kernel/b.ts → src/kernel/c.ts → src/kernel/a.ts",
		]);
	});

	it.each([
		["src/events/event.ts", 'import { sql } from "drizzle-orm";', "packages"],
		["src/data/entity.ts", 'import { Hono } from "hono";', "packages"],
		["src/data/drivers/d1.ts", 'import { createClient } from "@libsql/client";', "packages"],
		["src/app/app.ts", 'import { Hono } from "hono";', "packages"],
		["src/server/route.ts", 'import { readFile } from "node:fs/promises";', "node-places"],
		["src/index.node.ts", 'import { readFile } from "node:fs/promises";', "node-places"],
		["src/media/adapters/s3.ts", 'import type { Stats } from "node:fs";', "node-places"],
	])("of packages stay in their places: %s, %s", (path, line, rule) => {
		const name = path.replace(/^.*\//, "").replace(/\.ts$/, "");
		const text = `${line}\nexport const ${name.replace(".", "")} = 1;\n`;
		expect(rulesBroken({ [path]: text })).toEqual([`${path}:1 ${rule}`]);
	});

	it.each([
		["src/data/entity.ts", 'import { getTableConfig } from "drizzle-orm/sqlite-core";'],
		["src/data/drivers/d1.ts", 'import type { Client } from "@libsql/client";'],
		["src/app/app.ts", 'import type { Hono } from "hono";'],
		["src/runtime/node/serve.ts", 'import { createServer } from "node:http";'],
		["src/media/adapters/fs.ts", 'import { createReadStream } from "node:fs";'],
	])("of packages are allowed there: %s, %s", (path, line) => {
		const name = path.replace(/^.*\//, "").replace(/\.ts$/, "");
		expect(check({ [path]: `${line}\nexport const ${name} = 1;\n` })).toEqual([]);
	});
});

describe("code", () => {
	it.each([
		["known-floor", "src/things/thing.ts", "export const thing = 1;"],
		["known-floor", "src/loose.ts", "export const loose = 1;"],
		["no-default-export", "src/kernel/id.ts", "export default 1;"],
		["no-any", "src/kernel/id.ts", "export const id = 1 as any;"],
		["no-any", "src/kernel/id.ts", "export type Id = Array<any>;"],
		["no-enum", "src/kernel/id.ts", "export enum Id { A }"],
		["no-eval", "src/kernel/id.ts", 'export const id = new Function("return 1");'],
		["no-eval", "src/kernel/id.ts", 'export const id = eval("1");'],
		["no-inner-generator", "src/kernel/id.ts", "export const id = () => function* () {};"],
		["no-inner-generator", "src/kernel/id.ts", "export function id() { function* a() {} }"],
		["no-module-state", "src/kernel/id.ts", "export let id = 1;"],
		["no-module-state", "src/kernel/id.ts", "var id = 1; export { id };"],
		["node-places", "src/kernel/id.ts", "export const id = () => process.pid;"],
		["node-places", "src/kernel/id.ts", "export const id = globalThis.process;"],
		["node-places", "src/kernel/id.ts", "export const id = () => Buffer.from([]);"],
		["folder-names", "src/kernel/utils/id.ts", "export const id = 1;"],
		["file-names", "src/kernel/id.ts", "export const clock = 1;"],
		["file-names", "src/kernel/id.ts", "export class Clock {} export const tick = 1;"],
		["file-names", "src/kernel/idSource.ts", "export const idSource = 1;"],
	])("breaks %s: %s, %s", (rule, path, text) => {
		expect(rulesBroken({ [path]: `${text}\n` })).toEqual([`${path}:1 ${rule}`]);
	});

	it("breaks no-export-star", () => {
		const files = {
			"src/kernel/id.ts": "export const id = 1;\n",
			"src/index.ts": 'export * from "./kernel/id.ts";\n',
		};
		expect(rulesBroken(files)).toEqual(["src/index.ts:1 no-export-star"]);
	});

	it.each([
		"export function id(short: boolean) { return short; }",
		"export function id(short = false) { return short; }",
		"export const id = (short?: boolean) => short;",
		'export const id = (short: "x" | true) => short;',
		"export class Id { make(short: boolean) { return short; } }",
		"export class Id { constructor(short: boolean) { void short; } }",
		"export interface Id { make(short: boolean): void }",
		"function id(short: boolean) { return short; } export { id };",
	])("breaks no-boolean-parameters: %s", (text) => {
		expect(rulesBroken({ "src/kernel/id.ts": `${text}\n` })).toEqual([
			"src/kernel/id.ts:1 no-boolean-parameters",
		]);
	});

	it.each([
		"function other(short: boolean) { return short; } export const id = other;",
		"export class Id { #make(short: boolean) { return short; } run() { return this.#make(true); } }",
		"export class Id { set short(value: boolean) { void value; } }",
		"export function id(options: { short?: boolean }) { return options; }",
		"export function id(each: (last: boolean) => void) { each(true); }",
		"export function id(value: unknown): value is boolean { return value === true; }",
		"export const id = (process: { pid: number }) => process.pid;",
		"export const id = (own: { process: number }) => own.process;",
		"export class HexId { readonly kind = 'any'; }",
		"export const hex = 1; export const octal = 2;",
		"export type Clock = 1;",
		"for (let id = 0; id < 1; id++); export const id = 1;",
	])("allows: %s", (text) => {
		expect(check({ "src/kernel/id.ts": `${text}\n` })).toEqual([]);
	});

	it("breaks file-size by one line", () => {
		const lines = (count: number) => `export const id = 1;\n${"//\n".repeat(count - 1)}`;
		expect(check({ "src/kernel/id.ts": lines(MAX_FILE_LINES) })).toEqual([]);
		expect(rulesBroken({ "src/kernel/id.ts": lines(MAX_FILE_LINES + 1) })).toEqual([
			`src/kernel/id.ts:${MAX_FILE_LINES} file-size`,
		]);
	});

	it("breaks function-size by one line", () => {
		const method = (count: number) =>
			`export class Id {\n\tmake() {\n${"\t\t//\n".repeat(count - 2)}\t}\n}\n`;
		expect(check({ "src/kernel/id.ts": method(MAX_FUNCTION_LINES) })).toEqual([]);
		expect(check({ "src/kernel/id.ts": method(MAX_FUNCTION_LINES + 1) })).toEqual([
			`src/kernel/id.ts:2 function-size: make has ${MAX_FUNCTION_LINES + 1} lines, at most ${MAX_FUNCTION_LINES}`,
		]);
	});
});

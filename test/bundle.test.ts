import { execFileSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { readEntries, type OutputFolder } from "../scripts/build/entries.ts";
import { packageOf } from "./support/floors.ts";
import { builtGraph } from "./support/built-graph.ts";

/** The Worker of somebody who has a schema and no plugins. */
const WORKER = `import { serve } from "burdock/cloudflare";
import { defineConfig } from "burdock";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
const posts = sqliteTable(
	"posts",
	{ id: integer("id").primaryKey(), slug: text("slug").notNull(), at: integer("at") },
	(post) => [uniqueIndex("posts_slug").on(post.slug), index("posts_at").on(post.at)],
);
const schema = { posts };
export default serve(defineConfig({ connection: { d1: "DB" }, schema }));`;

/** As `wrangler deploy --minify` bundles and counts it: functions keep their names by a call for each. */
const WRANGLER = {
	conditions: ["workerd", "worker", "browser"],
	keepNames: true,
	external: ["node:*"],
	target: "es2024",
};

/** The same with files. */
const FILES_WORKER = WORKER.replace(
	"const schema = { posts };",
	`import { media, mediaLibrary } from "burdock/media";
const schema = { posts, media };`,
).replace("schema })", "schema, media: mediaLibrary() })");

/** KiB of the whole Worker, drizzle-orm and hono with it: what it is today, rounded up. */
const WORKERS = [
	["a Worker", WORKER, 136],
	["a Worker with files", FILES_WORKER, 166],
] as const;

/**
 * What is imported, and how many bytes it may be: what it is today, rounded up. The event core and the
 * client may only shrink; all of `burdock/events` has room for what is added to `EventManager`.
 */
const BUNDLES = [
	["the event core", "{ CoreEventManager, defineEvent }", "events", 10_600],
	["everything about events", "*", "events", 20_000],
	["the client", "*", "client", 3000],
] as const;

beforeAll(() => {
	execFileSync(process.execPath, ["scripts/build.ts", "--js"], { stdio: "inherit" });
}, 60_000);

describe("the built package", () => {
	it.each(BUNDLES)("keeps %s small, as a bundler delivers it", async (_, names, from, limit) => {
		const { outputFiles } = await build({
			stdin: { contents: `export ${names} from "./dist/${from}/index.js";`, resolveDir: "." },
			bundle: true,
			minify: true,
			format: "esm",
			target: "es2022",
			write: false,
			logLevel: "error",
		});
		const bytes = gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
		const message = `${names} of burdock/${from} is ${bytes} bytes, of ${limit}`;
		expect(bytes <= limit, message).toBe(true);
	});

	it.each(WORKERS)("keeps %s small, as wrangler delivers it", async (_, contents, limit) => {
		const { outputFiles } = await build({
			stdin: { contents, resolveDir: "." },
			bundle: true,
			minify: true,
			format: "esm",
			write: false,
			logLevel: "error",
			...WRANGLER,
		});
		const size = gzipSync(outputFiles[0]?.contents ?? "").length / 1024;
		expect(size, `${size.toFixed(1)} KiB of ${limit}`).toBeLessThanOrEqual(limit);
	});

	it.each([
		["dist/index.js", ["hono"]],
		["dist/events/index.js", []],
		["dist/events/bridge/redis.js", []],
		["dist/data/index.js", []],
		["dist/data/drivers/d1.js", []],
		["dist/data/drivers/libsql-remote.js", []],
		["dist/client/index.js", []],
		["dist/testing/index.js", []],
		["dist/workerd/index.js", ["drizzle-orm", "hono"]],
		["dist/workerd/runtime/cloudflare/index.js", ["drizzle-orm", "hono", "node:async_hooks"]],
		["dist/workerd/client/index.js", []],
	])("needs of the outside for %s: %s", (entry, allowed) => {
		const packages = builtGraph(entry).packages.map(packageOf);
		expect([...new Set(packages)].filter((name) => !allowed.includes(name))).toEqual([]);
	});

	it("has every subpath but Node's own for a Worker", () => {
		const names = (folder: OutputFolder): readonly string[] =>
			readEntries(folder).flatMap(({ name, executable }) => (executable ? [] : [name]));
		const expected = new Set(
			names("dist").filter((name) => name !== "./node" && name !== "./media/fs"),
		);
		expect(names("dist/workerd")).toEqual([...expected]);
	});

	it("holds its own copy of what it uses of drizzle-orm", () => {
		const { packages } = builtGraph("dist/cli/main.js", "static");
		expect(packages.filter((name) => packageOf(name) === "drizzle-orm")).toEqual([]);
	});
});

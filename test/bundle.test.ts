import { execFileSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { packageOf } from "./support/floors.ts";
import { builtGraph } from "./support/built-graph.ts";

/** Bytes: the event core has what it has today, rounded up, and may only shrink. */
const LIMITS = { events: 10.5 * 1024, client: 3000 };

beforeAll(() => {
	execFileSync(process.execPath, ["scripts/build.ts", "--js"], { stdio: "inherit" });
}, 60_000);

describe("the built package", () => {
	it.each([
		["the event core", "events"],
		["the client", "client"],
	] as const)("keeps %s small, as a bundler delivers it: minified, gzipped", async (_, name) => {
		const { outputFiles } = await build({
			entryPoints: [`dist/${name}/index.js`],
			bundle: true,
			minify: true,
			format: "esm",
			write: false,
			logLevel: "error",
		});
		const bytes = gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
		const message = `burdock/${name} is ${bytes} bytes, of ${LIMITS[name]}`;
		expect(bytes <= LIMITS[name], message).toBe(true);
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
	])("needs of the outside for %s: %s", (entry, allowed) => {
		const packages = builtGraph(entry).packages.map(packageOf);
		expect([...new Set(packages)].filter((name) => !allowed.includes(name))).toEqual([]);
	});

	it("holds its own copy of what it uses of drizzle-orm", () => {
		const { packages } = builtGraph("dist/cli/main.js", "static");
		expect(packages.filter((name) => packageOf(name) === "drizzle-orm")).toEqual([]);
	});
});

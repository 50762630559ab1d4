import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CliProject, config, NOTES } from "../support/cli-project.ts";

/** Makes a process fail that loads the bundler. */
const NO_BUNDLER = {
	NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`
		import { registerHooks } from "node:module";
		registerHooks({ resolve(specifier, context, next) {
			if (specifier === "esbuild") throw new Error("The bundler was loaded.");
			return next(specifier, context);
		} });
	`)}`,
};

let project: CliProject;

beforeEach(() => {
	project = new CliProject({ "bknd.config.ts": config() });
});
afterEach(() => project.remove());

function cached(extension: string): readonly string[] {
	const files = readdirSync(join(project.folder, ".burdock/cache"));
	return files.filter((file) => file.endsWith(extension));
}

/** What a config says when it is loaded. */
async function said(env?: Readonly<Record<string, string>>): Promise<string> {
	const { code, stderr } = await project.run(["info"], env);
	expect(code, stderr).toBe(0);
	return stderr;
}

describe("the cache of bundled configs", () => {
	it("makes a second start load no bundler", async () => {
		expect((await project.run(["info"], NO_BUNDLER)).stderr).toContain(
			"The config cannot be bundled",
		);
		const first = await project.run(["info"]);
		expect(first.code, first.stderr).toBe(0);
		expect(await project.run(["info"], NO_BUNDLER)).toEqual(first);
	});

	it("knows by content whether something has changed", async () => {
		await said();
		utimesSync(join(project.folder, "schema.ts"), new Date(), new Date());
		await said(NO_BUNDLER);
		project.write({ "schema.ts": NOTES.replace("title", "heading") });
		expect((await project.run(["info"])).stdout).toContain("heading");
		expect((await project.run(["info"], NO_BUNDLER)).stdout).toContain("heading");
	});

	it.each([
		["the settings of TypeScript", "tsconfig.json", "{}"],
		["those of a folder below", "lib/tsconfig.json", "{}"],
		["the project", "package.json", '{ "type": "module", "name": "other" }'],
	])("forgets a bundle when %s change", async (_, path, text) => {
		project.write({ "bknd.config.ts": `import "./lib/inner.ts"; ${config()}`, "lib/inner.ts": "" });
		await said();
		project.write({ [path]: text });
		expect((await project.run(["info"], NO_BUNDLER)).stderr).toContain(
			"The config cannot be bundled",
		);
	});

	it("knows which subscriber files there are, and what is in them", async () => {
		const subscriber = (event: string): string =>
			`export const config = { events: "${event}" }; export const listen = () => {};`;
		const heard = async (env?: Readonly<Record<string, string>>): Promise<unknown> => {
			const { code, stdout, stderr } = await project.run(["events", "a.*", "--json"], env);
			if (code !== 0) return stderr;
			return (JSON.parse(stdout) as { event: string }[]).map(({ event }) => event).sort();
		};
		project.write({ "subscribers/one.ts": subscriber("a.one") });
		expect(await heard()).toEqual(["a.one"]);
		expect(await heard(NO_BUNDLER)).toEqual(["a.one"]);
		project.write({ "subscribers/deep/two.ts": subscriber("a.two") });
		expect(await heard(NO_BUNDLER)).toContain("The config cannot be bundled");
		expect(await heard()).toEqual(["a.one", "a.two"]);
		project.write({ "subscribers/one.ts": subscriber("a.three") });
		expect(await heard()).toEqual(["a.three", "a.two"]);
		rmSync(join(project.folder, "subscribers/one.ts"));
		expect(await heard()).toEqual(["a.two"]);
		project.write({ "subscribers/deep/two.test.ts": "", "subscribers/_three.ts": "" });
		expect(await heard(NO_BUNDLER)).toEqual(["a.two"]);
	});

	it("survives starts at the same time", async () => {
		const outcomes = await Promise.all(Array.from({ length: 5 }, () => project.run(["info"])));
		expect(new Set(outcomes.map(({ stdout }) => stdout)).size).toBe(1);
		expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
		expect(cached(".mjs")).toHaveLength(1);
		expect(cached(".tmp")).toEqual([]);
		await said(NO_BUNDLER);
	});

	it.each([
		["damaged", (path: string) => writeFileSync(path, "{")],
		["empty", (path: string) => writeFileSync(path, "")],
	])("does without a manifest that is %s", async (_, damage) => {
		await said();
		const [manifest = ""] = cached(".json");
		damage(join(project.folder, ".burdock/cache", manifest));
		await said();
		await said(NO_BUNDLER);
	});

	it("removes bundles that nobody uses any more", async () => {
		await said();
		const [old = ""] = cached(".mjs");
		const path = join(project.folder, ".burdock/cache", old);
		utimesSync(path, new Date(0), new Date(0));
		project.write({ "schema.ts": NOTES.replace("title", "heading") });
		await said();
		expect(existsSync(path)).toBe(false);
		expect(cached(".mjs")).toHaveLength(1);
	});

	it("lies elsewhere when the project cannot be written, and finds packages all the same", async () => {
		project.write({ ".burdock": "a file" });
		const temporary = join(project.folder, "temporary");
		mkdirSync(temporary);
		await said({ TMPDIR: temporary });
		await said({ TMPDIR: temporary, ...NO_BUNDLER });
	});
});

describe("a bundled config", () => {
	it("finds files beside its sources", async () => {
		project.write({
			"bknd.config.ts": `import "./lib/inner.ts"; ${config()}
				console.error(import.meta.filename, import.meta.dirname, new URL("a.txt", import.meta.url).pathname);`,
			"lib/inner.ts": `import { readFileSync } from "node:fs";
				console.error(readFileSync(new URL("./text.txt", import.meta.url), "utf8"));
				console.error(import.meta.dirname);`,
			"lib/text.txt": "the text",
		});
		const { folder } = project;
		const expected = `the text\n${folder}/lib\n${folder}/bknd.config.ts ${folder} ${folder}/a.txt\n`;
		expect(await said()).toBe(expected);
	});

	it("may use decorators", async () => {
		project.write({
			"bknd.config.ts": `${config()}
				const log = (method: unknown, context: ClassMethodDecoratorContext) => {
					console.error("decorates", String(context.name), context.kind);
				};
				export class Listener { @log heard() {} }`,
		});
		expect(await said()).toBe("decorates heard method\n");
	});

	it("shares its packages with everybody else, but brings TypeScript ones along", async () => {
		project.write({
			"bknd.config.ts": `${config()}
				import { hono } from "plain"; import { Hono } from "hono"; import { name } from "typed";
				console.error(hono === Hono, name);`,
			"node_modules/plain/package.json": '{ "type": "module", "exports": "./index.js" }',
			"node_modules/plain/index.js": 'export { Hono as hono } from "hono";',
			"node_modules/typed/package.json": '{ "type": "module", "exports": "./index.ts" }',
			"node_modules/typed/index.ts": 'export const name: string = "typed";',
		});
		expect(await said()).toBe("true typed\n");
	});

	it("may be any of four files, or one that is named", async () => {
		const plain = new CliProject({ "bknd.config.mjs": "export default {};" });
		const { stdout } = await plain.run(["info"]);
		plain.remove();
		expect(stdout).toMatch(/^config +bknd\.config\.mjs$/m);
		project.write({ "other/my.ts": "export default (env: object) => ({});" });
		const { stdout: other } = await project.run(["info", "-c", "other/my.ts"]);
		expect(other).toMatch(/^config +other\/my\.ts$/m);
	});
});

import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXIT_CODES } from "../../src/cli/exit-codes.ts";
import { VERSION } from "../../src/kernel/version.ts";
import { CliProject } from "../support/cli-project.ts";

interface Manifest {
	readonly name: string;
	readonly scripts: Readonly<Record<string, string>>;
	readonly engines: Readonly<Record<string, string>>;
	readonly dependencies: Readonly<Record<string, string>>;
	readonly devDependencies: Readonly<Record<string, string>>;
}

let project: CliProject;

beforeAll(() => {
	project = new CliProject();
});
afterAll(() => project.remove());

function read(path: string): string {
	return readFileSync(join(project.folder, path), "utf8");
}

function manifest(path: string): Manifest {
	return JSON.parse(readFileSync(path, "utf8")) as Manifest;
}

describe("burdock init", () => {
	it("makes a project and says how to go on", async () => {
		const { code, stdout } = await project.run(["init", "sites/first"]);
		expect(code).toBe(0);
		expect(stdout).toContain("  cd sites/first\n  npm install && npm start");
		const files = readdirSync(join(project.folder, "sites/first"), { recursive: true });
		expect(files).toEqual(
			expect.arrayContaining([".gitignore", "bknd.config.ts", "src/schema.ts", "README.md"]),
		);
		expect(files).not.toContain("gitignore");
		expect(read("sites/first/README.md")).toMatch(/^# first\n/);
		const { name, dependencies } = manifest(join(project.folder, "sites/first/package.json"));
		expect(name).toBe("first");
		expect(dependencies["burdock"]).toBe(`^${VERSION}`);
	});

	it("adds a Worker on request", async () => {
		const { code, stdout } = await project.run(["init", "sites/my_site.eu", "--cloudflare"]);
		expect(code).toBe(0);
		expect(stdout).toContain("npm run worker");
		expect(read("sites/my_site.eu/wrangler.toml")).toMatch(/^name = "my-site-eu"\n/);
		expect(read("sites/my_site.eu/README.md")).toMatch(/^# my_site\.eu\n[^]*d1 create my-site-eu /);
		expect(read("sites/my_site.eu/bknd.config.ts")).toContain("files: { tell }");
		const own = manifest(join(project.folder, "sites/my_site.eu/package.json"));
		expect(Object.keys(own.scripts)).toEqual(["start", "dev", "test", "types", "worker", "deploy"]);
		expect(own.devDependencies).toHaveProperty("wrangler");
		const files = readdirSync(join(project.folder, "sites/my_site.eu"));
		expect(files).not.toContain("cloudflare");
	});

	it("leaves a project alone that needs no Worker", async () => {
		await project.run(["init", "sites/second"]);
		const files = readdirSync(join(project.folder, "sites/second"), { recursive: true });
		expect(files.filter((file) => /wrangler|worker|drizzle|cloudflare/.test(String(file)))).toEqual(
			[],
		);
		expect(read("sites/second/package.json")).not.toContain("wrangler");
	});

	it("overwrites nothing", async () => {
		project.write({ "full/README.md": "mine", "full/src/schema.ts": "mine too" });
		const refused = await project.run(["init", "full"]);
		expect(refused.code).toBe(EXIT_CODES.usage);
		expect(refused.stderr).toContain("is not empty: it holds README.md, src.");
		const forced = await project.run(["init", "full", "--force"]);
		expect(forced.code).toBe(0);
		expect(forced.stdout).toContain("README.md was there and stays");
		expect(read("full/README.md")).toBe("mine");
		expect(read("full/src/schema.ts")).toBe("mine too");
		expect(read("full/bknd.config.ts")).toContain("defineConfig");
	});

	it("takes a folder with nothing but a repository for an empty one", async () => {
		mkdirSync(join(project.folder, "cloned/.git"), { recursive: true });
		expect((await project.run(["init", "cloned"])).code).toBe(0);
	});

	it.each([
		["My Site", "burdock init 'My Site' --name my-site"],
		["burdock", "burdock init burdock --name my-site"],
		["sites/_x", "burdock init sites/_x --name x"],
	])("refuses the name %s", async (dir, hint) => {
		const { code, stderr } = await project.run(["init", dir]);
		expect(code).toBe(EXIT_CODES.usage);
		expect(stderr).toContain(hint);
	});

	it("takes another name than the folder's", async () => {
		expect((await project.run(["init", "My Site", "--name", "my-site"])).code).toBe(0);
		expect(manifest(join(project.folder, "My Site/package.json")).name).toBe("my-site");
	});

	it("refuses a file", async () => {
		writeFileSync(join(project.folder, "file"), "");
		const { code, stderr } = await project.run(["init", "file"]);
		expect(code).toBe(EXIT_CODES.usage);
		expect(stderr).toContain("file is a file.");
	});
});

describe("the template", () => {
	it("asks for the versions that Burdock is tested with", () => {
		const own = manifest("package.json");
		const { dependencies, devDependencies, engines } = manifest("template/package.json");
		const { devDependencies: forWorkers } = manifest("template/cloudflare/package.json");
		const { burdock: _, ...others } = { ...dependencies, ...devDependencies, ...forWorkers };
		for (const [name, range] of Object.entries(others)) {
			expect(range, name).toBe(`^${own.devDependencies[name]}`);
		}
		expect(engines).toEqual(own.engines);
	});

	it("has a config for Workers that differs in nothing but the subscriber and the database", () => {
		const forWorkers = readFileSync("template/cloudflare/bknd.config.ts", "utf8");
		const same = forWorkers
			.replace('import * as tell from "./subscribers/tell.ts";\n', "")
			.replace(/\tevents: \{ files.*\n/, "")
			.replace(', d1: "DB" }', " }");
		expect(same).toBe(readFileSync("template/bknd.config.ts", "utf8"));
	});

	it("has migrations that make its schema", { timeout: 60_000 }, async () => {
		await project.run(["init", "migrated", "--cloudflare"]);
		const modules = join(project.folder, "node_modules");
		symlinkSync(modules, join(project.folder, "migrated/node_modules"));
		const config = ["--config", "migrated/bknd.config.ts", "--dir", "migrated/drizzle"];
		const { code, stdout, stderr } = await project.run(["migrate", "generate", ...config]);
		expect(code, stderr).toBe(0);
		expect(stdout).toContain("Nothing has changed since the last migration.");
	});
});

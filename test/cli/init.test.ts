import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXIT_CODES } from "../../src/cli/exit-codes.ts";
import { VERSION } from "../../src/kernel/version.ts";
import { CliProject } from "../support/cli-project.ts";

interface Manifest {
	readonly name: string;
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
		const { burdock: _, ...others } = { ...dependencies, ...devDependencies };
		for (const [name, range] of Object.entries(others)) {
			expect(range, name).toBe(`^${own.devDependencies[name]}`);
		}
		expect(engines).toEqual(own.engines);
	});
});

import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InstalledPackage, environment } from "./support/installed-package.ts";
import { RunningCommand, freePort } from "./support/running-command.ts";

const MINUTE = 60_000;

const PAGE = `import { createClient, NetworkError } from "burdock/client";
import type { Schema } from "./api.js";

const client = createClient<Schema>({ url: "" });

export async function titles(signal: AbortSignal): Promise<string[]> {
	try {
		const { data } = await client.notes.findMany({ where: { done: false } }, { signal });
		return data.map((note) => note.title);
	} catch (error) {
		if (error instanceof NetworkError) return [];
		throw error;
	}
}
`;

let installed: InstalledPackage;

beforeAll(async () => {
	installed = await InstalledPackage.create();
}, 5 * MINUTE);

afterAll(() => installed?.remove(), MINUTE);

describe("the packed package", () => {
	it("passes publint", async () => {
		const bytes = readFileSync(installed.tarball);
		const tarball = new Uint8Array(bytes).buffer;
		const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
		expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
	});

	it("passes are-the-types-wrong", { timeout: MINUTE }, async () => {
		const attw = join(process.cwd(), "node_modules/.bin/attw");
		const args = [installed.tarball, "--profile", "esm-only", "--format", "ascii", "--no-emoji"];
		const { code, output } = await installed.run(attw, args);
		expect(code, output).toBe(0);
	});

	it("holds nothing but what its users need", async () => {
		const { output } = await installed.run("tar", ["-tzf", installed.tarball]);
		const strangers = output
			.trim()
			.split("\n")
			.filter(
				(path) =>
					!/^package\/(dist\/[^.]|docs\/|template\/|[A-Z]+(\.md)?$|package\.json$)/.test(path),
			);
		expect(strangers).toEqual([]);
	});
});

describe("a project that installs it", () => {
	it.each([
		["node16", "node16"],
		["esnext", "bundler"],
	])(
		"has the types of every subpath: module %s, resolution %s",
		{ timeout: MINUTE },
		async (...how) => {
			const { output } = await installed.checkTypes(...how);
			const lines = output.split("\n").filter((line) => /^\S.*error TS/.test(line));
			// Drizzle's declarations name the optional drivers of every database.
			expect(lines.filter((line) => !line.startsWith("node_modules/drizzle-orm/"))).toEqual([]);
		},
	);

	it("finds the command", { timeout: MINUTE }, async () => {
		const { code, output } = await installed.run("npx", ["--no-install", "burdock", "--help"]);
		expect(output).toContain("start");
		expect(code, output).toBe(0);
	});

	it("has a client for pages that know neither Drizzle nor Node", { timeout: MINUTE }, async () => {
		const page = join(installed.folder, "page");
		mkdirSync(page, { recursive: true });
		const command = ["--no-install", "burdock", "types", "--out", "page/api.d.ts"];
		const { code, output } = await installed.run("npx", command);
		expect(code, output).toBe(0);
		writeFileSync(join(page, "page.ts"), PAGE);
		const compilerOptions = {
			module: "esnext",
			moduleResolution: "bundler",
			target: "ES2022",
			lib: ["ES2022", "DOM"],
			types: [],
			strict: true,
			skipLibCheck: false,
			listFiles: true,
			noEmit: true,
		};
		writeFileSync(
			join(page, "tsconfig.json"),
			JSON.stringify({ compilerOptions, files: ["page.ts"] }),
		);
		const tsc = join(process.cwd(), "node_modules/.bin/tsc");
		const compiled = await installed.run(tsc, ["-p", "page", "--pretty", "false"]);
		expect(compiled.output).not.toContain("error TS");
		expect(compiled.output).toContain("burdock/dist/client/index.d.ts");
		expect(compiled.output).not.toMatch(
			/drizzle-orm|@types\/node|dist\/(?!client|server\/contract)/,
		);
	});

	it("serves its own schema, with its own hooks, until SIGTERM", { timeout: MINUTE }, async () => {
		const port = await freePort();
		const bin = join(installed.folder, "node_modules/.bin/burdock");
		const server = new RunningCommand(bin, ["start", "--port", String(port)], {
			cwd: installed.folder,
			env: environment(),
		});
		try {
			await server.printed(`:${port}`);
			const url = `http://127.0.0.1:${port}/api/data/entity/notes`;
			const body = JSON.stringify({ title: "buy burrs" });
			const made = await fetch(url, { method: "POST", body });
			expect(await made.json()).toMatchObject({ data: { id: 1, title: "BUY BURRS", done: false } });
			expect(made.status).toBe(201);
			const listed = await fetch(url);
			expect(await listed.json()).toMatchObject({ data: [{ id: 1, title: "BUY BURRS" }] });
			expect(listed.status).toBe(200);
			const asked = await installed.run(process.execPath, ["ask.ts", `http://127.0.0.1:${port}`]);
			expect(asked).toEqual({ code: 0, output: '["ASK FOR BURRS","ASK FOR BURRS",404]\n' });
		} finally {
			expect(await server.stop("SIGTERM"), server.output).toBe(0);
		}
	});
});

describe("a project that burdock init has made", () => {
	beforeAll(async () => {
		const npx = ["--no-install", "burdock", "init", "made"];
		const made = await installed.run("npx", npx);
		if (made.code !== 0) throw new Error(made.output);
		const file = join(installed.folder, "made/package.json");
		const manifest = JSON.parse(readFileSync(file, "utf8")) as { dependencies: object };
		const dependencies = { ...manifest.dependencies, burdock: `file:${installed.tarball}` };
		writeFileSync(file, JSON.stringify({ ...manifest, dependencies }));
		const flags = ["--prefer-offline", "--no-audit", "--no-fund"];
		const done = await installed.run("npm", ["install", ...flags], "made");
		if (done.code !== 0) throw new Error(done.output);
	}, 5 * MINUTE);

	it("serves its posts by npm start", { timeout: MINUTE }, async () => {
		const port = await freePort();
		const server = new RunningCommand("npm", ["start"], {
			cwd: join(installed.folder, "made"),
			env: { ...environment(), PORT: String(port) },
		});
		try {
			await server.printed(`:${port}`);
			const url = `http://127.0.0.1:${port}/api/data/entity/posts`;
			const made = await fetch(url, { method: "POST", body: '{"title":"Burrs & Hooks"}' });
			expect(await made.json()).toMatchObject({ data: { id: 3, slug: "burrs-hooks" } });
			expect(await (await fetch(url)).json()).toMatchObject({
				data: [{ slug: "hello-burdock" }, { slug: "a-second-thought" }, { slug: "burrs-hooks" }],
			});
			await server.printed('"path":"posts/3"'); // its subscriber has heard of it
		} finally {
			await server.stop("SIGTERM");
		}
	});

	it.each([
		["passes its own tests by npm test", "test"],
		["has no type errors", "run types"],
	])("%s", { timeout: MINUTE }, async (_, script) => {
		const { code, output } = await installed.run("npm", script.split(" "), "made");
		expect(code, output).toBe(0);
	});
});

describe("a project that burdock init --cloudflare has made", () => {
	beforeAll(async () => {
		const npx = ["--no-install", "burdock", "init", "worker", "--cloudflare"];
		const made = await installed.run("npx", npx);
		if (made.code !== 0) throw new Error(made.output);
		// What the project without a Worker has installed; wrangler is that of this repository.
		symlinkSync("../made/node_modules", join(installed.folder, "worker/node_modules"));
	}, MINUTE);

	it("has no type errors", { timeout: MINUTE }, async () => {
		const { code, output } = await installed.run("npm", ["run", "types"], "worker");
		expect(code, output).toBe(0);
	});

	it("passes its own tests, and finds nothing wrong with itself", { timeout: MINUTE }, async () => {
		for (const [command, args] of [
			["npm", ["test"]],
			["npx", ["--no-install", "burdock", "doctor", "--port", "0"]],
		] as const) {
			const { code, output } = await installed.run(command, args, "worker");
			expect(code, output).toBe(0);
		}
	});

	it("is a Worker that wrangler can deploy", { timeout: MINUTE }, async () => {
		const wrangler = join(process.cwd(), "node_modules/.bin/wrangler");
		const { code, output } = await installed.run(wrangler, ["deploy", "--dry-run"], "worker");
		expect(code, output).toBe(0);
		expect(output).toMatch(/env\.DB \(worker\) +D1 Database/);
		expect(output).not.toContain("WARNING");
	});
});

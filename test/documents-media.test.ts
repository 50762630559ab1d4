import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { serve } from "@hono/node-server";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { App } from "../src/app/app.ts";
import type { Config } from "../src/app/config.ts";
import { createApp } from "../src/app/create-app.ts";
import { media, mediaLibrary, type StorageAdapter } from "../src/index.media.ts";
import { silentLogger } from "../src/kernel/logger.ts";
import { memory } from "../src/media/adapters/memory.ts";
import { IMAGE_FORMATS, IMAGE_SIZES, MAX_FORMS } from "../src/media/image-form.ts";
import type { ImageOptions } from "../src/media/image-form.ts";
import type { SweepOptions } from "../src/media/media-options.ts";
import { nodePlatform } from "../src/runtime/node/platform.ts";
import { consoleExamples } from "./support/console-examples.ts";
import { leadsSomewhere, linksOf } from "./support/page-links.ts";
import { recordingLogger, type LogLine } from "./support/recording-logger.ts";
import { snippetsOf, typeErrors, writeSnippets, type SnippetSchema } from "./support/snippets.ts";
import { temporaryFile } from "./support/temporary-file.ts";

const PAGE = "docs/media.md";
const page = readFileSync(PAGE, "utf8");
const [code = "", ...snippets] = snippetsOf(PAGE);
/** The page begins with the schema of all its snippets. */
const schema: SnippetSchema = { code, tables: ["posts", "postsMedia"] };
const COVERS = resolve("blog/covers");
const run = promisify(execFile);

/** A snippet by a part of it, as a file. */
function fileOf(part: string): string {
	const index = snippets.findIndex((snippet) => snippet.includes(part));
	expect(index, part).toBeGreaterThanOrEqual(0);
	return writeSnippets(snippets, schema)[index] as string;
}

async function load(part: string): Promise<{ readonly default?: Config }> {
	return (await import(/* @vite-ignore */ fileOf(part))) as { readonly default?: Config };
}

/** An app with the config that the page shows first, but for where it keeps data and files. */
async function shownApp(env: Readonly<Record<string, string>> = {}): Promise<App> {
	const { default: config } = await load("// bknd.config.ts");
	const room = { connection: { url: ":memory:" }, media: mediaLibrary({ store: memory() }) };
	const platform = nodePlatform({ logger: silentLogger, env });
	const app = createApp({ ...(config as object), ...room } as Config, platform);
	onTestFinished(async () => {
		await app.close();
	});
	return app.build();
}

/** Runs a snippet that uses `app`. */
async function runWith(app: App, part: string): Promise<void> {
	vi.stubGlobal("app", app);
	onTestFinished(() => void vi.unstubAllGlobals());
	await load(part);
}

const cover = (name = "dog.webp"): Uint8Array => readFileSync(join(COVERS, name));

describe("docs/media.md", () => {
	test("its snippets compile", { timeout: 120_000 }, () => {
		expect(snippets.length).toBeGreaterThan(12);
		expect(typeErrors(writeSnippets(snippets, schema))).toBe("");
	});

	test("shows the real answer to every request, in their order", { timeout: 60_000 }, async () => {
		const app = await shownApp({ MEDIA_SECRET: "a secret that is long enough" });
		const server = serve({
			port: 0,
			hostname: "127.0.0.1",
			fetch: (request) => app.fetch(request),
		});
		onTestFinished(() => void server.close());
		await once(server, "listening");
		const { port } = server.address() as { port: number };
		const examples = consoleExamples(page);
		expect(examples.length).toBeGreaterThan(8);
		for (const { command, output } of examples) {
			const local = command.replaceAll("localhost:1337", `localhost:${port}`);
			const { stdout } = await run("bash", ["-c", local], { cwd: COVERS });
			expect(stdout.replaceAll("\r", "").trim(), command).toBe(output);
		}
	});

	test("its config keeps files in a folder", async () => {
		const dir = temporaryFile("files");
		const { default: config } = await load("// bknd.config.ts");
		const app = createApp(
			{ ...(config as object), connection: { url: ":memory:" }, media: mediaLibrary({ dir }) },
			nodePlatform({ logger: silentLogger, env: {} }),
		);
		onTestFinished(async () => {
			await app.close();
		});
		await app.build();
		const { data } = await app.media.upload("Hello.");
		const object = data?.object ?? "";
		expect(existsSync(join(dir, object.slice(0, 2), object))).toBe(true);
	});

	test("its program prints what it says", async () => {
		const app = await shownApp();
		using said = vi.spyOn(console, "log").mockImplementation(() => {});
		await runWith(app, 'upload("Hello.", { name: "hello.txt" })');
		expect(said.mock.calls.map((values) => values.join(" ").trim())).toEqual([
			"hello.txt text/plain 6",
			"6 Hello.",
			"",
		]);
	});

	test("its limits refuse, and let forms of what was let in through", async () => {
		const app = await shownApp();
		await runWith(app, '"large-images-only"');
		await expect(app.media.upload("Burrs hook on.")).rejects.toThrow("Images alone, please.");
		const { name } = await app.media.upload(cover());
		const form = { width: 64, fit: "scale-down", format: "webp" } as const;
		expect((await app.media.open(name, { form })).type).toBe("image/webp");
	});

	test("its scanner sees every byte, and refuses", async () => {
		const server = createServer((request, response) => {
			void text(request).then((content) => {
				const found = content.includes("burr") ? "a burr" : null;
				response.end(JSON.stringify({ found }));
			});
		}).listen(0, "127.0.0.1");
		onTestFinished(() => void server.close());
		await once(server, "listening");
		const { port } = server.address() as { port: number };
		const { fetch } = globalThis;
		using asked = vi
			.spyOn(globalThis, "fetch")
			.mockImplementation((_, init) => fetch(`http://127.0.0.1:${port}/scan`, init));
		const app = await shownApp();
		await runWith(app, '"scanner"');
		const long = `${"x".repeat(2_000_000)} burr`;
		await expect(app.media.upload(long, { name: "a.txt" })).rejects.toThrow(
			"a.txt was refused: a burr.",
		);
		expect((await app.media.upload("clean")).data).toMatchObject({ size: 5 });
		expect(asked.mock.calls.map(([url]) => url)).toEqual(
			Array.from({ length: 2 }, () => "http://localhost:3310/scan"),
		);
	});

	test("its private files are read by links, and by the holder of the token", async () => {
		const app = await shownApp({ BURDOCK_TOKEN: "a-token-that-is-long-enough" });
		await runWith(app, '"private-invoices"');
		await app.media.upload("One.", { name: "one.txt" });
		await app.media.upload("Two.", { name: "invoice-2.txt" });
		const status = async (path: string, headers: Readonly<Record<string, string>> = {}) =>
			(await app.fetch(new Request(`http://localhost${path}`, { headers }))).status;
		expect(await status("/api/media/file/one.txt")).toBe(200);
		expect(await status("/api/media/file/invoice-2.txt")).toBe(403);
		const token = { authorization: "Bearer a-token-that-is-long-enough" };
		expect(await status("/api/media/file/invoice-2.txt", token)).toBe(200);
		const { url } = await app.media.link("invoice-2.txt");
		expect(await status(url)).toBe(200);
	});

	test("its answer says another address", async () => {
		const app = await shownApp();
		await runWith(app, '"public-address"');
		const { state, data } = await app.media.upload("One.", { name: "one.txt" });
		expect(state.path).toBe("https://files.example.com/api/media/file/one.txt");
		expect(data?.key).toBe("one.txt");
	});

	test("its rule lets nobody read a file without a link", async () => {
		const { default: config } = await load("access: (_request");
		const app = createApp(
			{
				...(config as object),
				connection: { url: ":memory:" },
				media: mediaLibrary({ store: memory() }),
			},
			nodePlatform({ logger: silentLogger, env: { MEDIA_SECRET: "a secret" } }),
		);
		onTestFinished(async () => {
			await app.close();
		});
		await app.build();
		await app.media.upload("One.", { name: "one.txt" });
		const { url } = await app.media.link("one.txt");
		for (const [path, status] of [
			["/api/media/file/one.txt", 401],
			["/api/media/files", 401],
			["/api/data/entity/posts", 200],
			[url, 200],
		] as const) {
			expect((await app.fetch(new Request(`http://localhost${path}`))).status, path).toBe(status);
		}
	});

	test("its advice on moving holds", async () => {
		const lines: LogLine[] = [];
		let hours = 0;
		const platform = {
			...nodePlatform({ logger: recordingLogger(lines), env: {} }),
			clock: { now: () => Date.now() + hours * 3_600_000 },
		};
		const open = (store: StorageAdapter): Promise<App> | App => {
			const connection = { url: ":memory:" };
			const app = createApp(
				{ connection, schema: { media }, media: mediaLibrary({ store }) },
				platform,
			);
			onTestFinished(async () => {
				await app.close();
			});
			return app.build();
		};
		const later = (app: App) => {
			hours += 2;
			return app.runDuties();
		};
		const count = async (app: App): Promise<number> => (await app.media.list()).data.length;
		const old = new Date(0);
		const store = memory();
		const first = await open(store);
		const { data: row } = await first.media.upload("One.", { name: "one.txt" });
		await later(first);
		const said = () => lines.filter(({ level }) => level === "error").map(({ message }) => message);
		expect(said()).toEqual([]);

		// The rows are imported into a new database, over the same store: the claim is in the way.
		const second = await open(store);
		await second.em.mutator(media).insertOne({ ...row, updatedAt: old } as never);
		await later(second);
		const [message = ""] = said();
		expect(page).toContain(/^.*?\./.exec(message)?.[0]);
		const { objects } = await store.list({ prefix: "library.", limit: 10 });
		await store.delete(objects.map(({ key }) => key));
		lines.length = 0;
		await later(second);
		expect([said(), await count(second)]).toEqual([[], 1]);
		expect((await store.list({ prefix: "library.", limit: 10 })).objects).toHaveLength(1);

		// Rows that come before their files.
		const third = await open(memory());
		await third.em.mutator(media).insertOne({ ...row, updatedAt: old } as never);
		await later(third);
		expect(await count(third)).toBe(1);
		await later(third);
		expect(await count(third)).toBe(0);
	});

	test("its tables of options name them all", () => {
		const images: Readonly<Record<keyof ImageOptions, true>> = {
			sizes: true,
			formats: true,
			maxForms: true,
			maxPixels: true,
			maxBytes: true,
		};
		const sweep: Readonly<Record<keyof SweepOptions, true>> = { grace: true, every: true };
		const named = [...page.matchAll(/^\| `(\w+)` \| /gm)].map(([, name]) => name);
		expect(named).toEqual(expect.arrayContaining([...Object.keys(images), ...Object.keys(sweep)]));
		expect(page).toContain(`| \`sizes\` | ${IMAGE_SIZES.join(", ")} |`);
		const formats = IMAGE_FORMATS.map((format) => `\`${format}\``).join(", ");
		expect(page).toContain(`| \`formats\` | ${formats} |`);
		expect(page).toContain(`| \`maxForms\` | ${MAX_FORMS} |`);
	});

	test("links to pages and headings that exist", () => {
		const links = linksOf(PAGE);
		expect(links.length).toBeGreaterThan(8);
		expect(links.filter((link) => !leadsSomewhere(link))).toEqual([]);
	});
});

import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { serve } from "@hono/node-server";
import { describe, expect, onTestFinished, test } from "vitest";
import type { App } from "../src/app/app.ts";
import type { Config } from "../src/app/config.ts";
import { createApp } from "../src/app/create-app.ts";
import { silentLogger } from "../src/kernel/logger.ts";
import { nodePlatform } from "../src/runtime/node/platform.ts";
import { STATUS } from "../src/server/problem.ts";
import { consoleExamples } from "./support/console-examples.ts";
import { snippetsOf, typeErrors, writeSnippets } from "./support/snippets.ts";

const PAGE = "docs/http.md";
const page = readFileSync(PAGE, "utf8");
const run = promisify(execFile);
const examples = consoleExamples(page);

/** The app that the page shows. */
async function shownApp(): Promise<App> {
	const [path] = writeSnippets(snippetsOf(PAGE).slice(0, 1));
	const module = (await import(/* @vite-ignore */ path as string)) as { readonly default: Config };
	const app = createApp(module.default, nodePlatform({ logger: silentLogger }));
	onTestFinished(async () => {
		await app.close();
	});
	return app.build();
}

/** The ids of traces are made anew each time. */
function normalize(text: string): string {
	return text
		.replaceAll("\r", "")
		.replace(/"traceId":"[0-9a-f]{32}"/g, '"traceId":"…"')
		.trim();
}

describe("docs/http.md", () => {
	test("shows the real answer to every request, in their order", { timeout: 60_000 }, async () => {
		const app = await shownApp();
		const server = serve({
			port: 0,
			hostname: "127.0.0.1",
			fetch: (request) => app.fetch(request),
		});
		onTestFinished(() => void server.close());
		await once(server, "listening");
		const { port } = server.address() as { port: number };
		expect(examples.length).toBeGreaterThan(20);
		for (const { command, output } of examples) {
			const local = command.replaceAll("localhost:1337", `localhost:${port}`);
			const { stdout } = await run("bash", ["-c", local]);
			expect(normalize(stdout), command).toBe(normalize(output));
		}
	});

	test("lists every route of the app, and no other", async () => {
		const app = await shownApp();
		const listed = [...page.matchAll(/^\| (GET|POST|PUT|PATCH|DELETE) \| `([^`]+)` \|/gm)].map(
			([, method, path]) => `${method} ${path}`,
		);
		const mounted = app.describe().routes.map(({ method, path }) => `${method} ${path}`);
		expect(listed.toSorted()).toEqual([...new Set(mounted)].toSorted());
	});

	test("says when each status comes", () => {
		const said = [...page.matchAll(/^\| ((?:\d{3}(?:, )?)+) \|/gm)].flatMap(([, cell = ""]) =>
			cell.split(", ").map(Number),
		);
		expect(said).toEqual([...new Set(Object.values(STATUS))].toSorted((one, other) => one - other));
	});

	test("names every parameter and every header of the description", async () => {
		const app = await shownApp();
		const response = await app.fetch(new Request("http://localhost/api/system/openapi.json"));
		const { components } = (await response.json()) as {
			components: {
				parameters: Record<string, { name: string }>;
				headers: Record<string, unknown>;
			};
		};
		const names = new Set([
			...Object.values(components.parameters).map(({ name }) => name),
			...Object.keys(components.headers),
		]);
		names.delete("Content-Security-Policy");
		for (const name of names) expect(page).toContain(`\`${name}\``);
	});

	test("its snippets compile", { timeout: 120_000 }, () => {
		expect(typeErrors(writeSnippets(snippetsOf(PAGE)))).toBe("");
	});
});

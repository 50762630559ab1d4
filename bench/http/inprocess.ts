// What one registered listener that does nothing adds to a request's CPU time: the same requests
// through `app.fetch`, with and without it, in batches that alternate.

import { deepStrictEqual } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { conditions, saveSection } from "./document.ts";
import { POST_COUNT, samplePost, samplePosts } from "./posts.ts";
import { posts } from "./servers/schema.ts";
import { median } from "./statistics.ts";

const REQUESTS = 200_000;
const BATCH = 2_000;
const BUDGET_PERCENT = 0.5;
const TOLERANCE = 1.15;

/** The part of the built product's `App` that this program uses. */
interface App {
	readonly emgr: {
		on(slug: string, handler: () => void, mode: "sync"): { unsubscribe(): void };
	};
	readonly em: { mutator(entity: "posts"): { insertMany(rows: readonly object[]): unknown } };
	build(): unknown;
	fetch(request: Request): Response | Promise<Response>;
	close(): unknown;
}

interface Product {
	createApp(config: object): App | Promise<App>;
}

async function openApp(file: string): Promise<App> {
	const built = new URL("../../dist/index.node.js", import.meta.url).href;
	const { createApp } = (await import(built)) as Product;
	const app = await createApp({
		connection: { url: `file:${file}` },
		schema: { posts },
		server: { access: "open" },
		async seed(empty: App) {
			await empty.em.mutator("posts").insertMany(samplePosts());
		},
	});
	await app.build();
	return app;
}

/** CPU time of one batch, in microseconds per request. */
async function batch(app: App, requests: readonly Request[]): Promise<number> {
	const before = process.cpuUsage();
	for (let index = 0; index < BATCH; index++) {
		await app.fetch(requests[index % requests.length] as Request);
	}
	const { user, system } = process.cpuUsage(before);
	return (user + system) / BATCH;
}

async function withListener(app: App, requests: readonly Request[]): Promise<number> {
	const subscription = app.emgr.on("repository-find-one-before", () => {}, "sync");
	try {
		return await batch(app, requests);
	} finally {
		subscription.unsubscribe();
	}
}

/** What to print, and whether the budget may be kept: false when it certainly is not. */
interface Result {
	readonly text: string;
	readonly kept: boolean;
}

async function measure(app: App): Promise<Result> {
	const url = "http://127.0.0.1/api/data/entity/posts/";
	const requests = Array.from({ length: POST_COUNT }, (_, index) => new Request(url + (index + 1)));
	const first = (await (await app.fetch(requests[0] as Request)).json()) as { data: unknown };
	deepStrictEqual(first.data, samplePost(1));
	const without: number[] = [];
	const added: number[] = [];
	const rounds = REQUESTS / BATCH;
	for (let round = -10; round < rounds; round++) {
		// The order alternates, so that neither side always runs on the heap that the other left.
		const early = round % 2 === 0 ? await batch(app, requests) : undefined;
		const listened = await withListener(app, requests);
		const plain = early ?? (await batch(app, requests));
		if (round < 0) continue;
		without.push(plain);
		added.push(listened - plain);
	}
	return report(without, added);
}

function report(without: readonly number[], added: readonly number[]): Result {
	const base = median(without);
	const percent = added.map((micros) => (micros / base) * 100).toSorted((a, b) => a - b);
	// The ranks between which the true median lies in 95 of 100 runs.
	const reach = 0.98 * Math.sqrt(percent.length);
	const low = percent[Math.floor(percent.length / 2 - reach)] ?? NaN;
	const high = percent[Math.ceil(percent.length / 2 + reach)] ?? NaN;
	const share = median(percent);
	const verdict = share <= BUDGET_PERCENT ? "met" : "not met";
	const text = [
		`One read through \`app.fetch\`: ${base.toFixed(1)} µs of CPU. One sync listener that does nothing`,
		`adds ${share.toFixed(2)} % (95 %: ${low.toFixed(2)} to ${high.toFixed(2)}); budget ≤ ${BUDGET_PERCENT} %: ${verdict}.`,
	].join("\n");
	return { text, kept: low <= BUDGET_PERCENT * TOLERANCE };
}

const workspace = mkdtempSync(join(tmpdir(), "burdock-bench-"));
try {
	const app = await openApp(join(workspace, "posts.db"));
	const { text, kept } = await measure(app);
	await app.close();
	console.log(text);
	const remark = `${REQUESTS} requests each, in alternating batches of ${BATCH}`;
	if (process.argv.includes("--save")) {
		saveSection("inprocess", `${conditions(["drizzle-orm", "libsql"], remark)}\n\n${text}`);
	}
	process.exitCode = kept || process.argv.includes("--report") ? 0 : 1;
} finally {
	rmSync(workspace, { recursive: true, force: true });
}

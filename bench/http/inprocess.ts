// What one registered listener that does nothing adds to a request's CPU time: the same requests
// through `app.fetch`, with and without it, in slices that alternate.

import { deepStrictEqual } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { gather, outcome } from "./budgets.ts";
import { conditions, saveSection } from "./document.ts";
import { isQuick } from "./options.ts";
import { POST_COUNT, samplePost } from "./posts.ts";
import { cpuMicros, openApp } from "./product.ts";
import type { App } from "./product.ts";
import { median } from "./statistics.ts";

const REQUESTS = isQuick() ? 20_000 : 200_000;
/** Slices are fine, so that what slows the machine down hits both sides. */
const BATCH = 200;
/** Slices that are not counted. */
const WARM_UP = 100;
const BUDGET_PERCENT = 0.5;
const TOLERANCE = 1.15;
const BUDGET = { sense: "≤", value: BUDGET_PERCENT, unit: "%" } as const;

/** The requests of one slice; some before it let the plans of the listeners settle. */
const SETTLE = 10;

async function slice(app: App, requests: readonly Request[], start: number): Promise<number> {
	await cpuMicros(app, requests.slice(0, SETTLE));
	return cpuMicros(app, requests.slice(start, start + BATCH));
}

async function withListener(
	app: App,
	requests: readonly Request[],
	start: number,
): Promise<number> {
	const subscription = app.emgr.on("repository-find-one-before", () => {}, "sync");
	try {
		return await slice(app, requests, start);
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
	for (let round = -WARM_UP; round < rounds; round++) {
		// The order alternates, so that neither side always runs on the heap that the other left.
		const start = ((round + WARM_UP) * BATCH) % POST_COUNT;
		const early = round % 2 === 0 ? await slice(app, requests, start) : undefined;
		const listened = await withListener(app, requests, start);
		const plain = early ?? (await slice(app, requests, start));
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
	gather([outcome("one sync listener that does nothing", BUDGET, share)]);
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
	const remark = `${REQUESTS} requests each, in alternating slices of ${BATCH}`;
	if (process.argv.includes("--save")) {
		saveSection("inprocess", `${conditions(["drizzle-orm", "libsql"], remark)}\n\n${text}`);
	}
	process.exitCode = kept || process.argv.includes("--report") ? 0 : 1;
} finally {
	rmSync(workspace, { recursive: true, force: true });
}

// How a request's CPU time grows with the rows of its table, the entities of the schema and the rows
// of a list: pairs of apps in this process, measured in slices that alternate.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

import { gather, outcome } from "./budgets.ts";
import type { Outcome } from "./budgets.ts";
import { conditions, saveSection } from "./document.ts";
import { isQuick } from "./options.ts";
import { cpuMicros, growPosts, openApp } from "./product.ts";
import type { App } from "./product.ts";
import { table } from "./report.ts";
import { posts } from "./servers/schema.ts";
import { median, medianOfPairs } from "./statistics.ts";

const SLICE = 200;
const ROUNDS = isQuick() ? 10 : 150;
const WARM_UP = 30;
const MANY_ROWS = isQuick() ? 20_000 : 1_000_000;
const ENTITY_URL = "http://127.0.0.1/api/data/entity/posts";

/** One side of a comparison. */
interface Side {
	readonly app: App;
	readonly requests: readonly Request[];
}

interface Result {
	readonly small: number;
	readonly large: number;
	readonly outcome: Outcome;
}

function entities(count: number): object {
	const others = Array.from({ length: count - 1 }, (_, index) => {
		const name = `entity_${index}`;
		return [name, sqliteTable(name, { id: integer("id").primaryKey(), title: text("title") })];
	});
	return { posts, ...(Object.fromEntries(others) as object) };
}

/** Reads by id, spread over all rows in a fixed order; few of them come twice. */
function reads(rows: number): readonly Request[] {
	return Array.from({ length: SLICE * (ROUNDS + WARM_UP) }, (_, index) => {
		const id = ((index * 7919 * 131) % rows) + 1;
		return new Request(`${ENTITY_URL}/${id}`);
	});
}

function lists(limit: number): readonly Request[] {
	return Array.from({ length: SLICE }, () => new Request(`${ENTITY_URL}?limit=${limit}`));
}

function sliceOf(requests: readonly Request[], round: number): readonly Request[] {
	const start = ((round + WARM_UP) * SLICE) % requests.length;
	return requests.slice(start, start + SLICE);
}

async function compare(what: string, small: Side, large: Side, budget: number): Promise<Result> {
	const costs: [small: number[], large: number[]] = [[], []];
	for (let round = -WARM_UP; round < ROUNDS; round++) {
		const first = await cpuMicros(small.app, sliceOf(small.requests, round));
		const second = await cpuMicros(large.app, sliceOf(large.requests, round));
		if (round < 0) continue;
		costs[0].push(first);
		costs[1].push(second);
	}
	const ratio = medianOfPairs(costs[1], costs[0], (a, b) => a / b);
	return {
		small: median(costs[0]),
		large: median(costs[1]),
		outcome: outcome(what, { sense: "≤", value: budget, unit: "×" }, ratio),
	};
}

async function measure(workspace: string): Promise<readonly Result[]> {
	const few = await openApp(join(workspace, "few.db"), entities(10));
	const manyRows = join(workspace, "many-rows.db");
	const rows = await openApp(manyRows, entities(10));
	growPosts(manyRows, MANY_ROWS);
	const many = await openApp(join(workspace, "many-entities.db"), entities(500));
	const small = { app: few, requests: reads(1_000) };
	const results = [
		await compare(
			`read one: ${MANY_ROWS} rows / 1000`,
			small,
			{ app: rows, requests: reads(MANY_ROWS) },
			1.2,
		),
		await compare("read one: 500 entities / 10", small, { app: many, requests: reads(1_000) }, 1.1),
		// Linear in the rows that are sent: ten times the rows may cost ten times as much.
		await compare(
			"list: 100 rows / 10",
			{ app: few, requests: lists(10) },
			{ app: few, requests: lists(100) },
			10,
		),
	];
	for (const app of [few, rows, many]) await app.close();
	return results;
}

const workspace = mkdtempSync(join(tmpdir(), "burdock-bench-"));
try {
	const results = await measure(workspace);
	const text = table(
		["growth, CPU µs per request", "small", "large", "ratio", "budget", ""],
		results.map(({ small, large, outcome: { what, measured, budget, verdict } }) => [
			what,
			small.toFixed(1),
			large.toFixed(1),
			measured,
			budget,
			verdict === "missed" ? "MISSED" : verdict,
		]),
	);
	console.log(`\n${text}\n`);
	const remark = `through \`app.fetch\`, medians of ${ROUNDS} alternating slices of ${SLICE} requests`;
	if (process.argv.includes("--save")) {
		saveSection("growth", `${conditions(["drizzle-orm", "libsql"], remark)}\n\n${text}`);
	}
	gather(results.map((result) => result.outcome));
	const missed = results.some((result) => result.outcome.verdict === "missed");
	process.exitCode = missed && !process.argv.includes("--report") ? 1 : 0;
} finally {
	rmSync(workspace, { recursive: true, force: true });
}

// The benchmark of Workers: bundles as wrangler deploys them, side by side in Miniflare, each in
// its own process, under load from another; and in fresh isolates of one workerd.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Contender } from "../http/contenders.ts";
import { conditions, saveSection } from "../http/document.ts";
import { loadGenerator } from "../http/load.ts";
import { measure } from "../http/measure.ts";
import { prepareProduct } from "../http/preparation.ts";
import { budgetsTable } from "../http/report.ts";
import { DATA_WORKLOADS } from "../http/workloads.ts";
import { bundle } from "./bundle.ts";
import type { Bundle } from "./bundle.ts";
import { buildTime, coldStarts, roundTrips } from "./cold-starts.ts";
import type { BuildTime } from "./cold-starts.ts";
import { contenders, TWENTY_ENTITIES } from "./contenders.ts";
import { Isolates } from "./isolates.ts";
import { toolVersions } from "./miniflare.ts";
import { readOptions, USAGE } from "./options.ts";
import type { Options } from "./options.ts";
import { outcomes, workersTable } from "./result.ts";
import type { Result } from "./result.ts";

const VERSIONED = ["hono", "drizzle-orm", "bknd"];

function progress(line: string): void {
	console.error(`… ${line}`);
}

/** A Worker in Miniflare, for the harness of servers. */
function asServer({ worker, file }: Bundle): Contender {
	return {
		name: worker.name,
		title: worker.title,
		program: fileURLToPath(new URL("./server.ts", import.meta.url)),
		args: [file, worker.compatibilityFlags.join(",")],
		readyPath: "/api/data/entity/posts/1",
		workloads: DATA_WORKLOADS,
		database: "own",
	};
}

type Cold = Pick<Result, "coldStarts" | "roundTrips" | "buildTime">;

async function measureCold(
	bundles: readonly Bundle[],
	{ isolates: rounds }: Options,
	workspace: string,
): Promise<Cold> {
	const hasBurdock = bundles.some(({ worker }) => worker.name === "burdock");
	const twenty = hasBurdock ? await bundle(TWENTY_ENTITIES, workspace) : undefined;
	const all = twenty ? [...bundles, twenty] : bundles;
	await using isolates = await Isolates.start(all, join(workspace, "isolates"));
	const calls = new Map<string, readonly number[]>();
	progress("calls of D1");
	for (const one of bundles) calls.set(one.worker.name, await roundTrips(isolates, one));
	progress(`${rounds} fresh isolates of each`);
	const samples = await coldStarts(isolates, bundles, rounds);
	const milliseconds = twenty && (await buildTime(isolates, twenty, rounds));
	return { coldStarts: samples, roundTrips: calls, buildTime: milliseconds };
}

function remarkOf({ make, build }: BuildTime): string {
	return `Of the app of 20 entities, making takes ${make.toFixed(1)} ms and building ${build.toFixed(1)} ms.`;
}

async function bench(options: Options): Promise<number> {
	prepareProduct(options);
	const sources = contenders(options.only);
	const generator = await loadGenerator(options.load);
	const workspace = mkdtempSync(join(tmpdir(), "burdock-bench-"));
	try {
		progress("bundling");
		const bundles: Bundle[] = [];
		for (const source of sources) bundles.push(await bundle(source, workspace));
		const cold = await measureCold(bundles, options, workspace);
		const plan = { ...options, generator, workspace, progress, starts: 0 };
		const loads = await measure(bundles.map(asServer), plan);
		const result: Result = { bundles, loads, ...cold };
		const budgets = outcomes(result);
		const remark = `${toolVersions()} · ${generator.title}, medians of ${options.rounds} interleaved rounds of ${options.seconds} s, of ${options.isolates} interleaved isolates`;
		const tables = [conditions(VERSIONED, remark), workersTable(result)];
		if (budgets.length > 0) tables.push(budgetsTable(budgets));
		if (cold.buildTime) tables.push(remarkOf(cold.buildTime));
		const text = tables.join("\n\n");
		console.log(`\n${text}\n`);
		if (options.save) saveSection("worker", text);
		return budgets.some(({ verdict }) => verdict === "missed") && !options.report ? 1 : 0;
	} finally {
		rmSync(workspace, { recursive: true, force: true });
	}
}

try {
	const options = readOptions(process.argv.slice(2));
	if (options.help) console.log(USAGE);
	else process.exitCode = await bench(options);
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 2;
}

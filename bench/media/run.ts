// Files over HTTP: the product's routes beside hand-written ones, each in its own process, under load
// from another.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { conditions, saveSection } from "../http/document.ts";
import { loadGenerator } from "../http/load.ts";
import { checkOptions, isQuick, loadOptions } from "../http/options.ts";
import type { Options } from "../http/options.ts";
import { prepareProduct } from "../http/preparation.ts";
import { table } from "../http/report.ts";
import { median, medianOfPairs } from "../http/statistics.ts";
import type { Contender } from "../http/contenders.ts";
import { toolVersions } from "../worker/miniflare.ts";
import { CONTENDER_NAMES, contenders, PAIRS, workers } from "./contenders.ts";
import { measure } from "./measure.ts";
import type { Sample, Samples } from "./measure.ts";
import { WORKER_WORKLOADS, WORKLOADS } from "./workloads.ts";
import type { FileWorkload } from "./workloads.ts";

const USAGE = `npm run bench:media -- [options]

  --rounds N     rounds of each load, interleaved (5)
  --seconds N    seconds of load in each round (2)
  --only A,B     only these servers: ${CONTENDER_NAMES.join(", ")}
  --what TEXT    only loads whose names have this in them: ${WORKLOADS.map(({ name }) => name).join(", ")}
  --load NAME    wrk or node; default: wrk when it is installed
  --quick        little of everything: shows that it works, and measures nothing
  --save         write the tables to docs/benchmarks.md
  --no-build     measure dist/ as it is
`;

const VERSIONED = ["hono", "@hono/node-server", "drizzle-orm", "@libsql/client"];

type Measured = ReadonlyMap<string, Samples>;

function figures(samples: readonly Sample[]): string {
	const rate = median(samples.map(({ requestsPerSecond }) => requestsPerSecond));
	const cpu = median(samples.map(({ cpuMicros }) => cpuMicros));
	return `${rate.toFixed(rate < 100 ? 1 : 0)} (${cpu.toFixed(0)} µs)`;
}

interface Results {
	readonly servers: readonly Contender[];
	readonly workloads: readonly FileWorkload[];
	readonly measured: Measured;
}

function serversTable({ servers, workloads, measured }: Results): string {
	const rows = servers.map(({ name, title }) => [
		title,
		...workloads.map((workload) => figures(measured.get(name)?.get(workload) ?? [])),
	]);
	const names = workloads.map(({ name }) => name);
	return table(["requests per second (CPU of each)", ...names], rows);
}

function ratiosTable({ workloads, measured }: Results): string | undefined {
	const pairs = PAIRS.filter(([our, their]) => measured.has(our) && measured.has(their));
	if (pairs.length === 0) return undefined;
	const rows = workloads.map((workload) => [
		workload.name,
		...pairs.flatMap(([our, their]) => {
			const a = measured.get(our)?.get(workload) ?? [];
			const b = measured.get(their)?.get(workload) ?? [];
			const rate = medianOfPairs(a, b, (x, y) => x.requestsPerSecond / y.requestsPerSecond);
			const cpu = medianOfPairs(a, b, (x, y) => y.cpuMicros / x.cpuMicros);
			return [`${rate.toFixed(2)} ×`, `${cpu.toFixed(2)} ×`];
		}),
	]);
	const head = pairs.flatMap(([, , what]) => [`throughput${what}`, `by CPU${what}`]);
	return table(["Burdock / hand-written", ...head], rows);
}

function tablesOf(results: Results): readonly string[] {
	if (results.servers.length === 0) return [];
	const ratios = ratiosTable(results);
	return [serversTable(results), ...(ratios === undefined ? [] : [ratios])];
}

async function bench(options: Options, what: string): Promise<void> {
	prepareProduct({ ...options, only: ["burdock"] });
	const { title } = await loadGenerator(options.load);
	const usesWrk = title.startsWith("wrk");
	const workspace = mkdtempSync(join(tmpdir(), "burdock-bench-"));
	const progress = (line: string): void => console.error(`… ${line}`);
	const plan = { ...options, usesWrk, workspace, progress };
	const run = async (servers: readonly Contender[], all: readonly FileWorkload[]) => {
		const workloads = all.filter(({ name }) => name.includes(what));
		return { servers, workloads, measured: await measure(servers, workloads, plan) };
	};
	try {
		const onNode = await run(contenders(options.only), WORKLOADS);
		const onWorkers = await run(await workers(options.only, workspace), WORKER_WORKLOADS);
		const generator = usesWrk ? `${title.split(" with ")[0]}, node:http for 100 MB` : "node:http";
		const { rounds, seconds } = options;
		const remark = `${toolVersions()} · ${generator}, 16, 8 and 2 connections by size, medians of ${rounds} interleaved rounds of ${seconds} s`;
		const text = [conditions(VERSIONED, remark), ...tablesOf(onNode), ...tablesOf(onWorkers)].join(
			"\n\n",
		);
		console.log(`\n${text}\n`);
		if (options.save) saveSection("media", text);
	} finally {
		rmSync(workspace, { recursive: true, force: true });
	}
}

try {
	const benchmark = { names: CONTENDER_NAMES, usage: USAGE };
	const args = process.argv.slice(2);
	const own = { what: { type: "string", default: "" } } as const;
	const options = { ...loadOptions(benchmark, isQuick(args)), ...own };
	const { values } = parseArgs({ args, allowNegative: true, options });
	if (values.help) console.log(USAGE);
	else await bench(checkOptions(values, benchmark), values.what);
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 2;
}

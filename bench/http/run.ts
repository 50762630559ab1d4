// The HTTP benchmark: servers side by side, each in its own process, under load from another.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { gather, outcomes } from "./budgets.ts";
import { contenders, isBuilt } from "./contenders.ts";
import type { Contender } from "./contenders.ts";
import { conditions, saveSection } from "./document.ts";
import { loadGenerator } from "./load.ts";
import { measure } from "./measure.ts";
import type { Plan } from "./measure.ts";
import { readOptions, USAGE } from "./options.ts";
import type { Options } from "./options.ts";
import { prepareProduct } from "./preparation.ts";
import { budgetsTable, serversTable } from "./report.ts";

const VERSIONED = ["hono", "drizzle-orm", "@libsql/client", "libsql", "bknd"];

function prepare(options: Options): readonly Contender[] {
	prepareProduct(options);
	const chosen = contenders(options.only);
	const missing = chosen.find((contender) => !isBuilt(contender));
	if (missing) throw new Error(`${missing.program} is missing. Hint: npm run build`);
	return chosen;
}

async function bench(options: Options): Promise<number> {
	const chosen = prepare(options);
	const generator = await loadGenerator(options.load);
	const workspace = mkdtempSync(join(tmpdir(), "burdock-bench-"));
	const progress = (line: string): void => console.error(`… ${line}`);
	const { rounds, seconds, warmup } = options;
	const plan: Plan = { generator, rounds, seconds, warmup, workspace, progress };
	try {
		const measurements = await measure(chosen, plan);
		const results = outcomes(measurements);
		gather(results);
		const remark = `${generator.title}, medians of ${rounds} interleaved rounds of ${seconds} s`;
		const tables = [conditions(VERSIONED, remark), serversTable(measurements)];
		if (results.length > 0) tables.push(budgetsTable(results));
		const text = tables.join("\n\n");
		console.log(`\n${text}\n`);
		if (options.save) saveSection("http", text);
		const missed = results.some(({ verdict }) => verdict === "missed");
		return missed && !options.report ? 1 : 0;
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

// All benchmarks of requests, one after the other, and all budgets in one table at the end:
// `npm run bench`. It fails when one is missed by more than 15 %. Options go to all programs;
// `--report`, `--save` and `--quick` mean the same to each.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Outcome } from "./budgets.ts";
import { readOptions, USAGE } from "./options.ts";
import { budgetsTable } from "./report.ts";

const PROGRAMS = ["run.ts", "inprocess.ts", "growth.ts", "memory.ts"] as const;

/** Runs the programs; answers the worst of their exit codes. */
function runAll(args: readonly string[], outcomes: string): number {
	let worst = 0;
	for (const program of PROGRAMS) {
		const path = fileURLToPath(new URL(program, import.meta.url));
		const build = program === "run.ts" ? ["--no-build"] : [];
		const env = { ...process.env, BENCH_OUTCOMES: outcomes };
		const { status } = spawnSync(process.execPath, [path, ...build, ...args], {
			env,
			stdio: "inherit",
		});
		worst = Math.max(worst, status ?? 2);
	}
	return worst;
}

function gathered(outcomes: string): readonly Outcome[] {
	if (!existsSync(outcomes)) return [];
	const lines = readFileSync(outcomes, "utf8").trim().split("\n");
	return lines.map((line) => JSON.parse(line) as Outcome);
}

const workspace = mkdtempSync(join(tmpdir(), "burdock-bench-"));
try {
	const args = process.argv.slice(2);
	if (readOptions(args).help) {
		console.log(USAGE);
	} else {
		const outcomes = join(workspace, "outcomes.jsonl");
		process.exitCode = runAll(args, outcomes);
		console.log(`\n${budgetsTable(gathered(outcomes))}\n`);
	}
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 2;
} finally {
	rmSync(workspace, { recursive: true, force: true });
}

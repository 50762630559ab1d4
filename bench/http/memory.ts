// Resident memory after 100 000 and after 1 000 000 requests, beside the hand-written server's after
// 100 000. Every tenth request inserts a row.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { gather, outcome } from "./budgets.ts";
import { contenders } from "./contenders.ts";
import type { Contender } from "./contenders.ts";
import { conditions, saveSection } from "./document.ts";
import { loadGenerator } from "./load.ts";
import type { LoadGenerator } from "./load.ts";
import { isQuick } from "./options.ts";
import { budgetsTable } from "./report.ts";
import { ServerProcess } from "./server-process.ts";
import { median } from "./statistics.ts";
import type { Workload } from "./workloads.ts";

const FEW = isQuick() ? 5_000 : 100_000;
const MANY = isQuick() ? 20_000 : 1_000_000;
/** Seconds of one load; inserts take a tenth of it. */
const SECONDS = isQuick() ? 1 : 2;
/** Looks at the memory: one alone may come right before a garbage collection. */
const LOOKS = 5;

/** Sends requests until there were so many; answers how many there were. */
async function load(
	server: ServerProcess,
	generator: LoadGenerator,
	from: number,
	until: number,
): Promise<number> {
	let requests = from;
	const { read, list, insert } = server.contender.workloads;
	const turn = [read, read, list, insert].filter((workload) => workload !== undefined);
	for (let index = 0; requests < until; index++) {
		const workload = turn[index % turn.length] as Workload;
		const result = await generator.load(server.url, workload, workload === insert ? 1 : SECONDS);
		if (result.failed > 0) throw new Error(`${result.failed} requests failed.`);
		requests += result.requests;
	}
	return requests;
}

async function resident(server: ServerProcess, generator: LoadGenerator): Promise<number> {
	const looks: number[] = [];
	for (let look = 0; look < LOOKS; look++) {
		await load(server, generator, 0, 1);
		looks.push((await server.usage()).rssBytes);
	}
	return median(looks);
}

/** Memory after each of these numbers of requests. */
async function measure(
	contender: Contender,
	generator: LoadGenerator,
	workspace: string,
	marks: readonly number[],
): Promise<readonly number[]> {
	const server = await ServerProcess.start(contender, workspace);
	try {
		let requests = 0;
		const found: number[] = [];
		for (const mark of marks) {
			requests = await load(server, generator, requests, mark);
			found.push(await resident(server, generator));
			console.error(`… ${contender.name}: ${requests} requests`);
		}
		return found;
	} finally {
		await server.stop();
	}
}

function mebibytes(bytes: number): string {
	return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}

const workspace = mkdtempSync(join(tmpdir(), "burdock-bench-"));
try {
	const generator = await loadGenerator("any");
	const [handWritten, burdock] = contenders(["hand-written", "burdock"]) as [Contender, Contender];
	const [theirs = NaN] = await measure(handWritten, generator, workspace, [FEW]);
	const [few = NaN, many = NaN] = await measure(burdock, generator, workspace, [FEW, MANY]);
	const results = [
		outcome(
			`memory after ${FEW} requests / hand-written`,
			{ sense: "≤", value: 0.7, unit: "×" },
			few / theirs,
		),
		outcome(`memory: ${MANY} requests / ${FEW}`, { sense: "≤", value: 1.1, unit: "×" }, many / few),
	];
	gather(results);
	const text = [
		budgetsTable(results),
		`Resident: hand-written ${mebibytes(theirs)}, Burdock ${mebibytes(few)}, then ${mebibytes(many)}.`,
	].join("\n\n");
	console.log(`\n${text}\n`);
	if (process.argv.includes("--save")) {
		const remark = `${generator.title}, medians of ${LOOKS} looks`;
		saveSection("memory", `${conditions(["hono", "libsql"], remark)}\n\n${text}`);
	}
	const missed = results.some(({ verdict }) => verdict === "missed");
	process.exitCode = missed && !process.argv.includes("--report") ? 1 : 0;
} finally {
	rmSync(workspace, { recursive: true, force: true });
}

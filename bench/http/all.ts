// All benchmarks of requests, one after the other: `npm run bench` prints their tables and fails when
// any of them does. Options go to all; `--report` and `--save` mean the same to each.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const PROGRAMS = ["run.ts", "inprocess.ts", "growth.ts", "memory.ts"] as const;

let worst = 0;
for (const program of PROGRAMS) {
	const path = fileURLToPath(new URL(program, import.meta.url));
	const args =
		program === "run.ts" ? ["--no-build", ...process.argv.slice(2)] : process.argv.slice(2);
	const { status } = spawnSync(process.execPath, [path, ...args], { stdio: "inherit" });
	worst = Math.max(worst, status ?? 2);
	if (worst === 2 || args.includes("--help")) break;
}
process.exitCode = worst;

import { parseArgs } from "node:util";

import { isQuick, wholeNumber } from "../http/options.ts";
import { WORKER_NAMES } from "./contenders.ts";

/** What the command line may say. */
export interface Options {
	readonly rounds: number;
	readonly seconds: number;
	/** Seconds of load that are not counted. */
	readonly warmup: number;
	/** Fresh isolates of each Worker. */
	readonly isolates: number;
	readonly only: readonly string[];
	readonly load: "wrk" | "node" | "any";
	/** Exit with 0 whatever was measured. */
	readonly report: boolean;
	/** Write the tables to `docs/benchmarks.md`. */
	readonly save: boolean;
	readonly build: boolean;
	readonly help: boolean;
}

export const USAGE = `npm run bench:worker -- [options]

  --rounds N     rounds of each operation, interleaved (5)
  --seconds N    seconds of load in each round (2)
  --isolates N   fresh isolates of each Worker (40)
  --only A,B     only these Workers: ${WORKER_NAMES.join(", ")}
  --load NAME    wrk or node; default: wrk when it is installed
  --quick        little of everything: shows that the benchmark works, and measures nothing
  --report       never fail because of a budget
  --save         write the tables to docs/benchmarks.md
  --no-build     measure dist/ as it is
`;

/** @throws Error that names the argument that is wrong. */
export function readOptions(args: readonly string[]): Options {
	const quick = isQuick(args);
	const { values } = parseArgs({
		args: [...args],
		allowNegative: true,
		options: {
			rounds: { type: "string", default: quick ? "2" : "5" },
			seconds: { type: "string", default: "2" },
			isolates: { type: "string", default: quick ? "5" : "40" },
			quick: { type: "boolean", default: false },
			only: { type: "string", default: WORKER_NAMES.join(",") },
			load: { type: "string", default: "any" },
			report: { type: "boolean", default: false },
			save: { type: "boolean", default: false },
			build: { type: "boolean", default: true },
			help: { type: "boolean", default: false },
		},
	});
	const only = values.only.split(",");
	const unknown = only.find((name) => !WORKER_NAMES.some((known) => known === name));
	if (unknown !== undefined) throw new Error(`No Worker is named ${unknown}.\n\n${USAGE}`);
	const { load } = values;
	if (quick && values.save) throw new Error("--quick measures nothing that may be saved.");
	if (load !== "wrk" && load !== "node" && load !== "any") {
		throw new Error(`--load takes wrk or node, not ${load}.`);
	}
	return {
		...values,
		rounds: wholeNumber("rounds", values.rounds),
		seconds: wholeNumber("seconds", values.seconds),
		isolates: wholeNumber("isolates", values.isolates),
		warmup: quick ? 1 : 2,
		only,
		load,
	};
}

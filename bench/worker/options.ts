import { parseArgs } from "node:util";

import { checkOptions, isQuick, loadOptions, wholeNumber } from "../http/options.ts";
import type { Options as LoadOptions } from "../http/options.ts";
import { WORKER_NAMES } from "./contenders.ts";

/** What the command line may say. */
export interface Options extends LoadOptions {
	/** Fresh isolates of each Worker. */
	readonly isolates: number;
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
	const benchmark = { names: WORKER_NAMES, usage: USAGE };
	const options = {
		...loadOptions(benchmark, quick),
		isolates: { type: "string", default: quick ? "5" : "40" },
	} as const;
	const { values } = parseArgs({ args: [...args], allowNegative: true, options });
	const isolates = wholeNumber("isolates", values.isolates);
	return { ...checkOptions(values, benchmark), isolates };
}

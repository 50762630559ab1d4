import { parseArgs } from "node:util";

import { CONTENDER_NAMES } from "./contenders.ts";

/** What the command line may say. */
export interface Options {
	readonly rounds: number;
	readonly seconds: number;
	/** Seconds of load that are not counted. */
	readonly warmup: number;
	readonly only: readonly string[];
	readonly load: "wrk" | "node" | "any";
	/** Exit with 0 whatever was measured. */
	readonly report: boolean;
	/** Write the tables to `docs/benchmarks.md`. */
	readonly save: boolean;
	readonly build: boolean;
	readonly help: boolean;
}

export const USAGE = `npm run bench -- [options]

  --rounds N     rounds of each operation, interleaved (5)
  --seconds N    seconds of load in each round (2)
  --only A,B     only these servers: ${CONTENDER_NAMES.join(", ")}
  --load NAME    wrk or node; default: wrk when it is installed
  --quick        little of everything: shows that the benchmarks work, and measures nothing
  --report       never fail because of a budget
  --save         write the tables to docs/benchmarks.md
  --no-build     measure dist/ as it is
`;

/** Whether only the benchmarks themselves are tried out. */
export function isQuick(args: readonly string[] = process.argv): boolean {
	return args.includes("--quick");
}

/** @throws Error when the text is no whole number from 1 to 1000. */
export function wholeNumber(name: string, text: string): number {
	const value = Number(text);
	if (Number.isInteger(value) && value >= 1 && value <= 1_000) return value;
	throw new Error(`--${name} takes a whole number from 1 to 1000, not ${text}.`);
}

/** A benchmark under load, as its command line has it. */
export interface Benchmark {
	/** Of what can be measured. */
	readonly names: readonly string[];
	readonly usage: string;
}

/** The options of every benchmark under load, for `parseArgs`. */
export function loadOptions({ names }: Benchmark, quick: boolean) {
	return {
		rounds: { type: "string", default: quick ? "2" : "5" },
		seconds: { type: "string", default: quick ? "1" : "2" },
		quick: { type: "boolean", default: false },
		only: { type: "string", default: names.join(",") },
		load: { type: "string", default: "any" },
		report: { type: "boolean", default: false },
		save: { type: "boolean", default: false },
		build: { type: "boolean", default: true },
		help: { type: "boolean", default: false },
	} as const;
}

type LoadOptions = ReturnType<typeof loadOptions>;

/** What `parseArgs` makes of {@link loadOptions}. */
type Given = {
	readonly [Name in keyof LoadOptions]: LoadOptions[Name]["type"] extends "string"
		? string
		: boolean;
};

/** @throws Error that names the argument that is wrong. */
export function checkOptions(given: Given, { names, usage }: Benchmark): Options {
	const only = given.only.split(",");
	const unknown = only.find((name) => !names.includes(name));
	if (unknown !== undefined) throw new Error(`Nothing here is named ${unknown}.\n\n${usage}`);
	const { load, quick } = given;
	if (quick && given.save) throw new Error("--quick measures nothing that may be saved.");
	if (load !== "wrk" && load !== "node" && load !== "any") {
		throw new Error(`--load takes wrk or node, not ${load}.`);
	}
	return {
		...given,
		rounds: wholeNumber("rounds", given.rounds),
		seconds: wholeNumber("seconds", given.seconds),
		warmup: quick ? 1 : 2,
		only,
		load,
	};
}

/** @throws Error that names the argument that is wrong. */
export function readOptions(args: readonly string[]): Options {
	const benchmark = { names: CONTENDER_NAMES, usage: USAGE };
	const options = loadOptions(benchmark, isQuick(args));
	const { values } = parseArgs({ args: [...args], allowNegative: true, options });
	return checkOptions(values, benchmark);
}

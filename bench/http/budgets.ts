import { appendFileSync } from "node:fs";

import type { ContenderName } from "./contenders.ts";
import type { Measurement, Measurements } from "./measure.ts";
import { median, medianOfPairs } from "./statistics.ts";

/** Where the outcomes of several programs are gathered: a path, when {@link gather} is to. */
const GATHERED = process.env["BENCH_OUTCOMES"];

/** A missed budget fails the run when it is missed by more than this part of it. */
const TOLERANCE = 0.15;

/** What came out for one budget. */
export interface Outcome {
	readonly what: string;
	/** `≥ 0.85 ×` */
	readonly budget: string;
	readonly measured: string;
	/** The same ratio by CPU time instead of by throughput, and the µs per request of both. */
	readonly byCpu: string;
	readonly verdict: "met" | "close" | "missed";
}

/** CPU time of a request: a ratio, and the medians that it is of, in microseconds. */
interface CpuTime {
	readonly ratio: number;
	readonly ours: number;
	readonly theirs: number;
}

/** Keeps outcomes for the last table of `all.ts`, when that runs this program. */
export function gather(outcomes: readonly Outcome[]): void {
	if (GATHERED === undefined) return;
	appendFileSync(GATHERED, outcomes.map((one) => `${JSON.stringify(one)}\n`).join(""));
}

interface Bound {
	readonly sense: "≥" | "≤";
	readonly value: number;
	readonly unit: "×" | "s" | "ms" | "%" | "KiB";
}

export function outcome(what: string, bound: Bound, measured: number, cpu?: CpuTime): Outcome {
	const { sense, value, unit } = bound;
	const short = sense === "≥" ? 1 - measured / value : measured / value - 1;
	return {
		what,
		budget: `${sense} ${value} ${unit}`,
		measured: `${measured.toFixed(2)} ${unit}`,
		byCpu:
			cpu === undefined
				? ""
				: `${cpu.ratio.toFixed(2)} × (${cpu.ours.toFixed(0)} : ${cpu.theirs.toFixed(0)} µs)`,
		verdict: short <= 0 ? "met" : short <= TOLERANCE ? "close" : "missed",
	};
}

/** Inserts over one connection have no budget: the table of throughput shows them. */
const THROUGHPUT: readonly (readonly [
	ContenderName,
	Readonly<Record<"read" | "list" | "insert", number>>,
])[] = [
	["limit", { read: 0.85, list: 0.85, insert: 0.8 }],
	["hand-written", { read: 3, list: 2.3, insert: 1.6 }],
	["bknd", { read: 6, list: 4, insert: 2.5 }],
];

const OPERATION_TITLES = { read: "read one", list: "list 10", insert: "insert" } as const;

function throughput(ours: Measurement, all: Measurements): Outcome[] {
	return THROUGHPUT.flatMap(([name, wanted]) => {
		const reference = all.get(name);
		if (reference === undefined) return [];
		return (["read", "list", "insert"] as const).map((operation) => {
			const [a, b] = [ours.samples[operation], reference.samples[operation]];
			return outcome(
				`${OPERATION_TITLES[operation]} / ${name}`,
				{ sense: "≥", value: wanted[operation], unit: "×" },
				medianOfPairs(a, b, (our, their) => our.requestsPerSecond / their.requestsPerSecond),
				{
					ratio: medianOfPairs(a, b, (our, their) => their.cpuMicros / our.cpuMicros),
					ours: median(a.map(({ cpuMicros }) => cpuMicros)),
					theirs: median(b.map(({ cpuMicros }) => cpuMicros)),
				},
			);
		});
	});
}

/** Holds the product against its budgets; memory is measured after equal numbers of requests, elsewhere. Empty when it was not among the measured. */
export function outcomes(all: Measurements): readonly Outcome[] {
	const ours = all.get("burdock");
	if (ours === undefined) return [];
	const start = median(ours.startSeconds);
	return [
		...throughput(ours, all),
		outcome("start to first 200", { sense: "≤", value: 0.25, unit: "s" }, start),
	];
}

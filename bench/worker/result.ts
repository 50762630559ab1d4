import { outcome } from "../http/budgets.ts";
import type { Outcome } from "../http/budgets.ts";
import type { Measurement, Measurements } from "../http/measure.ts";
import { table } from "../http/report.ts";
import { median, medianOfPairs } from "../http/statistics.ts";
import { OPERATIONS } from "../http/workloads.ts";
import type { Bundle } from "./bundle.ts";
import type { BuildTime, ColdStart, Span } from "./cold-starts.ts";

/** Everything measured. The keys of the maps are names of Workers. */
export interface Result {
	readonly bundles: readonly Bundle[];
	readonly loads: Measurements;
	readonly coldStarts: ReadonlyMap<string, readonly ColdStart[]>;
	/** Calls of D1 for a read, a list and an insert. */
	readonly roundTrips: ReadonlyMap<string, readonly number[]>;
	/** Of twenty entities; undefined when Burdock was not measured. */
	readonly buildTime: BuildTime | undefined;
}

/** What each Worker did. */
export function workersTable({ bundles, loads, coldStarts, roundTrips }: Result): string {
	const head = [
		"requests per second",
		"read one",
		"list 10",
		"insert",
		"insert, 1 connection",
		"CPU µs per request",
		"gzip KiB",
		"evaluation, ms",
		"first request, ms",
		"D1 calls",
	];
	const rows = bundles.map(({ worker, gzipKiB }) => {
		const samples = loads.get(worker.name)?.samples;
		const cold = coldStarts.get(worker.name) ?? [];
		const each = (of: "requestsPerSecond" | "cpuMicros"): string[] =>
			OPERATIONS.map((operation) =>
				median((samples?.[operation] ?? []).map((sample) => sample[of])).toFixed(0),
			);
		return [
			worker.title,
			...each("requestsPerSecond"),
			each("cpuMicros").join(" / "),
			gzipKiB.toFixed(1),
			median(cold.map(({ evaluation }) => evaluation.milliseconds)).toFixed(1),
			median(cold.map(({ request }) => request.milliseconds)).toFixed(1),
			(roundTrips.get(worker.name) ?? []).join(" / "),
		];
	});
	return table(head, rows);
}

const OPERATION_TITLES = { read: "read one", list: "list 10", insert: "insert" } as const;

function throughput(ours: Measurement, theirs: Measurement): Outcome[] {
	return (["read", "list", "insert"] as const).map((operation) => {
		const [a, b] = [ours.samples[operation], theirs.samples[operation]];
		return outcome(
			`${OPERATION_TITLES[operation]} / hand-written`,
			{ sense: "≥", value: 0.9, unit: "×" },
			medianOfPairs(a, b, (our, their) => our.requestsPerSecond / their.requestsPerSecond),
			{
				ratio: medianOfPairs(a, b, (our, their) => their.cpuMicros / our.cpuMicros),
				ours: median(a.map(({ cpuMicros }) => cpuMicros)),
				theirs: median(b.map(({ cpuMicros }) => cpuMicros)),
			},
		);
	});
}

function firstRequest(ours: readonly ColdStart[], theirs: readonly ColdStart[]): Outcome {
	const ratioOf = (of: keyof Span): number =>
		medianOfPairs(ours, theirs, (our, their) => our.request[of] / their.request[of]);
	const cpuOf = (starts: readonly ColdStart[]): number =>
		median(starts.map(({ request }) => request.cpuMicros));
	return outcome(
		"first request in a fresh isolate / hand-written",
		{ sense: "≤", value: 1.5, unit: "×" },
		ratioOf("milliseconds"),
		{ ratio: ratioOf("cpuMicros"), ours: cpuOf(ours), theirs: cpuOf(theirs) },
	);
}

/** Holds Burdock's Worker against its budgets, as far as what they need was measured. */
export function outcomes({ bundles, loads, coldStarts, buildTime }: Result): Outcome[] {
	const results: Outcome[] = [];
	const [ours, theirs] = [loads.get("burdock"), loads.get("hand-written")];
	if (ours && theirs) results.push(...throughput(ours, theirs));
	const [cold, coldTheirs] = [coldStarts.get("burdock"), coldStarts.get("hand-written")];
	if (cold && coldTheirs) results.push(firstRequest(cold, coldTheirs));
	if (buildTime !== undefined) {
		const bound = { sense: "≤", value: 5, unit: "ms" } as const;
		const { make, build } = buildTime;
		results.push(outcome("making and building an app of 20 entities", bound, make + build));
	}
	const bundle = bundles.find(({ worker }) => worker.name === "burdock");
	if (bundle) {
		const bound = { sense: "≤", value: 100, unit: "KiB" } as const;
		results.push(outcome("bundle, gzip", bound, bundle.gzipKiB));
	}
	return results;
}

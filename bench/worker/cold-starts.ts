import { median } from "../http/statistics.ts";
import { DATA_WORKLOADS } from "../http/workloads.ts";
import type { Bundle } from "./bundle.ts";
import { EVALUATED } from "./isolates.ts";
import type { Isolates } from "./isolates.ts";

const PATH = "/api/data/entity/posts/7";

/** Isolates before the first that counts, of each bundle. */
const WARM_UP = 2;

/** How long something took, and the CPU time that it took of workerd. */
export interface Span {
	readonly milliseconds: number;
	readonly cpuMicros: number;
}

/** One fresh isolate. */
export interface ColdStart {
	/** The isolate is made, the bundle compiled and evaluated: as the Worker is started. */
	readonly evaluation: Span;
	/** Its first request, a read of one row. */
	readonly request: Span;
}

/** Fresh isolates, one after the other, bundle by bundle. */
export async function coldStarts(
	isolates: Isolates,
	bundles: readonly Bundle[],
	rounds: number,
): Promise<ReadonlyMap<string, readonly ColdStart[]>> {
	const samples = new Map<string, ColdStart[]>(bundles.map(({ worker }) => [worker.name, []]));
	for (let round = -WARM_UP; round < rounds; round++) {
		for (const bundle of bundles) {
			const isolate = `cold ${round}`;
			const evaluation = await isolates.ask(bundle, { path: EVALUATED, isolate });
			const request = await isolates.ask(bundle, { path: PATH, isolate });
			if (request.status !== 200) throw new Error(`${bundle.worker.name}: ${request.status}`);
			if (round >= 0) samples.get(bundle.worker.name)?.push({ evaluation, request });
		}
	}
	return samples;
}

/** CPU time in milliseconds; where nothing says it, the whole time. */
export interface BuildTime {
	/** From a config to an app: what `serve` does as the bundle is evaluated, unless it needs the env. */
	readonly make: number;
	/** What the first request does before it is answered. */
	readonly build: number;
}

/**
 * What an app of twenty entities takes in a fresh isolate. Clocks stand still while a Worker computes, so
 * it is measured from outside: a request that builds, less one that does nothing. The bundle is
 * evaluated before; what builds is compiled and run for the first time.
 */
export async function buildTime(
	isolates: Isolates,
	bundle: Bundle,
	rounds: number,
): Promise<BuildTime> {
	const makes: number[] = [];
	const builds: number[] = [];
	for (let round = -WARM_UP; round < rounds; round++) {
		const isolate = `build ${round}`;
		await isolates.ask(bundle, { path: EVALUATED, isolate });
		const nothing = await isolates.ask(bundle, { path: "/nothing", isolate });
		const make = await isolates.ask(bundle, { path: "/make", isolate });
		const build = await isolates.ask(bundle, { path: "/build", isolate });
		if (round < 0) continue;
		makes.push(timeOf(make) - timeOf(nothing));
		builds.push(timeOf(build) - timeOf(nothing));
	}
	return { make: median(makes), build: median(builds) };
}

function timeOf({ milliseconds, cpuMicros }: Span): number {
	return cpuMicros > 0 ? cpuMicros / 1_000 : milliseconds;
}

/** Calls of D1 for a read, a list and an insert, once the app is there. */
export async function roundTrips(
	isolates: Isolates,
	bundle: Bundle,
): Promise<readonly [read: number, list: number, insert: number]> {
	const calls = async (path: string, body?: string): Promise<number> => {
		const question = { path, isolate: "round trips", countsD1: true };
		const { d1Calls } = await isolates.ask(bundle, body ? { ...question, body } : question);
		return d1Calls;
	};
	const { list, insert } = DATA_WORKLOADS;
	await calls(PATH);
	return [await calls(PATH), await calls(list.path), await calls(insert.path, insert.body)];
}

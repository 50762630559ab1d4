import { median } from "../http/statistics.ts";
import { DATA_WORKLOADS } from "../http/workloads.ts";
import type { Bundle } from "./bundle.ts";
import type { Isolates } from "./isolates.ts";

const PATH = "/api/data/entity/posts/7";

/** Isolates before the first that counts, of each bundle. */
const WARM_UP = 2;

/** Milliseconds of the first request, of one fresh isolate after the other, bundle by bundle. */
export async function firstRequests(
	isolates: Isolates,
	bundles: readonly Bundle[],
	rounds: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
	const samples = new Map<string, number[]>(bundles.map(({ worker }) => [worker.name, []]));
	for (let round = -WARM_UP; round < rounds; round++) {
		for (const bundle of bundles) {
			const answer = await isolates.ask(bundle, { path: PATH, isolate: `cold ${round}` });
			if (answer.status !== 200) throw new Error(`${bundle.worker.name}: ${answer.status}`);
			if (round >= 0) samples.get(bundle.worker.name)?.push(answer.milliseconds);
		}
	}
	return samples;
}

/**
 * What building an app of twenty entities takes in a fresh isolate, in milliseconds. Clocks stand
 * still while a Worker computes, so it is measured from outside: an isolate that builds and answers,
 * less one that has evaluated the same bundle and only answers.
 */
export async function buildTime(
	isolates: Isolates,
	bundle: Bundle,
	rounds: number,
): Promise<number> {
	const differences: number[] = [];
	for (let round = -WARM_UP; round < rounds; round++) {
		const isolate = `build ${round}`;
		const bare = await isolates.ask(bundle, { path: "/bare", isolate: `${isolate} bare` });
		const built = await isolates.ask(bundle, { path: "/built", isolate });
		if (round >= 0) differences.push(built.milliseconds - bare.milliseconds);
	}
	return median(differences);
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

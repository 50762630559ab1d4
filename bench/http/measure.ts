import type { Contender } from "./contenders.ts";
import type { LoadGenerator } from "./load.ts";
import { ServerProcess } from "./server-process.ts";
import { median } from "./statistics.ts";
import { verify } from "./verify.ts";
import { OPERATIONS } from "./workloads.ts";
import type { Operation, Workload } from "./workloads.ts";

/** How much is measured. */
export interface Plan {
	readonly generator: LoadGenerator;
	readonly rounds: number;
	/** How often each server is started for its start to be measured; default: once a round. */
	readonly starts?: number;
	/** Seconds of load that count, for each server, operation and round. */
	readonly seconds: number;
	/** Seconds of load before the first round of each operation. */
	readonly warmup: number;
	/** The folder for databases and logs. */
	readonly workspace: string;
	/** Hears what is being done. */
	readonly progress: (line: string) => void;
}

/** One server under one load, once. */
export interface Sample {
	readonly requestsPerSecond: number;
	/** CPU time of the server process for each request. */
	readonly cpuMicros: number;
	/** Resident memory of the server process after the load. */
	readonly rssBytes: number;
}

/** Everything measured of one contender, round by round. */
export interface Measurement {
	readonly contender: Contender;
	readonly startSeconds: number[];
	readonly samples: Record<Operation, Sample[]>;
	/** Requests that the process has answered under load. */
	requests: number;
}

/**
 * Memory under load: the median over the rounds of the last operation, because a single look may
 * come right before or right after a garbage collection.
 */
export function residentBytes({ samples }: Measurement): number {
	const last = OPERATIONS.findLast((operation) => samples[operation].length > 0);
	return median(last === undefined ? [] : samples[last].map(({ rssBytes }) => rssBytes));
}

export type Measurements = ReadonlyMap<string, Measurement>;

/** Starts every contender, proves that it works, and measures all of them side by side. */
export async function measure(contenders: readonly Contender[], plan: Plan): Promise<Measurements> {
	const measurements = new Map<string, Measurement>();
	for (const contender of contenders) {
		const samples = { read: [], list: [], insert: [], sequential: [] };
		measurements.set(contender.name, { contender, startSeconds: [], samples, requests: 0 });
	}
	for (const contender of contenders) {
		plan.progress(`verifying ${contender.name}`);
		await during(contender, plan.workspace, verify);
	}
	await measureStarts(measurements, plan);
	const servers: ServerProcess[] = [];
	try {
		for (const contender of contenders) {
			servers.push(await ServerProcess.start(contender, plan.workspace));
		}
		await measureOperations(servers, measurements, plan);
	} finally {
		await Promise.all(servers.map((server) => server.stop()));
	}
	return measurements;
}

async function during(
	contender: Contender,
	workspace: string,
	use: (server: ServerProcess) => Promise<void> | void,
): Promise<void> {
	const server = await ServerProcess.start(contender, workspace);
	try {
		await use(server);
	} finally {
		await server.stop();
	}
}

/** Later starts only: what a first boot creates and caches is there. */
async function measureStarts(measurements: Measurements, plan: Plan): Promise<void> {
	const starts = plan.starts ?? plan.rounds;
	if (starts > 0) plan.progress(`starting each server ${starts} times`);
	for (let round = 0; round < starts; round++) {
		for (const { contender, startSeconds } of measurements.values()) {
			await during(contender, plan.workspace, (server) => {
				startSeconds.push(server.startSeconds);
			});
		}
	}
}

async function measureOperations(
	servers: readonly ServerProcess[],
	measurements: Measurements,
	plan: Plan,
): Promise<void> {
	for (const operation of OPERATIONS) {
		// Round 0 warms up: it is not counted.
		for (let round = 0; round <= plan.rounds; round++) {
			plan.progress(round === 0 ? `${operation}: warm-up` : `${operation}: round ${round}`);
			for (const server of servers) {
				const workload = server.contender.workloads[operation];
				const measurement = measurements.get(server.contender.name);
				if (workload === undefined || measurement === undefined) continue;
				const seconds = round === 0 ? plan.warmup : plan.seconds;
				const sample = await loadOnce(server, workload, seconds, plan.generator, measurement);
				if (round > 0) measurement.samples[operation].push(sample);
			}
		}
	}
}

async function loadOnce(
	server: ServerProcess,
	workload: Workload,
	seconds: number,
	generator: LoadGenerator,
	measurement: Measurement,
): Promise<Sample> {
	const before = await server.usage();
	const result = await generator.load(server.url, workload, seconds);
	const after = await server.usage();
	if (result.failed > 0 || result.requests === 0) {
		const { name } = server.contender;
		throw new Error(`${name}: ${result.failed} of ${result.requests} requests failed.`);
	}
	measurement.requests += result.requests;
	return {
		requestsPerSecond: result.requests / result.seconds,
		cpuMicros: (after.cpuMicros - before.cpuMicros) / result.requests,
		rssBytes: after.rssBytes,
	};
}

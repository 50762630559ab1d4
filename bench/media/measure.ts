import { execFile } from "node:child_process";
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import type { Contender } from "../http/contenders.ts";
import type { LoadResult } from "../http/load.ts";
import { ServerProcess } from "../http/server-process.ts";
import { fileName } from "./workloads.ts";
import type { FileWorkload } from "./workloads.ts";

const run = promisify(execFile);
/** Larger ones are too few for wrk, which counts what has ended when the time is over. Bytes. */
const WRK_LIMIT = 10_000_000;

/** How much is measured. */
export interface Plan {
	readonly usesWrk: boolean;
	readonly rounds: number;
	readonly seconds: number;
	readonly warmup: number;
	readonly workspace: string;
	readonly progress: (line: string) => void;
}

/** One server under one load, once. */
export interface Sample {
	readonly requestsPerSecond: number;
	readonly cpuMicros: number;
}

/** Samples of each workload, round by round. */
export type Samples = ReadonlyMap<FileWorkload, readonly Sample[]>;

/** A server, and the ETags of the files that it has. */
class FileServer {
	readonly #process: ServerProcess;
	readonly #files: string;
	readonly #etags = new Map<number, string>();

	constructor(process: ServerProcess, files: string) {
		this.#process = process;
		this.#files = files;
	}

	/** Stores a file of each size, and proves that it comes back. @throws Error that says what differs. */
	async prepare(workloads: readonly FileWorkload[]): Promise<void> {
		for (const size of new Set(workloads.map((workload) => workload.size))) {
			const body = "burr ".repeat(size / 5);
			const path = `${this.#process.url}/api/media/upload/${fileName(size)}`;
			const headers = { "content-type": "text/plain" };
			const stored = await fetch(path, { method: "POST", body, headers });
			this.#expect(
				stored.status === 201,
				`an upload was answered ${stored.status}: ${await stored.text()}`,
			);
			const url = `${this.#process.url}/api/media/file/${fileName(size)}`;
			const whole = await fetch(url);
			const etag = whole.headers.get("etag") ?? "";
			this.#expect((await whole.text()) === body, `${size} bytes came back as others`);
			const part = await fetch(url, { headers: { range: "bytes=5-9" } });
			this.#expect(part.status === 206 && (await part.text()) === "burr ", "a range is wrong");
			const known = await fetch(url, { headers: { "if-none-match": etag } });
			this.#expect(known.status === 304, `a known ETag was answered ${known.status}`);
			this.#etags.set(size, etag);
		}
	}

	async load(workload: FileWorkload, { seconds, usesWrk }: Plan): Promise<Sample> {
		const uploaded = Date.now();
		const before = await this.#process.usage();
		const { requests, failed, seconds: took } = await this.#send(workload, seconds, usesWrk);
		const after = await this.#process.usage();
		this.#expect(failed === 0 && requests > 0, `${failed} of ${requests} requests failed`);
		if (workload.kind === "upload") this.#forget(uploaded);
		return {
			requestsPerSecond: requests / took,
			cpuMicros: (after.cpuMicros - before.cpuMicros) / requests,
		};
	}

	stop(): Promise<void> {
		return this.#process.stop();
	}

	async #send(
		{ kind, size, connections }: FileWorkload,
		seconds: number,
		usesWrk: boolean,
	): Promise<LoadResult> {
		const method = kind === "upload" ? "POST" : "GET";
		const path = kind === "upload" ? "/api/media/upload" : `/api/media/file/${fileName(size)}`;
		const etag = kind === "unchanged" ? [this.#etags.get(size) ?? ""] : [];
		const request = [method, path, String(size), ...etag];
		const { url } = this.#process;
		const timeout = (seconds + 60) * 1_000;
		const call = usesWrk && size < WRK_LIMIT ? wrk : node;
		const { stdout } = await call(url, { seconds, connections, request }, timeout);
		const line = stdout.split("\n").find((text) => text.startsWith("COUNTED "));
		if (line === undefined) throw new Error(`Nothing was counted:\n${stdout}`);
		return JSON.parse(line.slice("COUNTED ".length)) as LoadResult;
	}

	/** Takes away what a round has uploaded, so that the disk does not fill. */
	#forget(since: number): void {
		if (!existsSync(this.#files)) return;
		for (const name of readdirSync(this.#files, { recursive: true, encoding: "utf8" })) {
			const path = join(this.#files, name);
			// What wrk has broken off at its end goes meanwhile.
			const stats = statSync(path, { throwIfNoEntry: false });
			if (stats?.isFile() && stats.mtimeMs >= since) rmSync(path, { force: true });
		}
	}

	#expect(holds: boolean, otherwise: string): void {
		if (!holds) throw new Error(`${this.#process.contender.name}: ${otherwise}.`);
	}
}

interface Load {
	readonly seconds: number;
	readonly connections: number;
	readonly request: readonly string[];
}

function wrk(url: string, { seconds, connections, request }: Load, timeout: number) {
	const script = fileURLToPath(new URL("./wrk.lua", import.meta.url));
	const flags = ["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout=20s", "-s", script];
	return run("wrk", [...flags, url, "--", ...request], { timeout });
}

function node(url: string, { seconds, connections, request }: Load, timeout: number) {
	const program = fileURLToPath(new URL("./file-load.ts", import.meta.url));
	const args = [program, url, String(seconds), String(connections), ...request];
	return run(process.execPath, args, { timeout });
}

/** Starts every contender, proves that it works, and measures all of them side by side. */
export async function measure(
	contenders: readonly Contender[],
	workloads: readonly FileWorkload[],
	plan: Plan,
): Promise<ReadonlyMap<string, Samples>> {
	if (contenders.length === 0) return new Map();
	const servers = new Map<string, FileServer>();
	const all = new Map<string, Map<FileWorkload, Sample[]>>();
	try {
		for (const contender of contenders) {
			const { name } = contender;
			const started = await ServerProcess.start(contender, plan.workspace);
			const server = new FileServer(started, join(plan.workspace, name, "files"));
			servers.set(name, server);
			all.set(name, new Map(workloads.map((workload) => [workload, []])));
			await server.prepare(workloads);
		}
		for (const workload of workloads) {
			// Round 0 warms up: it is not counted.
			for (let round = 0; round <= plan.rounds; round++) {
				plan.progress(
					round === 0 ? `${workload.name}: warm-up` : `${workload.name}: round ${round}`,
				);
				for (const [name, server] of servers) {
					const seconds = round === 0 ? plan.warmup : plan.seconds;
					const sample = await server.load(workload, { ...plan, seconds });
					if (round > 0) all.get(name)?.get(workload)?.push(sample);
				}
			}
		}
	} finally {
		await Promise.all([...servers.values()].map((server) => server.stop()));
	}
	return all;
}

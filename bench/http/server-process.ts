import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";

import type { Contender } from "./contenders.ts";
import { createPosts } from "./posts.ts";
import type { Usage } from "./servers/process-side.ts";

const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 15_000;
const USAGE_DEADLINE_MS = 5_000;
const POLL_MS = 2;

/** A port of the loopback address that was free a moment ago. */
async function freePort(): Promise<number> {
	const probe = createServer().listen(0, "127.0.0.1");
	await once(probe, "listening");
	const { port } = probe.address() as AddressInfo;
	probe.close();
	await once(probe, "close");
	return port;
}

/** The status of one GET, or undefined when nobody listens yet. */
function statusOf(url: string): Promise<number | undefined> {
	return new Promise((resolve) => {
		const outgoing = request(url, { agent: false, timeout: 1_000 }, (response) => {
			response.resume();
			resolve(response.statusCode);
		});
		outgoing.on("timeout", () => outgoing.destroy());
		outgoing.on("error", () => resolve(undefined));
		outgoing.end();
	});
}

/** A contender that runs in a process of its own, in its own folder below `workspace`. */
export class ServerProcess {
	readonly contender: Contender;
	readonly url: string;
	/** Seconds from the start of the process to its first answer with 200. */
	readonly startSeconds: number;
	readonly #child: ChildProcess;

	private constructor(contender: Contender, child: ChildProcess, url: string, seconds: number) {
		this.contender = contender;
		this.url = url;
		this.startSeconds = seconds;
		this.#child = child;
	}

	/**
	 * Starts a contender and waits for its first 200.
	 *
	 * @throws Error with the end of the server's own error output, when it exits or stays silent.
	 */
	static async start(contender: Contender, workspace: string): Promise<ServerProcess> {
		const folder = join(workspace, contender.name);
		const database = join(folder, "posts.db");
		mkdirSync(folder, { recursive: true });
		if (contender.database === "given" && !existsSync(database)) createPosts(database);
		const port = await freePort();
		const log = join(folder, "stderr.log");
		const errors = openSync(log, "a");
		const started = performance.now();
		const child = fork(contender.program, [...contender.args], {
			cwd: folder,
			env: { ...process.env, PORT: String(port), BENCH_DATABASE: database, NODE_ENV: "production" },
			// The same for all, and nothing that changes how they run.
			execArgv: ["--disable-warning=ExperimentalWarning"],
			stdio: ["ignore", "ignore", errors, "ipc"],
		});
		closeSync(errors);
		const url = `http://127.0.0.1:${port}`;
		try {
			await firstAnswer(child, url + contender.readyPath, started + START_DEADLINE_MS);
		} catch (error) {
			child.kill("SIGKILL");
			const output = readFileSync(log, "utf8").slice(-2_000);
			throw new Error(`${contender.name} did not start.\n${output}`, { cause: error });
		}
		return new ServerProcess(contender, child, url, (performance.now() - started) / 1_000);
	}

	/** What the process has used since it started. */
	async usage(): Promise<Usage> {
		const answer = once(this.#child, "message", { signal: AbortSignal.timeout(USAGE_DEADLINE_MS) });
		this.#child.send("usage");
		const [usage] = (await answer) as [Usage];
		return usage;
	}

	/** Asks the process to end, and makes it when it does not. */
	async stop(): Promise<void> {
		if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
		const ended = once(this.#child, "exit");
		this.#child.kill("SIGTERM");
		const insist = setTimeout(() => this.#child.kill("SIGKILL"), STOP_DEADLINE_MS);
		await ended;
		clearTimeout(insist);
	}
}

async function firstAnswer(child: ChildProcess, url: string, deadline: number): Promise<void> {
	while (performance.now() < deadline) {
		if ((await statusOf(url)) === 200) return;
		if (child.exitCode !== null) throw new Error(`It exited with code ${child.exitCode}.`);
		await pause(POLL_MS);
	}
	throw new Error(`No 200 from ${url} within ${START_DEADLINE_MS} ms.`);
}

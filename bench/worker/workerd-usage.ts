import { readdirSync, readFileSync } from "node:fs";

import type { Usage } from "../http/servers/process-side.ts";

/** Of the kernel's accounting, on every Linux. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;

/** The fields of `/proc/<pid>/stat` behind the name, which may hold anything. */
function statOf(pid: string): readonly string[] {
	const text = readFileSync(`/proc/${pid}/stat`, "utf8");
	return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

/**
 * The workerd that the Miniflare of this process has started: the Worker, D1 and Miniflare's own
 * Workers. Only Linux says what it uses; elsewhere everything is 0.
 */
export class WorkerdUsage {
	readonly #pid: string | undefined;

	constructor() {
		const pids = process.platform === "linux" ? readdirSync("/proc") : [];
		this.#pid = pids.find((pid) => /^\d+$/.test(pid) && isOurWorkerd(pid));
	}

	/** Since it started, with threads that have ended; in steps of 10 ms. */
	total(): Usage {
		if (this.#pid === undefined) return { cpuMicros: 0, rssBytes: 0 };
		const stat = statOf(this.#pid);
		const ticks = Number(stat[11]) + Number(stat[12]);
		const rssBytes = Number(stat[21]) * PAGE_BYTES;
		return { cpuMicros: (ticks / TICKS_PER_SECOND) * 1e6, rssBytes };
	}

	/** CPU time of its threads, in microseconds and exactly. */
	threadMicros(): number {
		if (this.#pid === undefined) return 0;
		const folder = `/proc/${this.#pid}/task`;
		const nanoseconds = readdirSync(folder).map((thread) => timeOfThread(`${folder}/${thread}`));
		return nanoseconds.reduce((sum, one) => sum + one, 0) / 1_000;
	}
}

function isOurWorkerd(pid: string): boolean {
	try {
		const name = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
		return name === "workerd" && statOf(pid)[1] === String(process.pid);
	} catch {
		return false;
	}
}

function timeOfThread(folder: string): number {
	try {
		return Number(readFileSync(`${folder}/schedstat`, "utf8").split(" ")[0]);
	} catch {
		return 0; // It has ended meanwhile.
	}
}

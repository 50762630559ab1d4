import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import type { Workload } from "./workloads.ts";

const run = promisify(execFile);

/** What a load generator counted. */
export interface LoadResult {
	readonly requests: number;
	readonly seconds: number;
	/** Requests that were not answered with a 2xx or 3xx. */
	readonly failed: number;
}

/** A program that keeps a server busy from another process. */
export interface LoadGenerator {
	/** For people: name and version. */
	readonly title: string;
	/** Sends one workload to the server at `url` for some seconds. */
	load(url: string, workload: Workload, seconds: number): Promise<LoadResult>;
}

function pathOf(relative: string): string {
	return fileURLToPath(new URL(relative, import.meta.url));
}

async function counted(program: string, args: string[], seconds: number): Promise<LoadResult> {
	const { stdout } = await run(program, args, { timeout: (seconds + 20) * 1_000 });
	const line = stdout.split("\n").find((text) => text.startsWith("COUNTED "));
	if (line === undefined) throw new Error(`${program} counted nothing:\n${stdout}`);
	return JSON.parse(line.slice("COUNTED ".length)) as LoadResult;
}

function wrk(version: string): LoadGenerator {
	return {
		title: `wrk ${version} with 16 connections`,
		load(url, { method, path, ids, body, connections }, seconds) {
			const flags = ["-t1", `-c${connections}`, `-d${seconds}s`, "-s", pathOf("./wrk.lua")];
			return counted("wrk", [...flags, url, "--", method, path, String(ids), body], seconds);
		},
	};
}

function builtIn(): LoadGenerator {
	const program = pathOf("./node-load.ts");
	return {
		title: "node:http with 16 connections",
		load(url, { method, path, ids, body, connections }, seconds) {
			const args = [program, url, seconds, connections, method, path, ids, body];
			return counted(process.execPath, args.map(String), seconds);
		},
	};
}

/** wrk when it is installed (and `wish` allows it), else the generator of this folder. */
export async function loadGenerator(wish: "wrk" | "node" | "any"): Promise<LoadGenerator> {
	if (wish === "node") return builtIn();
	// `wrk -v` exits with 1.
	const output = await run("wrk", ["-v"]).catch((error: { stdout?: string }) => error);
	const version = /^wrk (?:\w+\/)?(\S+)/.exec(output.stdout ?? "")?.[1];
	if (version !== undefined) return wrk(version);
	if (wish === "wrk") throw new Error("wrk is not installed. Hint: apt-get install wrk");
	return builtIn();
}

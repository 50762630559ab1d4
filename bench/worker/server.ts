// One contender under Miniflare, as a process of its own that the harness of ../http starts.
// Arguments: path of the bundle, compatibility flags joined by commas.

import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

import { serverSettings } from "../http/servers/process-side.ts";
import type { Usage } from "../http/servers/process-side.ts";
import { fillDatabase } from "./database.ts";
import { startMiniflare } from "./miniflare.ts";

/** Of the kernel's accounting, on every Linux. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;

/** The fields of `/proc/<pid>/stat` behind the name, which may hold anything. */
function statOf(pid: string): readonly string[] {
	const text = readFileSync(`/proc/${pid}/stat`, "utf8");
	return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

function isOurWorkerd(pid: string): boolean {
	try {
		const name = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
		return name === "workerd" && statOf(pid)[1] === String(process.pid);
	} catch {
		return false;
	}
}

/** What workerd has used: the Worker, D1 and Miniflare's own Workers. Nothing but Linux says it. */
function usageOfWorkerd(): Usage {
	if (process.platform !== "linux") return { cpuMicros: 0, rssBytes: 0 };
	const pid = readdirSync("/proc").find((name) => /^\d+$/.test(name) && isOurWorkerd(name));
	if (pid === undefined) return { cpuMicros: 0, rssBytes: 0 };
	const stat = statOf(pid);
	const ticks = Number(stat[11]) + Number(stat[12]);
	return {
		cpuMicros: (ticks / TICKS_PER_SECOND) * 1e6,
		rssBytes: Number(stat[21]) * PAGE_BYTES,
	};
}

const [file = "", flags = ""] = process.argv.slice(2);
const settings = serverSettings();
const miniflare = await startMiniflare({
	port: settings.port,
	folder: dirname(settings.file),
	script: readFileSync(file, "utf8"),
	compatibilityFlags: flags === "" ? [] : flags.split(","),
});
await fillDatabase(miniflare);

async function stop(): Promise<never> {
	await miniflare.dispose();
	process.exit();
}

process.on("message", (message) => {
	if (message === "usage") process.send?.(usageOfWorkerd());
});
process.on("SIGTERM", () => void stop());
process.on("disconnect", () => void stop());

// One contender under Miniflare, as a process of its own that the harness of ../http starts.
// Arguments: path of the bundle, compatibility flags joined by commas.

import { readFileSync } from "node:fs";
import { dirname } from "node:path";

import { serverSettings } from "../http/servers/process-side.ts";
import { fillDatabase } from "./database.ts";
import { startMiniflare } from "./miniflare.ts";
import { WorkerdUsage } from "./workerd-usage.ts";

const [file = "", flags = ""] = process.argv.slice(2);
const settings = serverSettings();
let workerd: WorkerdUsage | undefined;

// Before anything is awaited: the harness may ask as soon as a request is answered.
process.on("message", (message) => {
	if (message !== "usage") return;
	workerd ??= new WorkerdUsage();
	process.send?.(workerd.total());
});

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

process.on("SIGTERM", () => void stop());
process.on("disconnect", () => void stop());

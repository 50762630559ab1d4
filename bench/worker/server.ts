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
const miniflare = await startMiniflare({
	port: settings.port,
	folder: dirname(settings.file),
	script: readFileSync(file, "utf8"),
	compatibilityFlags: flags === "" ? [] : flags.split(","),
});
await fillDatabase(miniflare);
const workerd = new WorkerdUsage();

async function stop(): Promise<never> {
	await miniflare.dispose();
	process.exit();
}

process.on("message", (message) => {
	if (message === "usage") process.send?.(workerd.total());
});
process.on("SIGTERM", () => void stop());
process.on("disconnect", () => void stop());

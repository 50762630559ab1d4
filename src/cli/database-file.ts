import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Config } from "../app/config.ts";
import { DEFAULT_URL } from "../runtime/node/platform.ts";

/** The file of the config's database, absolute; undefined when it is not a file of this machine. */
export function databaseFile(connection: Config["connection"]): string | undefined {
	if (connection !== undefined && "batch" in connection) return undefined;
	const { url = DEFAULT_URL } = connection ?? {};
	if (!/^file:/i.test(url)) return undefined;
	try {
		return url.startsWith("file:/")
			? fileURLToPath(url)
			: resolve(decodeURIComponent(url.slice("file:".length)));
	} catch {
		return undefined;
	}
}

import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { environment } from "./installed-package.ts";

const COMPAT = fileURLToPath(new URL("../../compat/", import.meta.url));
const UNREACHABLE =
	/\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|ERR_SOCKET_TIMEOUT)\b/;

/**
 * Installs what the lock of a package in `compat/` says, unless it is there already. Resolves to its
 * folder, or to undefined when the registry cannot be reached. Throws with npm's output when it cannot
 * be installed otherwise.
 */
export async function installCompatPackage(name: string): Promise<string | undefined> {
	const folder = join(COMPAT, name);
	const lock = readFileSync(join(folder, "package-lock.json"), "utf8");
	const stamp = join(folder, "node_modules/.installed-lock.json");
	if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return folder;
	const flags = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
	// Where nothing answers, the tests need not wait for a minute to know it.
	const args = ["ci", ...flags, "--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=2000"];
	try {
		await promisify(execFile)("npm", args, { cwd: folder, env: environment() });
	} catch (error) {
		const { stderr = "" } = error as { readonly stderr?: string };
		if (UNREACHABLE.test(stderr)) return undefined;
		throw new Error(`compat/${name} cannot be installed:\n${stderr}`, { cause: error });
	}
	writeFileSync(stamp, lock);
	return folder;
}

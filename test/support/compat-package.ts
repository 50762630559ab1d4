import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { environment } from "./installed-package.ts";

const UNREACHABLE =
	/\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|ERR_SOCKET_TIMEOUT)\b/;

/**
 * Installs what the lock of a package in `compat/` says, unless it is there already; false when the
 * registry cannot be reached. Throws with npm's output when it cannot be installed otherwise.
 *
 * @param folder Its path, with a slash at the end.
 */
export async function installCompat(folder: string): Promise<boolean> {
	const lock = readFileSync(`${folder}package-lock.json`, "utf8");
	const stamp = `${folder}node_modules/.installed-lock.json`;
	if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return true;
	const flags = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
	// Where nothing answers, the tests have not to wait for a minute to know it.
	const args = ["ci", ...flags, "--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=2000"];
	try {
		await promisify(execFile)("npm", args, { cwd: folder, env: environment() });
	} catch (error) {
		const { stderr = "" } = error as { readonly stderr?: string };
		if (UNREACHABLE.test(stderr)) return false;
		throw new Error(`${folder} cannot be installed:\n${stderr}`, { cause: error });
	}
	writeFileSync(stamp, lock);
	return true;
}

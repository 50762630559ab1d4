import { CliError } from "./cli-error.ts";
import { inRange } from "./doctor/in-range.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { ownManifest } from "./own-manifest.ts";
import { reportFailure } from "./report-failure.ts";
import { Terminal } from "./terminal.ts";

/**
 * Says so, and is true, when Node is too old for Burdock. It is asked before the rest of the command
 * line is imported, of which an old Node may lack what a module imports.
 */
export function refuseOldNode(): boolean {
	const { node: range } = ownManifest().engines;
	const { node: version } = process.versions;
	if (inRange(version, range)) return false;
	const error = new CliError(`Burdock needs Node.js ${range}; this is ${version}.`, {
		hint: "Install a later one: nodejs.org",
	});
	reportFailure(error, new Terminal());
	process.exitCode = EXIT_CODES.failure;
	return true;
}

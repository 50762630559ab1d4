import * as nodeModule from "node:module";
import { localCopy } from "./local-copy.ts";
import { refuseOldNode } from "./refuse-old-node.ts";

// Before anything else is imported: code that was compiled once starts faster the next time.
// A Node that is too old has no such cache, and has yet to be told so.
nodeModule.enableCompileCache?.();

// A reader such as `head` that has seen enough is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
	if (error.code === "EPIPE") process.exit(0);
	throw error;
});

const other = localCopy(process.cwd());
if (other !== undefined) {
	await import(other);
} else if (!refuseOldNode()) {
	const [{ runCli }, { endProcess }] = await Promise.all([
		import("./cli.ts"),
		import("./end-process.ts"),
	]);
	const code = await runCli(process.argv.slice(2));
	if (code !== undefined) endProcess(code);
}

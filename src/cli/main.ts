import * as nodeModule from "node:module";
import { localCopy } from "./local-copy.ts";

// Before anything else is imported: code that was compiled once starts faster the next time.
// Node 20 has no such cache, and all else that is needed here.
nodeModule.enableCompileCache?.();

// A reader such as `head` that has seen enough is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
	if (error.code === "EPIPE") process.exit(0);
	throw error;
});

const other = localCopy(process.cwd());
if (other === undefined) {
	const { runCli } = await import("./cli.ts");
	process.exitCode = await runCli(process.argv.slice(2));
} else {
	await import(other);
}

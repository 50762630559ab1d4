import type { CliError } from "./cli-error.ts";
import type { Terminal } from "./terminal.ts";

/** Prints a failure: a line of what, a line of what to do, and the stack if it is asked for. */
export function reportFailure(
	error: CliError,
	terminal: Terminal,
	{ verbose = false }: { readonly verbose?: boolean } = {},
): void {
	const { errorPaint: paint } = terminal;
	terminal.printError(`${paint.red("error:")} ${error.message}`);
	if (error.hint !== undefined) terminal.printError(`${paint.dim("hint:")}  ${error.hint}`);
	if (!verbose) return;
	const { cause = error } = error;
	terminal.printError(paint.dim(cause instanceof Error ? (cause.stack ?? "") : String(cause)));
}

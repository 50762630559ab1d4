import type { ExitName } from "./exit-codes.ts";

/** Everything about a {@link CliError} beyond its message. */
export interface CliErrorOptions {
	/** What to do about it: one sentence. */
	readonly hint?: string | undefined;
	/** Default: `"failure"`. */
	readonly exit?: ExitName;
	readonly cause?: unknown;
}

/** A failure as the person at the terminal should see it: what, what to do, and the exit code. */
export class CliError extends Error {
	readonly hint: string | undefined;
	readonly exit: ExitName;

	constructor(message: string, { hint, exit = "failure", cause }: CliErrorOptions = {}) {
		super(message, cause === undefined ? undefined : { cause });
		this.hint = hint;
		this.exit = exit;
	}

	override get name(): string {
		return "CliError";
	}
}

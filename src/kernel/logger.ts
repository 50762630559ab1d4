/** How much a log line matters, ascending. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** All levels, ascending. */
export const LOG_LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** Facts of one log line; values must be JSON, an `Error` under `error` is written with its stack. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Where log lines go. A message is a constant sentence, what varies is in the fields.
 *
 * @example
 * ```ts
 * logger.child({ requestId }).warn("A listener failed.", { listener: "audit", error });
 * ```
 */
export interface Logger {
	debug(message: string, fields?: LogFields): void;
	info(message: string, fields?: LogFields): void;
	warn(message: string, fields?: LogFields): void;
	error(message: string, fields?: LogFields): void;
	/** A logger whose every line carries these fields as well. */
	child(fields: LogFields): Logger;
}

/** Drops every line. */
export const silentLogger: Logger = {
	debug() {},
	info() {},
	warn() {},
	error() {},
	child: () => silentLogger,
};

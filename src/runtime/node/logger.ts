import { isatty } from "node:tty";
import { LOG_LEVELS, type LogFields, type Logger, type LogLevel } from "../../kernel/logger.ts";
import { nearest } from "../../kernel/nearest.ts";
import { nodeErrors } from "./errors.ts";
import { JsonLines } from "../../kernel/json-lines.ts";
import type { LineFormat, LogLine } from "../../kernel/line-format.ts";
import { LogSink } from "./log-sink.ts";
import { Paint, wantsColours } from "./paint.ts";
import { PrettyLines } from "./pretty-lines.ts";

/** How a {@link NodeLogger} writes. */
export interface LoggerOptions {
	/** The least level that is written. Default: `LOG_LEVEL` of the environment, else `"info"`. */
	readonly level?: LogLevel;
	/** Default: `"pretty"` on a terminal, else `"json"`. */
	readonly format?: "pretty" | "json";
	/** The file descriptor that lines are written to; default 1, the standard output. */
	readonly fd?: number;
	/** Whether other processes write there, too: then what is written at once is small enough to stay whole. Default: false. */
	readonly shared?: boolean;
	/** Settings: `LOG_LEVEL`, `NO_COLOR`, `FORCE_COLOR`. Default: `process.env`. */
	readonly env?: Readonly<Record<string, unknown>>;
}

/** A logger on Node. Its lines are gathered for up to 50 ms; `flush` writes them now. */
export interface NodeLogger extends Logger {
	child(fields: LogFields): NodeLogger;
	/** Writes everything that was logged so far, synchronously. */
	flush(): void;
}

/**
 * Makes a logger: lines for people on a terminal, JSON lines otherwise. A call costs the making of
 * one string; lines are written in chunks, and what is left when the process exits.
 *
 * Values of fields named like a secret (`authorization`, `cookie`, `token`, `password`, `secret`,
 * also at the end of a longer name) are masked; control characters are made visible.
 *
 * @throws AppError `setting_invalid` for a level that does not exist.
 *
 * @example
 * ```ts
 * const logger = createLogger({ level: "debug" });
 * logger.info("Imported.", { rows: 20 });
 * logger.flush();
 * ```
 */
export function createLogger(options: LoggerOptions = {}): NodeLogger {
	const { fd = 1, env = process.env, shared } = options;
	const level = options.level ?? levelOf(env["LOG_LEVEL"]);
	const terminal = { isTTY: isatty(fd) };
	const format = options.format ?? (terminal.isTTY ? "pretty" : "json");
	const lines =
		format === "json"
			? new JsonLines()
			: new PrettyLines(new Paint({ colours: wantsColours(terminal, env) }));
	const sink = new LogSink<Line>(
		fd,
		(line) => (typeof line === "string" ? line : lines.line(line)),
		shared === true ? "shared" : "own",
	);
	return new LineLogger(sink, lines, LOG_LEVELS.indexOf(level), {});
}

/** A line, or its text already. */
type Line = LogLine | string;

class LineLogger implements NodeLogger {
	readonly #sink: LogSink<Line>;
	readonly #format: LineFormat;
	readonly #least: number;
	readonly #fields: LogFields;
	/** Made at the first line: most children of a request log nothing. */
	#carried: string | undefined;

	constructor(sink: LogSink<Line>, format: LineFormat, least: number, fields: LogFields) {
		this.#sink = sink;
		this.#format = format;
		this.#least = least;
		this.#fields = fields;
	}

	debug(message: string, fields?: LogFields): void {
		if (this.#least <= 0) this.#write("debug", message, fields);
	}

	info(message: string, fields?: LogFields): void {
		if (this.#least <= 1) this.#write("info", message, fields);
	}

	warn(message: string, fields?: LogFields): void {
		if (this.#least <= 2) this.#write("warn", message, fields);
	}

	error(message: string, fields?: LogFields): void {
		this.#write("error", message, fields);
	}

	child(fields: LogFields): NodeLogger {
		return new LineLogger(this.#sink, this.#format, this.#least, { ...this.#fields, ...fields });
	}

	flush(): void {
		this.#sink.close();
	}

	#write(level: LogLevel, message: string, fields: LogFields | undefined): void {
		const carried = this.#carriedBeside(fields);
		const line = { time: Date.now(), level, message, carried, fields: fields && { ...fields } };
		// What an object says may be another thing by the time that the line becomes text.
		this.#sink.write(fields && holdsObject(fields) ? this.#format.line(line) : line);
	}

	/** No name stands twice in a line: the line's own field wins. */
	#carriedBeside(fields: LogFields | undefined): string {
		for (const name in this.#fields) {
			if (fields === undefined || fields[name] === undefined) continue;
			const others = Object.entries(this.#fields).filter(([key]) => fields[key] === undefined);
			return this.#format.fields(Object.fromEntries(others));
		}
		return (this.#carried ??= this.#format.fields(this.#fields));
	}
}

function holdsObject(fields: LogFields): boolean {
	for (const name in fields) {
		const value = fields[name];
		if (typeof value === "object" && value !== null) return true;
	}
	return false;
}

function levelOf(text: unknown): LogLevel {
	if (text === undefined || text === "") return "info";
	const level = LOG_LEVELS.find((known) => known === String(text).toLowerCase());
	if (level !== undefined) return level;
	const guess = nearest(String(text), LOG_LEVELS);
	throw nodeErrors.create(
		"setting_invalid",
		{ setting: "LOG_LEVEL", value: String(text), expected: LOG_LEVELS.join(", ") },
		{ details: { hint: `Set LOG_LEVEL to ${guess ?? "info"}.` } },
	);
}

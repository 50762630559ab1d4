import type { LogFields, Logger, LogLevel } from "../../src/kernel/logger.ts";

/** A line of a {@link LogRecorder}. */
export interface LogLine {
	readonly level: LogLevel;
	readonly message: string;
	readonly fields: LogFields;
}

/** Keeps log lines for a test to look at. */
export class LogRecorder implements Logger {
	readonly lines: LogLine[];
	readonly #fields: LogFields;

	constructor(lines: LogLine[] = [], fields: LogFields = {}) {
		this.lines = lines;
		this.#fields = fields;
	}

	debug(message: string, fields?: LogFields): void {
		this.#add("debug", message, fields);
	}

	info(message: string, fields?: LogFields): void {
		this.#add("info", message, fields);
	}

	warn(message: string, fields?: LogFields): void {
		this.#add("warn", message, fields);
	}

	error(message: string, fields?: LogFields): void {
		this.#add("error", message, fields);
	}

	child(fields: LogFields): Logger {
		return new LogRecorder(this.lines, { ...this.#fields, ...fields });
	}

	/** The lines of one level. */
	of(level: LogLevel): readonly LogLine[] {
		return this.lines.filter((line) => line.level === level);
	}

	#add(level: LogLevel, message: string, fields: LogFields = {}): void {
		this.lines.push({ level, message, fields: { ...this.#fields, ...fields } });
	}
}

import type { LogFields, LogLevel } from "./logger.ts";

/** One log line before it is text. */
export interface LogLine {
	/** Milliseconds since the Unix epoch. */
	readonly time: number;
	readonly level: LogLevel;
	readonly message: string;
	/** What {@link LineFormat.fields} made of the fields that all lines of this logger carry. */
	readonly carried: string;
	readonly fields: LogFields | undefined;
}

/** How log lines look. */
export interface LineFormat {
	/** The text of fields, made once for all lines that carry them. */
	fields(fields: LogFields): string;
	/** The whole line, with its line break. */
	line(line: LogLine): string;
}

import type { Logger } from "../../src/kernel/logger.ts";

/** One line that an app logged. */
export interface LogLine {
	readonly level: "debug" | "info" | "warn" | "error";
	readonly message: string;
	readonly fields: Readonly<Record<string, unknown>>;
}

/** A logger that keeps its lines instead of writing them. */
export function recordingLogger(lines: LogLine[], bound: LogLine["fields"] = {}): Logger {
	const at =
		(level: LogLine["level"]): Logger["info"] =>
		(message, fields = {}) => {
			lines.push({ level, message, fields: { ...bound, ...fields } });
		};
	return {
		debug: at("debug"),
		info: at("info"),
		warn: at("warn"),
		error: at("error"),
		child: (fields) => recordingLogger(lines, { ...bound, ...fields }),
	};
}

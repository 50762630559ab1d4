import { JsonLines } from "../../kernel/json-lines.ts";
import { LOG_LEVELS, type LogFields, type Logger, type LogLevel } from "../../kernel/logger.ts";

const DEFAULT_LEVEL = LOG_LEVELS.indexOf("info");

/**
 * A logger for Workers: one JSON object a line, on the console's method of its level, as Workers Logs
 * and `wrangler tail` read them. Secrets are masked, see `createLogger` of `burdock/node`.
 */
export class ConsoleLogger implements Logger {
	readonly #level: () => unknown;
	readonly #lines: JsonLines;
	readonly #fields: LogFields;

	/**
	 * @param level Asked at each line for the least level that is written, as settings belong to
	 * requests. Default, and for what is no level: `"info"`.
	 */
	constructor(level: () => unknown, lines = new JsonLines(), fields: LogFields = {}) {
		this.#level = level;
		this.#lines = lines;
		this.#fields = fields;
	}

	debug(message: string, fields?: LogFields): void {
		this.#write("debug", message, fields);
	}

	info(message: string, fields?: LogFields): void {
		this.#write("info", message, fields);
	}

	warn(message: string, fields?: LogFields): void {
		this.#write("warn", message, fields);
	}

	error(message: string, fields?: LogFields): void {
		this.#write("error", message, fields);
	}

	child(fields: LogFields): ConsoleLogger {
		return new ConsoleLogger(this.#level, this.#lines, { ...this.#fields, ...fields });
	}

	#write(level: LogLevel, message: string, fields: LogFields | undefined): void {
		const least = LOG_LEVELS.indexOf(String(this.#level()).toLowerCase() as LogLevel);
		if (LOG_LEVELS.indexOf(level) < (least < 0 ? DEFAULT_LEVEL : least)) return;
		const all = { ...this.#fields, ...fields };
		const line = { time: Date.now(), level, message, carried: "", fields: all };
		console[level](this.#lines.line(line).trimEnd());
	}
}

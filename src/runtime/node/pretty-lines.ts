import type { LogFields, LogLevel } from "../../kernel/logger.ts";
import type { LineFormat, LogLine } from "../../kernel/line-format.ts";
import { isSecret, logValue, MASKED, printable } from "../../kernel/log-value.ts";
import type { Paint } from "./paint.ts";
import { timeOfDay } from "./time-of-day.ts";

const INDENT = "         ";
const MAX_CAUSES = 5;

/**
 * Lines for people: the time of day, the level unless it is info, the message, then the fields; an
 * error with its stack and causes below. A request is as short as `GET /api/data/entity/posts 200 3 ms`.
 */
export class PrettyLines implements LineFormat {
	readonly #paint: Paint;

	constructor(paint: Paint) {
		this.#paint = paint;
	}

	fields(fields: LogFields): string {
		let text = "";
		for (const [name, value] of Object.entries(fields)) {
			if (value === undefined || value instanceof Error) continue;
			text += ` ${this.#paint.dim(`${printable(name)}=`)}${readable(name, value)}`;
		}
		return text;
	}

	line({ time, level, message, carried, fields = {} }: LogLine): string {
		const start = `${this.#paint.dim(timeOfDay(time))}${this.#label(level)}`;
		const request = this.#request(fields);
		if (request !== undefined) return `${start} ${request}\n`;
		const errors = Object.values(fields).filter((value) => value instanceof Error);
		const stacks = errors.map((error) => this.#stack(error)).join("");
		return `${start} ${printable(message)}${this.fields(fields)}${carried}\n${stacks}`;
	}

	#label(level: LogLevel): string {
		switch (level) {
			case "error":
				return ` ${this.#paint.red(level)}`;
			case "warn":
				return ` ${this.#paint.yellow(level)}`;
			case "debug":
				return ` ${this.#paint.dim(level)}`;
			default:
				return "";
		}
	}

	#request({ method, path, status, ms, error }: LogFields): string | undefined {
		if (typeof method !== "string" || typeof path !== "string") return undefined;
		if (typeof status !== "number" || error !== undefined) return undefined;
		const took = typeof ms === "number" ? this.#paint.dim(` ${shortly(ms)} ms`) : "";
		return `${printable(method)} ${printable(path)} ${this.#status(status)}${took}`;
	}

	#status(status: number): string {
		if (status >= 500) return this.#paint.red(String(status));
		if (status >= 400) return this.#paint.yellow(String(status));
		return status >= 300 ? this.#paint.cyan(String(status)) : this.#paint.green(String(status));
	}

	#stack(error: Error): string {
		let text = "";
		let current: unknown = error;
		for (let depth = 0; depth < MAX_CAUSES && current instanceof Error; depth++) {
			const stack = current.stack ?? `${current.name}: ${current.message}`;
			const [head = "", ...frames] = (depth > 0 ? `caused by ${stack}` : stack).split("\n");
			text += `${INDENT}${this.#paint.red(printable(head))}\n`;
			for (const frame of frames) text += `${INDENT}${this.#paint.dim(printable(frame))}\n`;
			current = current.cause;
		}
		return text;
	}
}

function readable(name: string, value: unknown): string {
	const json = isSecret(name) ? MASKED : logValue(value);
	return typeof value === "string" && /^"[\w./:@+-]+"$/.test(json) ? json.slice(1, -1) : json;
}

function shortly(milliseconds: number): string {
	return milliseconds < 10 ? String(Math.round(milliseconds * 10) / 10) : milliseconds.toFixed(0);
}

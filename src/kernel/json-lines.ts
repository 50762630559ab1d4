import type { LogFields } from "./logger.ts";
import type { LineFormat, LogLine } from "./line-format.ts";
import { isSecret, logValue, MASKED, quoted } from "./log-value.ts";

/** What every line has; a field of one of these names gets an underscore in front. */
const OWN: ReadonlySet<string> = new Set(["time", "level", "msg"]);

/** A field's name as it stands in a line: `,"name":`. */
interface Key {
	readonly text: string;
	readonly secret: boolean;
}

/**
 * One JSON object a line, for log collectors: `time` (ISO 8601, UTC), `level`, `msg`, then the
 * fields. An error is an object of name, message, code, stack and cause.
 */
export class JsonLines implements LineFormat {
	/** Names are few; a wild use of them only empties it now and then. */
	readonly #keys = new Map<string, Key>();
	#second = Number.NaN;
	#secondText = "";

	fields(fields: LogFields): string {
		let text = "";
		for (const name in fields) {
			const value = fields[name];
			if (value === undefined) continue;
			const { text: key, secret } = this.#key(name);
			text += key + (secret && value !== null ? MASKED : logValue(value));
		}
		return text;
	}

	line({ time, level, message, carried, fields }: LogLine): string {
		const own = fields === undefined ? "" : this.fields(fields);
		return `{"time":"${this.#isoOf(time)}","level":"${level}","msg":${quoted(message)}${carried}${own}}\n`;
	}

	#key(name: string): Key {
		let key = this.#keys.get(name);
		if (key === undefined) {
			if (this.#keys.size > 500) this.#keys.clear();
			const text = `,${quoted(OWN.has(name) ? `_${name}` : name)}:`;
			key = { text, secret: isSecret(name) };
			this.#keys.set(name, key);
		}
		return key;
	}

	/** Most lines share their second with the one before. */
	#isoOf(time: number): string {
		const second = Math.floor(time / 1000);
		if (second !== this.#second) {
			this.#second = second;
			this.#secondText = new Date(second * 1000).toISOString().slice(0, 20);
		}
		return `${this.#secondText}${String(time - second * 1000).padStart(3, "0")}Z`;
	}
}

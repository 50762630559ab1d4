import { isRequest, isResponse } from "../kernel/web-object.ts";
import { REDACTED, redactUrl } from "./redact-url.ts";
import type { Redact } from "./redact-url.ts";

const MAX_DEPTH = 16;
const MAX_NODES = 10_000;
const TRUNCATED = "[truncated]";

/**
 * A deep and frozen copy of a value as plain data, whatever the value is: it never throws.
 *
 * Dates and bigints stay what they are. A Map becomes an object, a Set an array; what has a `toJSON`
 * becomes its result, a Request `{ method, url }`, a Response `{ status }`, an Error `{ name, message,
 * code }`, bytes a short description, any other instance its own properties. Functions and symbols
 * are left out, cycles cut, and what is over 16 levels deep or beyond 10 000 values is `"[truncated]"`.
 *
 * The URL of a Request is without user and password.
 *
 * @param redact says which names have values that become `"[redacted]"`, wherever they are, also in
 * the URL of a Request.
 * @param told what becomes of a text.
 */
export function snapshot(
	value: unknown,
	redact: Redact = () => false,
	told: (text: string) => string = same,
): unknown {
	return new Copier(redact, told, MAX_NODES).copy(value);
}

/** A copy of a snapshot, with dates of its own: those can't be frozen. */
export function copySnapshot<T>(value: T): T {
	return new Copier(() => false, same, Infinity).copy(value) as T;
}

/** One copy that is being made. */
class Copier {
	readonly #redact: Redact;
	readonly #told: (text: string) => string;
	/** The objects that lead to where it is. */
	readonly #path = new Set<unknown>();
	#left: number;

	constructor(redact: Redact, told: (text: string) => string, nodes: number) {
		this.#redact = redact;
		this.#told = told;
		this.#left = nodes;
	}

	copy(value: unknown): unknown {
		if (typeof value === "function" || typeof value === "symbol") return undefined;
		if (this.#path.has(value)) return "[circular]";
		if (--this.#left < 0 || this.#path.size > MAX_DEPTH) return TRUNCATED;
		if (typeof value === "string") return this.#told(value);
		if (typeof value !== "object" || value === null) return value;
		this.#path.add(value);
		try {
			return Object.freeze(this.#object(value));
		} catch {
			return "[unreadable]";
		} finally {
			this.#path.delete(value);
		}
	}

	#object(value: object): unknown {
		if (value instanceof Date) return new Date(value);
		if (Array.isArray(value)) return this.#list(value);
		if (value instanceof Map) return this.#record(value.keys(), (key) => value.get(key));
		if (value instanceof Set) return this.#list(value);
		if ("toJSON" in value && typeof value.toJSON === "function") return this.copy(value.toJSON());
		if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
			return `[${value.constructor.name}, ${value.byteLength} bytes]`;
		}
		if (isRequest(value)) {
			const { method, url } = value;
			return this.#record(["method", "url"], (key) =>
				key === "url" ? redactUrl(url, this.#redact) : method,
			);
		}
		const source = value as Readonly<Record<string, unknown>>;
		return this.#record(namesOf(value), (key) => source[key as string]);
	}

	#list(values: Iterable<unknown>): unknown[] {
		const list: unknown[] = [];
		for (const value of values) {
			list.push(this.copy(value));
			if (this.#left < 0) break;
		}
		return list;
	}

	#record(keys: Iterable<unknown>, read: (key: unknown) => unknown): object {
		const entries: [string, unknown][] = [];
		for (const key of keys) {
			const name = String(key);
			const copy = this.#redact(name) ? REDACTED : this.#property(() => read(key));
			if (copy !== undefined) entries.push([name, copy]);
			if (this.#left < 0) break;
		}
		return Object.fromEntries(entries);
	}

	#property(read: () => unknown): unknown {
		try {
			return this.copy(read());
		} catch {
			return "[unreadable]";
		}
	}
}

/** What is told of an object. */
function namesOf(value: object): readonly string[] {
	if (isResponse(value)) return ["status"];
	if (value instanceof Error) return ["name", "message", "code"];
	return Object.keys(value);
}

function same(text: string): string {
	return text;
}

/** Names of fields whose values are never written: `authorization`, `setCookie`, `BURDOCK_TOKEN` … */
const SECRET = /(?:authorization|cookie|token|password|secret)$/i;
const MASK = "[masked]";
/** C0 controls, DEL, C1 controls and the separators that some readers take for a line's end. */
// oxlint-disable-next-line no-control-regex -- these are what must not reach a terminal
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
// oxlint-disable-next-line no-control-regex -- as above
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
/** Text that is its own JSON. */
const PLAIN = /^[ !#-[\]-~]*$/;
const MAX_DEPTH = 6;
const MAX_ITEMS = 100;

type Path = readonly object[];

/** Makes control characters visible, so that a value can forge neither a line nor a terminal escape. */
export function printable(text: string): string {
	return CONTROL.test(text) ? text.replace(CONTROLS, escaped) : text;
}

/** Whether the value of a field of this name must not be written. */
export function isSecret(name: string): boolean {
	return SECRET.test(name);
}

/** What stands for a value that must not be written. */
export const MASKED = `"${MASK}"`;

/** A value of a log field as JSON on one line. Never throws, masks secrets within, ends cycles. */
export function logValue(value: unknown): string {
	if (typeof value === "string") return quoted(value);
	if (typeof value === "number") return Number.isFinite(value) ? String(value) : `"${value}"`;
	if (value === true) return "true";
	if (value === false) return "false";
	if (value === null || value === undefined) return "null";
	return withoutControls(JSON.stringify(plain(value, [])) ?? "null");
}

/** A string as JSON, with all control characters escaped. */
export function quoted(text: string): string {
	if (PLAIN.test(text)) return `"${text}"`;
	return withoutControls(JSON.stringify(text));
}

/** `JSON.stringify` has escaped everything below U+0020 already. */
function withoutControls(json: string): string {
	return CONTROL.test(json) ? json.replace(CONTROLS, escaped) : json;
}

function escaped(character: string): string {
	return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Copies a value into what JSON can say. */
function plain(value: unknown, path: Path): unknown {
	switch (typeof value) {
		case "object":
			return value === null ? null : plainObject(value, path);
		case "bigint":
		case "symbol":
			return String(value);
		case "function":
			return `[function ${value.name}]`;
		case "number":
			return Number.isFinite(value) ? value : String(value);
		default:
			return value;
	}
}

function plainObject(value: object, path: Path): unknown {
	if (path.includes(value)) return "[circular]";
	if (path.length >= MAX_DEPTH) return "[…]";
	const within = [...path, value];
	try {
		if (value instanceof Error) return plainError(value, within);
		if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
		if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
		if (value instanceof Set) return plainItems([...value], within);
		if (Array.isArray(value)) return plainItems(value, within);
		return plainEntries(value instanceof Map ? value.entries() : entriesOf(value), within);
	} catch {
		return "[unreadable]";
	}
}

function plainItems(items: readonly unknown[], path: Path): readonly unknown[] {
	const shown = items.slice(0, MAX_ITEMS).map((item) => plain(item, path));
	return items.length > MAX_ITEMS ? [...shown, `[${items.length - MAX_ITEMS} more]`] : shown;
}

function* entriesOf(value: object): Generator<readonly [string, unknown]> {
	for (const key of Object.keys(value)) yield [key, Reflect.get(value, key) as unknown];
}

function plainEntries(entries: Iterable<readonly [unknown, unknown]>, path: Path): object {
	const copy: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
	for (const [key, value] of entries) {
		const name = String(key);
		copy[name] = value != null && SECRET.test(name) ? MASK : plain(value, path);
	}
	return copy;
}

/** Name, message, code and stack, then what else the error carries, its cause included. */
function plainError(error: Error, path: Path): object {
	const { name, message, stack, cause } = error;
	const own = [...entriesOf(error)].filter(([key]) => !["cause", "stack"].includes(key));
	const copy: Record<string, unknown> = { name, message };
	Object.assign(copy, plainEntries(own, path));
	if (stack !== undefined) copy["stack"] = stack;
	if (error instanceof AggregateError) copy["errors"] = plainItems(error.errors, path);
	if (cause !== undefined) copy["cause"] = plain(cause, path);
	return copy;
}

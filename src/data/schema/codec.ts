/** What a field holds, as far as reading and writing its values goes. */
export type FieldType =
	| "integer"
	| "real"
	| "numeric"
	| "bigint"
	| "text"
	| "boolean"
	| "date"
	| "json"
	| "blob"
	| "custom";

/** Answer of {@link Codec.read} to an input that is not of the type. */
export const INVALID = Symbol("invalid");

/** How values of one type come in and go out. */
export interface Codec {
	/** What the type expects, to finish the sentence "Expected …". */
	readonly expected: string;
	/** Takes what a client sent, or code passed, to the column's JavaScript type, or {@link INVALID}. */
	read(input: unknown): unknown;
	/** Takes a value to JSON; absent where `JSON.stringify` already does the right thing. */
	write?(value: unknown): unknown;
}

const ISO_DATE =
	/^([+-]?\d{4,6})-(\d{2})-(\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const DECIMAL = /^[+-]?\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,3})?$/;
const INTEGER = /^-?\d{1,400}$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
/** What nests deeper might be stored with the stack at hand, and then be too deep to be read again. */
const MAX_LEVELS = 100;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
/** Characters of base64 that are taken to bytes at once; a call takes only so many arguments. */
const CHUNK = 0x8000;

const codecs: Readonly<Record<FieldType, Codec>> = {
	integer: { expected: "a whole number", read: readInteger },
	real: {
		expected: "a number",
		read: (input) => (Number.isFinite(input) ? input : INVALID),
	},
	numeric: { expected: "a decimal number", read: readDecimal },
	bigint: { expected: "a 64-bit whole number", read: readBigInt, write: String },
	text: { expected: "text without NUL characters", read: readText },
	boolean: {
		expected: "true or false",
		read: (input) => (typeof input === "boolean" ? input : INVALID),
	},
	date: { expected: "an ISO 8601 date or epoch milliseconds", read: readDate },
	json: { expected: `a JSON value, at most ${MAX_LEVELS} levels deep`, read: readJson },
	blob: { expected: "base64 text", read: readBlob, write: writeBlob },
	custom: { expected: "a value of the column's type", read: (input) => input, write: writeCustom },
};

/** The codec of a field type. */
export function codecOf(type: FieldType): Codec {
	return codecs[type];
}

function readInteger(input: unknown): unknown {
	if (Number.isSafeInteger(input)) return input;
	if (typeof input !== "bigint") return INVALID;
	const number = Number(input);
	return Number.isSafeInteger(number) ? number : INVALID;
}

function readDecimal(input: unknown): unknown {
	if (typeof input === "number" && Number.isFinite(input)) return String(input);
	return typeof input === "string" && DECIMAL.test(input) ? input : INVALID;
}

function readBigInt(input: unknown): unknown {
	if (typeof input === "string" && !INTEGER.test(input)) return INVALID;
	if (typeof input === "number" && !Number.isSafeInteger(input)) return INVALID;
	if (typeof input !== "string" && typeof input !== "number" && typeof input !== "bigint") {
		return INVALID;
	}
	const value = BigInt(input);
	return value >= MIN_INT64 && value <= MAX_INT64 ? value : INVALID;
}

function readText(input: unknown): unknown {
	return typeof input === "string" && !input.includes("\0") && input.isWellFormed()
		? input
		: INVALID;
}

function readDate(input: unknown): unknown {
	if (typeof input === "string" && !isIsoDate(input)) return INVALID;
	if (typeof input !== "string" && typeof input !== "number" && !(input instanceof Date)) {
		return INVALID;
	}
	const date = new Date(typeof input === "string" ? withOffset(input) : input);
	return Number.isNaN(date.getTime()) ? INVALID : date;
}

/** A time without an offset is UTC on every machine; `Date` would ask for the machine's own zone. */
function withOffset(input: string): string {
	return /T[\d:.]+$/.test(input) ? `${input}Z` : input;
}

/** Whether it is an ISO date of a day that exists: `Date` takes February 30 for March 1. */
function isIsoDate(input: string): boolean {
	const [, year, month, day] = ISO_DATE.exec(input) ?? [];
	if (year === undefined) return false;
	// Months are as long in every 400th year; day 0 of the next month is the last of this one.
	const last = new Date(Date.UTC(2000 + (Number(year) % 400), Number(month), 0));
	return Number(day) <= last.getUTCDate();
}

function readJson(input: unknown): unknown {
	if (nestsOver(MAX_LEVELS, input)) return INVALID;
	try {
		const text = JSON.stringify(input) as string | undefined;
		// A copy, as it will be stored: what the caller or another listener does to theirs is nothing to it.
		return text === undefined || !text.isWellFormed() ? INVALID : JSON.parse(text);
	} catch {
		return INVALID;
	}
}

/** Whether a value has more levels of arrays and objects than this. */
function nestsOver(levels: number, value: unknown): boolean {
	if (value === null || typeof value !== "object") return false;
	return levels === 0 || Object.values(value).some((inner) => nestsOver(levels - 1, inner));
}

function readBlob(input: unknown): unknown {
	if (input instanceof Uint8Array) return input;
	if (typeof input !== "string" || !BASE64.test(input)) return INVALID;
	try {
		return Uint8Array.from(atob(input), (character) => character.charCodeAt(0));
	} catch {
		return INVALID;
	}
}

/** What JSON has no form for leaves as it does from columns that are known to hold it. */
function writeCustom(value: unknown): unknown {
	return typeof value === "bigint" ? String(value) : writeBlob(value);
}

function writeBlob(value: unknown): unknown {
	if (!(value instanceof Uint8Array)) return value;
	let binary = "";
	for (let at = 0; at < value.length; at += CHUNK) {
		binary += String.fromCharCode(...value.subarray(at, at + CHUNK));
	}
	return btoa(binary);
}

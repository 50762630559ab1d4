import { BoundedCache } from "../../kernel/bounded-cache.ts";
import type { DatabaseCapabilities, SqlParameter, Statement } from "../database.ts";
import { databaseErrors } from "../database-error.ts";
import { bindParameters, fitsBytes } from "../parameters.ts";
import { readPlaceholders, readStatement } from "../statement-shape.ts";
import { toHex } from "../to-hex.ts";

/** What D1 binds: of numbers it makes REAL. */
export type D1Value = string | number | null | Uint8Array;

/** A statement as D1 takes it. */
export interface D1Call {
	readonly sql: string;
	readonly values: readonly D1Value[];
}

/** What D1 takes, whatever this driver makes of it. */
const MAX_BOUND = 100;
const MAX_TEXT_BYTES = 100_000;

/** What this driver takes. The placeholders of so many values leave room for a text around them. */
export const D1_CAPABILITIES: DatabaseCapabilities = Object.freeze({
	maxParameters: 5_000,
	maxValueBytes: 2_000_000,
	integerBits: 53,
	maxExpressionDepth: 100,
	synchronous: false,
	ownsSchema: false,
});

/** How a value gets to the engine: bound, or as an element of the one JSON that is bound before all. */
type Way = "bound" | "json" | "hex";

/** The same text with values of other types is another text; few callers mix many types. */
const KNOWN_WAYS = 8;

/**
 * A text of SQL for D1. D1 binds numbers as REAL and no 64-bit integers, and only 100 values. So whole
 * numbers travel as elements of one JSON text, of which `->>` makes exact INTEGERs without an
 * affinity, as a bound value has none. Of more than 100 values the smallest go that way, too.
 */
export class D1Text {
	readonly #sql: string;
	readonly #placeholders: number;
	/** The numbers, from 1, of the values that placeholders take. */
	readonly #taken: ReadonlySet<number>;
	readonly #texts = new BoundedCache<string, string>(KNOWN_WAYS);

	/** @throws DatabaseError `statement_refused`, `query_too_large`. */
	constructor(text: string) {
		const { sql, placeholders } = readStatement(text);
		this.#sql = short(sql);
		this.#placeholders = placeholders;
		this.#taken = new Set(readPlaceholders(sql).map(({ value }) => value));
	}

	/** @throws DatabaseError `bad_parameter`, `value_too_large`, `query_too_large`. */
	call(statement: Statement): D1Call {
		const values = bindParameters(statement, this.#placeholders, D1_CAPABILITIES, asIs);
		const ways = waysOf(values, this.#taken);
		const bound: D1Value[] = [];
		const packed: string[] = [];
		for (const [index, value] of values.entries()) {
			if (ways[index] === "bound") bound.push(value as D1Value);
			else packed.push(json(value));
		}
		if (packed.length === 0) return { sql: this.#sql, values: bound };
		const sql = this.#texts.getOrMake(ways.join(), () => this.#rewrite(ways));
		const list = `[${packed.join()}]`;
		if (!fitsBytes(list, D1_CAPABILITIES.maxValueBytes)) {
			throw databaseErrors.create("value_too_large", {});
		}
		return { sql, values: [list, ...bound] };
	}

	#rewrite(ways: readonly Way[]): string {
		let element = 0;
		let number = 1;
		const sources = ways.map((way) => {
			if (way === "bound") return `?${++number}`;
			const text = `(?1 ->> ${element++})`;
			return way === "hex" ? `unhex${text}` : text;
		});
		let sql = "";
		let end = 0;
		for (const mark of readPlaceholders(this.#sql)) {
			sql += this.#sql.slice(end, mark.start) + (sources[mark.value - 1] ?? "");
			end = mark.end;
		}
		return short(sql + this.#sql.slice(end));
	}
}

/** What is bound has to be taken: D1 counts. */
function waysOf(values: readonly SqlParameter[], taken: ReadonlySet<number>): Way[] {
	const ways = values.map((value, index): Way => {
		const whole =
			typeof value === "bigint" || typeof value === "boolean" || Number.isSafeInteger(value);
		return whole || !taken.has(index + 1) ? "json" : "bound";
	});
	const others = ways.flatMap((way, index) => (way === "bound" ? index : []));
	const room = others.length < ways.length ? MAX_BOUND - 1 : MAX_BOUND;
	if (others.length <= room) return ways;
	const sizes = new Map(others.map((index) => [index, sizeOf(values[index] as SqlParameter)]));
	others.sort((a, b) => (sizes.get(a) ?? 0) - (sizes.get(b) ?? 0));
	for (const index of others.slice(0, others.length - (MAX_BOUND - 1))) {
		ways[index] = values[index] instanceof Uint8Array ? "hex" : "json";
	}
	return ways;
}

/** How much a value would add to the JSON. */
function sizeOf(value: SqlParameter): number {
	if (typeof value === "string") return value.length;
	return value instanceof Uint8Array ? 2 * value.length : 0;
}

function json(value: SqlParameter): string {
	switch (typeof value) {
		case "number":
			return Number.isSafeInteger(value) ? String(value) : real(value);
		case "boolean":
			return value ? "1" : "0";
		case "bigint":
			return String(value);
		default:
			return value instanceof Uint8Array ? `"${toHex(value)}"` : JSON.stringify(value);
	}
}

/** Digits alone would be read as an INTEGER. */
function real(value: number): string {
	const text = String(value);
	return /[.e]/.test(text) ? text : `${text}.0`;
}

function short(sql: string): string {
	if (fitsBytes(sql, MAX_TEXT_BYTES)) return sql;
	throw databaseErrors.create("query_too_large", {});
}

function asIs(value: SqlParameter): SqlParameter {
	return value;
}

import type { SqlParameter, SqlValue } from "../database.ts";
import { dataErrors } from "../errors.ts";
import type { Condition, Page } from "./ast.ts";
import type { Sort } from "../schema/sort.ts";
import { bindCondition, conditionShape } from "./condition-sql.ts";
import { readLiteral } from "./sql-literal.ts";

/** Cursors hold the values of one row; no honest one is longer. */
const MAX_LENGTH = 100_000;
const LITERAL = /^(?:'[^\0]*'|X'(?:[0-9A-F]{2})*'|NULL|-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf))$/;

/** What the cursors of a query belong to, beside its sort: another entity or filter has other ones. */
export function bindingOf(entityName: string, where: Condition | undefined): string {
	const params: SqlParameter[] = [];
	if (where) bindCondition(where, params);
	const values = params.map((value) => `${typeof value} ${String(value)}`);
	return JSON.stringify([entityName, where ? conditionShape(where) : "", ...values]);
}

/** The cursor that leads behind a row, whose values of the sort are given as SQL literals. */
export function writeCursor(
	binding: string,
	sort: readonly Sort[],
	row: readonly string[],
): string {
	return encode(JSON.stringify([checkOf(binding, sort, row), ...row]));
}

/**
 * The values of the sort that a cursor holds.
 * @throws `bad_cursor` when it is not one that this walk has given.
 */
export function readCursor({ cursor, binding }: Page, sort: readonly Sort[]): readonly SqlValue[] {
	const parts = decode(cursor);
	const [check, ...row] = parts ?? [];
	const literals = row.filter((part) => LITERAL.test(part) && part.isWellFormed());
	const fits = literals.length === row.length && row.length === sort.length;
	// Only one text stands for a cursor: what decodes to the same values in another way was not given out.
	if (!fits || check !== checkOf(binding, sort, row) || encode(JSON.stringify(parts)) !== cursor) {
		throw dataErrors.create("bad_cursor", {});
	}
	return literals.map((literal) => exact(readLiteral(literal)));
}

/** Infinity, which engines don't bind, goes as text, of which the column's affinity makes it again. */
function exact(value: SqlValue): SqlValue {
	return value === Infinity ? "9e999" : value === -Infinity ? "-9e999" : value;
}

/** A number that another query, or other values, would hardly have: two FNV-1a hashes of 32 bits. */
function checkOf(binding: string, sort: readonly Sort[], row: readonly string[]): string {
	const rules = sort.map(({ field, direction }) => `${direction} ${field.name}`);
	const text = JSON.stringify([binding, rules, row]);
	let one = 0x811c9dc5;
	let other = 0x9747b28c;
	for (let at = 0; at < text.length; at++) {
		const unit = text.charCodeAt(at);
		one = Math.imul(one ^ unit, 0x01000193);
		other = Math.imul(other ^ unit ^ (one >>> 15), 0x01000193);
	}
	return `${(one >>> 0).toString(36)}.${(other >>> 0).toString(36)}`;
}

function encode(text: string): string {
	let binary = "";
	for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
	return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function decode(cursor: string): readonly string[] | undefined {
	if (cursor.length > MAX_LENGTH || !/^[\w-]+$/.test(cursor)) return undefined;
	try {
		const binary = atob(cursor.replaceAll("-", "+").replaceAll("_", "/"));
		const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
		const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
		const parts: unknown = JSON.parse(decoder.decode(bytes));
		if (!Array.isArray(parts)) return undefined;
		return parts.every((part) => typeof part === "string") ? parts : undefined;
	} catch {
		return undefined;
	}
}

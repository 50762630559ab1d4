import { didYouMean } from "../../kernel/nearest.ts";
import { INVALID, type FieldType } from "../schema/codec.ts";
import type { SqlParameter } from "../database.ts";
import type { Field } from "../schema/field.ts";
import type { BinaryOperator, Comparison } from "./ast.ts";

/** How many values `$in` and `$notin` take. */
const MAX_LIST = 1000;
/** How many characters and wildcards a pattern may have: matching backtracks over each wildcard. */
const MAX_PATTERN = 1000;
const MAX_WILDCARDS = 8;
/** Bytes of a pattern that every engine takes. */
const SHORT_PATTERN = 50;

type Read = (field: Field, value: unknown) => Comparison | string;

/** The operators of the query language; each makes a comparison, or says what is wrong. */
export const operators: Readonly<Record<string, Read>> = {
	$eq: (field, value) => (value === null ? { type: "null", field } : binary(field, "eq", value)),
	$ne: (field, value) => (value === null ? { type: "notnull", field } : binary(field, "ne", value)),
	$gt: (field, value) => binary(field, "gt", value),
	$gte: (field, value) => binary(field, "gte", value),
	$lt: (field, value) => binary(field, "lt", value),
	$lte: (field, value) => binary(field, "lte", value),
	$in: (field, value) => list(field, "in", value),
	$notin: (field, value) => list(field, "notin", value),
	$between: between,
	$isnull: isNull,
	$like: (field, value) => pattern(field, "glob", value, likeToGlob),
	$ilike: (field, value) => pattern(field, "like", value, escapeLike),
	$contains: (field, value) => part(field, "contains", value),
	$startsWith: startsWith,
	// Every text ends with nothing; `substr` has no way to say so.
	$endsWith: (field, value) => part(field, value === "" ? "contains" : "ends", value),
};

/** Reads one operator and its operand for a field; a string is what is wrong with it. */
export function readOperator(field: Field, operator: string, value: unknown): Comparison | string {
	if (!Object.hasOwn(operators, operator)) {
		return `There is no such operator.${didYouMean(operator, Object.keys(operators))}`;
	}
	return (operators[operator] as Read)(field, value);
}

const INCOMPARABLE: ReadonlySet<FieldType> = new Set(["json", "blob"]);

/** Whether values are stored in a form whose order and equality are not theirs. */
function isIncomparable(field: Field): boolean {
	return INCOMPARABLE.has(field.type) || (field.type === "bigint" && field.storedAsBytes);
}

/** An operand in its stored form, or what is wrong with it. */
function operand(field: Field, value: unknown): { readonly value: SqlParameter } | string {
	if (isIncomparable(field)) return `A ${field.type} field can only be tested with $isnull.`;
	const read = value === null ? INVALID : field.read(value);
	if (read === INVALID || (typeof read === "object" && !(read instanceof Date))) {
		return `Expected ${field.expected}.`;
	}
	return { value: field.toSql(read) };
}

function binary(field: Field, operator: BinaryOperator, input: unknown): Comparison | string {
	const read = operand(field, input);
	return typeof read === "string" ? read : { type: "binary", field, operator, value: read.value };
}

function list(field: Field, type: "in" | "notin", input: unknown): Comparison | string {
	if (!Array.isArray(input)) return "Expected a list of values.";
	if (input.length > MAX_LIST) return `At most ${MAX_LIST} values.`;
	const values: SqlParameter[] = [];
	for (const item of input) {
		const read = operand(field, item);
		if (typeof read === "string") return read;
		values.push(typeof read.value === "bigint" ? String(read.value) : read.value);
	}
	return { type, field, list: JSON.stringify(values) };
}

function between(field: Field, input: unknown): Comparison | string {
	if (!Array.isArray(input) || input.length !== 2) return "Expected a list of two values.";
	const low = operand(field, input[0]);
	if (typeof low === "string") return low;
	const high = operand(field, input[1]);
	if (typeof high === "string") return high;
	return { type: "between", field, low: low.value, high: high.value };
}

function isNull(field: Field, input: unknown): Comparison | string {
	if (input === true || input === 1) return { type: "null", field };
	if (input === false || input === 0) return { type: "notnull", field };
	return "Expected true or false.";
}

function pattern(
	field: Field,
	operator: "like" | "glob",
	input: unknown,
	translate: (text: string) => string,
): Comparison | string {
	const read = matched(field, input);
	if (typeof read === "string") return read;
	if ((read.text.match(/[%*]+/g)?.length ?? 0) > MAX_WILDCARDS) {
		return `At most ${MAX_WILDCARDS} wildcards.`;
	}
	return { type: "binary", field, operator, value: translate(read.text) };
}

function part(field: Field, operator: "contains" | "ends", input: unknown): Comparison | string {
	const read = matched(field, input);
	return typeof read === "string" ? read : { type: "binary", field, operator, value: read.text };
}

/** A pattern of a prefix can use an index; engines differ in how long it may be. */
function startsWith(field: Field, input: unknown): Comparison | string {
	const read = matched(field, input);
	if (typeof read === "string") return read;
	const glob = `${escapeGlob(read.text)}*`;
	return byteLength(glob) <= SHORT_PATTERN
		? { type: "binary", field, operator: "glob", value: glob }
		: { type: "binary", field, operator: "starts", value: read.text };
}

/** Text to match a field with, or what is wrong with it. */
function matched(field: Field, input: unknown): { readonly text: string } | string {
	if (field.type !== "text") return "Only text fields can be matched with a pattern.";
	if (typeof input !== "string" || input.includes("\0") || !input.isWellFormed()) {
		return "Expected text without NUL characters.";
	}
	return input.length > MAX_PATTERN ? `At most ${MAX_PATTERN} characters.` : { text: input };
}

function byteLength(text: string): number {
	return new TextEncoder().encode(text).byteLength;
}

/** How many values a comparison binds. */
export function valuesOf(comparison: Comparison): number {
	switch (comparison.type) {
		case "between":
			return 2;
		case "binary":
			return comparison.operator === "ends" ? 2 : 1;
		case "null":
		case "notnull":
			return 0;
		default:
			return 1;
	}
}

/** `%` and `*` are any characters, `_` is one; matching is exact about case, which LIKE is not. */
function likeToGlob(text: string): string {
	return text.replace(/[%*]+|_|[?[]/g, (match) => {
		if (match === "_") return "?";
		return match === "?" || match === "[" ? `[${match}]` : "*";
	});
}

function escapeLike(text: string): string {
	return text.replace(/[%*]+|\\/g, (match) => (match === "\\" ? "\\\\" : "%"));
}

function escapeGlob(text: string): string {
	return text.replace(/[*?[]/g, "[$&]");
}

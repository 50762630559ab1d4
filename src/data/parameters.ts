import type { SqlParameter, SqlValue, Statement } from "./database.ts";
import { databaseErrors } from "./database-error.ts";

/** What one engine can bind. */
export interface ParameterLimits {
	readonly maxParameters: number;
	readonly maxValueBytes: number;
}

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
/** UTF-8 needs at most so many bytes for one unit of UTF-16. */
const BYTES_PER_UNIT = 3;

/** The type's own tag: `instanceof` is fooled by a changed prototype and by another realm. */
const typedArrayName = Object.getOwnPropertyDescriptor(
	Object.getPrototypeOf(Uint8Array.prototype) as object,
	Symbol.toStringTag,
)?.get as (this: unknown) => string | undefined;

/**
 * Checks the parameters of a statement and turns each into what the engine binds. Nothing else ever
 * reaches an engine: the embedded one aborts the process on a boolean and cuts text at a NUL.
 *
 * @param placeholders How many values the statement needs.
 * @param encode Called with each value after its check.
 * @throws DatabaseError `bad_parameter` for a wrong number of values or a value of a wrong kind,
 * `value_too_large`.
 */
export function bindParameters<T>(
	{ params }: Statement,
	placeholders: number,
	limits: ParameterLimits,
	encode: (value: SqlParameter) => T,
): T[] {
	const count = params.length;
	if (count !== placeholders) {
		throw refused(`${count} given, ${placeholders} needed`);
	}
	if (count > limits.maxParameters) {
		throw refused(`${count} are more than the ${limits.maxParameters} that can be bound`);
	}
	const bound = new Array<T>(count);
	for (let index = 0; index < count; index++) {
		const value: unknown = params[index];
		checkParameter(value, index, limits);
		bound[index] = encode(value);
	}
	return bound;
}

/**
 * A value for engines that bind every `number` as REAL: whole numbers as bigint, so that they are
 * stored as INTEGER. `-0` becomes 0; beyond 2^53 a number stays REAL, as it is no exact integer.
 */
export function toExactValue(value: SqlParameter): SqlValue {
	if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
	return typeof value === "boolean" ? (value ? 1n : 0n) : value;
}

/** Whether a text takes at most so many bytes in UTF-8. */
export function fitsBytes(text: string, maxBytes: number): boolean {
	if (text.length * BYTES_PER_UNIT <= maxBytes) return true;
	return text.length <= maxBytes && new TextEncoder().encode(text).byteLength <= maxBytes;
}

function checkParameter(
	value: unknown,
	index: number,
	limits: ParameterLimits,
): asserts value is SqlParameter {
	switch (typeof value) {
		case "string":
			return checkText(value, index, limits);
		case "number":
			if (Number.isFinite(value)) return;
			throw refused(`number ${index + 1} is not finite`);
		case "bigint":
			return checkInteger(value, index);
		case "boolean":
			return;
		case "object":
			if (value === null) return;
			return checkBlob(value, index, limits);
		default:
			throw refused(`number ${index + 1} is of the type ${typeof value}`);
	}
}

function checkText(value: string, index: number, limits: ParameterLimits): void {
	if (value.includes("\0")) throw refused(`number ${index + 1} contains NUL`);
	if (!value.isWellFormed()) throw refused(`number ${index + 1} contains a lone surrogate`);
	if (!fitsBytes(value, limits.maxValueBytes)) throw databaseErrors.create("value_too_large", {});
}

function checkInteger(value: bigint, index: number): void {
	if (value < MIN_INT64 || value > MAX_INT64) {
		throw refused(`number ${index + 1} does not fit 64 bits`);
	}
}

function checkBlob(value: object, index: number, limits: ParameterLimits): void {
	if (typedArrayName.call(value) !== "Uint8Array") {
		throw refused(`number ${index + 1} is an object and no Uint8Array`);
	}
	const { buffer, byteLength } = value as Partial<Uint8Array>;
	if (
		buffer === undefined ||
		byteLength === undefined ||
		("detached" in buffer && buffer.detached)
	) {
		throw refused(`number ${index + 1} is a Uint8Array without bytes`);
	}
	if (byteLength > limits.maxValueBytes) throw databaseErrors.create("value_too_large", {});
}

function refused(reason: string): Error {
	return databaseErrors.create("bad_parameter", { reason });
}

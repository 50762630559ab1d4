import type { SqlValue } from "../database.ts";
import type { Field } from "../schema/field.ts";

const NOT_FINITE: Readonly<Record<string, number>> = { Inf: Infinity, "-Inf": -Infinity };
/** Types of fields whose columns may hold numbers that are not whole. */
const REAL: ReadonlySet<string> = new Set(["real", "numeric", "custom"]);

/**
 * The SQL that writes a stored value as a literal: the one form in which every kind of value, whatever
 * the column's type says, passes exactly through JSON and through engines that know no 64-bit integers.
 * `quote` itself is not exact about every real number.
 */
export function literalSql(field: Field, operand: string): string {
	const quoted = `quote(${operand})`;
	if (!REAL.has(field.type)) return quoted;
	return `case typeof(${operand}) when 'real' then printf('%!.17g', ${operand}) else ${quoted} end`;
}

/** The stored value that a literal of {@link literalSql} stands for. */
export function readLiteral(literal: string): SqlValue {
	switch (literal.charCodeAt(0)) {
		case 0x27: // '
			return literal.slice(1, -1).replaceAll("''", "'");
		case 0x58: // X
			return bytes(literal.slice(2, -1));
		case 0x4e: // N
			return null;
		default:
			return number(literal);
	}
}

function number(literal: string): SqlValue {
	const value = NOT_FINITE[literal] ?? Number(literal);
	return Number.isSafeInteger(value) || /[^\d-]/.test(literal) ? value : BigInt(literal);
}

function bytes(hex: string): Uint8Array {
	const result = new Uint8Array(hex.length / 2);
	for (let at = 0; at < result.length; at++) {
		result[at] = Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16);
	}
	return result;
}

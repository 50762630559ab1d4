import type { SqlParameter } from "../database.ts";
import type { Field } from "../schema/field.ts";
import { toHex } from "../to-hex.ts";

/**
 * Packs the stored values of many rows into one JSON parameter, so that a statement for them has one
 * plan for every number of rows, and stays within the parameters that an engine allows. Integers keep all
 * 64 bits; bytes travel as an array of one text of hexadecimal digits, see {@link unpack}.
 *
 * @param rows The stored values of each row, all of one length.
 */
export function packRows(rows: readonly (readonly SqlParameter[])[]): string {
	return `[${rows.map((values) => `[${values.map(pack).join()}]`).join()}]`;
}

/**
 * The SQL that takes the value at this place out of the packed row in the column `value`.
 */
export function unpack(field: Field, place: number): string {
	const value = `value ->> ${place}`;
	if (!field.storedAsBytes && field.type !== "custom") return value;
	return `case json_type(value, '$[${place}]') when 'array' then unhex(value ->> '$[${place}][0]') else ${value} end`;
}

function pack(value: SqlParameter): string {
	if (typeof value === "bigint") return String(value);
	if (typeof value === "boolean") return value ? "1" : "0";
	if (value instanceof Uint8Array) return `["${toHex(value)}"]`;
	return JSON.stringify(value);
}

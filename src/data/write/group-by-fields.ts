import type { Row } from "../schema/entity.ts";
import { isExpression } from "../schema/is-expression.ts";
import { RowReference } from "./row-reference.ts";

/**
 * Rows by the set of fields that they set: each group is one statement. The ids of other new rows may
 * stand in it; a row with any other expression, or without any field, stays alone.
 */
export function groupByFields<R extends { readonly data: Row }>(
	rows: readonly R[],
): readonly (readonly R[])[] {
	const [only] = rows;
	if (rows.length === 1 && only) return [[only]];
	const groups = new Map<string | R, R[]>();
	for (const row of rows) {
		const key = shapeOf(row.data) ?? row;
		const group = groups.get(key);
		if (group) group.push(row);
		else groups.set(key, [row]);
	}
	return [...groups.values()];
}

/** The fields of a row as one text; undefined when no other row can share its statement. */
function shapeOf(data: Row): string | undefined {
	const names = Object.keys(data).sort();
	if (names.length === 0) return undefined;
	for (const [index, name] of names.entries()) {
		const value = data[name];
		if (value instanceof RowReference) names[index] = `${name}*`;
		else if (isExpression(value)) return undefined;
	}
	return JSON.stringify(names);
}

import type { Row } from "./entity.ts";
import { hasExpression } from "./write-statements.ts";

/**
 * Rows by the set of fields that they set: each group is one statement. A row with an expression, or
 * without any field, stays alone.
 */
export function groupByFields<R extends { readonly data: Row }>(
	rows: readonly R[],
): readonly (readonly R[])[] {
	const [only] = rows;
	if (rows.length === 1 && only) return [[only]];
	const groups = new Map<string | R, R[]>();
	for (const row of rows) {
		const names = Object.keys(row.data);
		const alone = names.length === 0 || hasExpression(row.data);
		const key = alone ? row : JSON.stringify(names.sort());
		const group = groups.get(key);
		if (group) group.push(row);
		else groups.set(key, [row]);
	}
	return [...groups.values()];
}

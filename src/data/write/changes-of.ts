import type { Row } from "../schema/entity.ts";
import { isExpression } from "../schema/is-expression.ts";

/** The fields that were written, with what is stored where an expression stood. */
export function changesOf(data: Row, stored: Row): Row {
	let changes = data;
	for (const name of Object.keys(data)) {
		if (!isExpression(data[name])) continue;
		if (changes === data) changes = { ...data };
		changes[name] = stored[name];
	}
	return changes;
}

import type { Row } from "../schema/entity.ts";
import { RowReference } from "./row-reference.ts";

/** The fields that were written, with what is stored where the id of another new row stood. */
export function changesOf(data: Row, stored: Row): Row {
	let changes = data;
	for (const name of Object.keys(data)) {
		if (!(data[name] instanceof RowReference)) continue;
		if (changes === data) changes = { ...data };
		changes[name] = stored[name];
	}
	return changes;
}

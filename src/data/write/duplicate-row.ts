import type { Steps } from "../../kernel/maybe.ts";
import type { SqlRow, Statement } from "../database.ts";
import type { Row } from "../schema/entity.ts";
import type { Field } from "../schema/field.ts";
import { isExpression } from "../schema/is-expression.ts";
import type { RowStatements } from "./row-statements.ts";

/**
 * Finds the row whose values of these fields are taken already: by a row before it, or by one that is
 * stored. Undefined when none of them looks so, as where the index compares in a way of its own.
 */
export function* findDuplicateRow<R extends { readonly data: Row }>(
	stored: RowStatements,
	fields: readonly Field[],
	rows: readonly R[],
	read: (statement: Statement) => Steps<readonly SqlRow[]>,
): Steps<R | undefined> {
	const comparable = rows.filter(({ data }) =>
		fields.every(
			({ name }) => data[name] !== undefined && data[name] !== null && !isExpression(data[name]),
		),
	);
	if (comparable.length === 0) return undefined;
	const valuesOf = ({ data }: R) => fields.map((field) => field.toSql(data[field.name]));
	const found = yield* read(stored.readValues(fields, comparable.map(valuesOf)));
	const taken = new Set(found.map((values) => JSON.stringify(values.map(String))));
	for (const row of comparable) {
		const key = JSON.stringify(
			valuesOf(row).map((value) => String(typeof value === "boolean" ? Number(value) : value)),
		);
		if (taken.has(key)) return row;
		taken.add(key);
	}
	return undefined;
}

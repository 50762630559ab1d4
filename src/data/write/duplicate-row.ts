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
	const complete = rows.filter(({ data }) =>
		fields.every(({ name }) => data[name] !== undefined && data[name] !== null),
	);
	// What only the database can compute is not stored yet; within the batch it equals itself.
	const known = complete.filter(({ data }) =>
		fields.every(({ name }) => !isExpression(data[name])),
	);
	const valuesOf = ({ data }: R) => fields.map((field) => field.toSql(data[field.name]));
	const found = known.length > 0 ? yield* read(stored.readValues(fields, known.map(valuesOf))) : [];
	const taken = new Set(found.map((values) => JSON.stringify(values.map(String))));
	const expressions = new Map<unknown, number>();
	for (const row of complete) {
		const key = JSON.stringify(
			fields.map((field) => {
				const value = row.data[field.name];
				if (!isExpression(value)) return textOf(field.toSql(value));
				const place = expressions.get(value) ?? expressions.size;
				expressions.set(value, place);
				return [place];
			}),
		);
		if (taken.has(key)) return row;
		taken.add(key);
	}
	return undefined;
}

/** A value as the database gives it back, in words: booleans are numbers there. */
function textOf(value: unknown): string {
	return String(typeof value === "boolean" ? Number(value) : value);
}

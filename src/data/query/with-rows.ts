import type { SqlRow, SqlValue } from "../database.ts";
import { hydrate, type Row } from "../schema/entity.ts";
import type { Query, With } from "./ast.ts";
import { readLiteral } from "./sql-literal.ts";
import { MAX_ARGUMENTS } from "./with-sql.ts";

/** A list of literals, and of lists for related rows, as `with-sql.ts` makes it. */
type JsonRow = readonly unknown[];

/** Makes rows, with their relations, of what a query's SQL answers. */
export function hydrateQuery(query: Query, rows: readonly SqlRow[]): readonly Row[] {
	if (query.with.length === 0) return rows.map((values) => hydrate(query.select, values));
	return rows.map((values) => {
		const row = hydrate(query.select, values);
		query.with.forEach((part, index) => {
			const json = values[query.select.length + index] as string | null;
			row[part.relation.name] = related(part, json === null ? null : JSON.parse(json));
		});
		return row;
	});
}

/** Makes rows, with their relations, of the JSON that a relation's SQL answers. */
export function parseRows(part: With, json: SqlValue): readonly JsonRow[] {
	const parsed = json === null ? null : (JSON.parse(json as string) as unknown);
	if (part.relation.cardinality === "many")
		return (parsed as JsonRow[]).map((row) => flat(part.query, row));
	return parsed === null ? [] : [flat(part.query, parsed as JsonRow)];
}

/** One row of {@link parseRows}. */
export function hydrateJson(query: Query, values: JsonRow): Row {
	const { select } = query;
	const row = hydrate(
		select,
		select.map((_, index) => readLiteral(values[index] as string)),
	);
	query.with.forEach((part, index) => {
		row[part.relation.name] = related(part, values[select.length + index]);
	});
	return row;
}

function related({ relation, query }: With, parsed: unknown): unknown {
	if (relation.cardinality === "many") {
		return (parsed as JsonRow[]).map((row) => hydrateJson(query, flat(query, row)));
	}
	return parsed === null ? null : hydrateJson(query, flat(query, parsed as JsonRow));
}

/** A row of more values than a function takes arguments comes as a list of lists. */
function flat({ select, with: parts, page, sort }: Query, values: JsonRow): JsonRow {
	const count = select.length + parts.length + (page === undefined ? 0 : sort.length);
	return count > MAX_ARGUMENTS ? (values as readonly JsonRow[]).flat() : values;
}

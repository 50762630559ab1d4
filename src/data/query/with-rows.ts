import type { SqlRow, SqlValue } from "../database.ts";
import { hydrate, type Row } from "../schema/entity.ts";
import type { Query, With } from "./ast.ts";
import { readLiteral } from "./sql-literal.ts";
import { MAX_ARGUMENTS, MAX_COLUMNS, widthOf } from "./with-sql.ts";

/** A list of literals, and of lists for related rows, as `with-sql.ts` makes it. */
type JsonRow = readonly unknown[];
/** The values of one row, fields in their stored form. */
type ResultRow = readonly unknown[];

/**
 * The values of what a query's SQL answers: its fields, its relations as JSON, those of the cursor.
 * What had no column of its own is parsed already.
 */
export function resultRows(query: Query, rows: readonly SqlRow[]): readonly ResultRow[] {
	if (widthOf(query) <= MAX_COLUMNS) return rows;
	const { select } = query;
	const own = Math.min(select.length, MAX_COLUMNS - 1);
	const rest = { ...query, select: select.slice(own) };
	return rows.map((values) => {
		const others = flat(rest, JSON.parse(values[own] as string) as JsonRow);
		const fields = others.slice(0, rest.select.length).map((text) => readLiteral(text as string));
		return [...values.slice(0, own), ...fields, ...others.slice(fields.length)];
	});
}

/** Makes rows, with their relations, of {@link resultRows}. */
export function hydrateQuery(query: Query, rows: readonly ResultRow[]): readonly Row[] {
	const { select } = query;
	if (query.with.length === 0) return rows.map((values) => hydrate(select, values as SqlRow));
	return rows.map((values) => {
		const row = hydrate(select, values as SqlRow);
		query.with.forEach((part, index) => {
			const json = values[select.length + index];
			row[part.relation.name] = related(part, typeof json === "string" ? JSON.parse(json) : json);
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
function flat(query: Query, values: JsonRow): JsonRow {
	return widthOf(query) > MAX_ARGUMENTS ? (values as readonly JsonRow[]).flat() : values;
}

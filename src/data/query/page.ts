import type { SqlRow, SqlValue } from "../database.ts";
import { dataErrors } from "../errors.ts";
import type { Sort } from "../schema/sort.ts";
import type { Comparison, Condition, Query } from "./ast.ts";
import { readCursor, writeCursor } from "./cursor.ts";

/** The rows of one page, and what the answer says about the next. */
export interface PageRows<R> {
	readonly rows: readonly R[];
	readonly meta: { readonly cursor: string | null };
}

/**
 * The query of a page: it asks for one row more, to know whether that is all, and for what lies behind
 * the cursor alone. A query without a page stays as it is.
 * @throws `bad_cursor` when the cursor is not one that this walk has given.
 */
export function openPage(query: Query): Query {
	const { page, sort } = query;
	if (page === undefined) return query;
	if (sort.some(({ field }) => field.hidden)) {
		const summary = "pages by cursor cannot be sorted by a hidden field";
		throw dataErrors.create("bad_reply", { summary });
	}
	const after = page.cursor === "" ? undefined : behind(sort, readCursor(page, sort));
	return { ...query, limit: query.limit + 1, after };
}

/** Takes the row too many off, and makes the cursor that leads behind the last of the others. */
export function pageOf<R extends readonly unknown[] = SqlRow>(
	{ select, with: parts, page, sort, limit }: Query,
	found: readonly R[],
): PageRows<R> {
	const rows = found.slice(0, limit);
	const last = found.length > limit ? rows.at(-1) : undefined;
	if (page === undefined || last === undefined) return { rows, meta: { cursor: null } };
	const literals = last.slice(select.length + parts.length) as readonly string[];
	return { rows, meta: { cursor: writeCursor(page.binding, sort, literals) } };
}

/**
 * Rows are behind a row when they follow it in the first field, or are equal there and follow it in the
 * next. That it does not go back in the first field is said once more, for the index.
 */
function behind(sort: readonly Sort[], values: readonly SqlValue[]): Condition {
	let condition: Condition = { type: "or", of: [] };
	for (let at = sort.length - 1; at >= 0; at--) {
		const rule = sort[at] as Sort;
		const value = values[at] ?? null;
		const next = follows(rule, value);
		condition =
			at === sort.length - 1
				? next
				: { type: "or", of: [next, { type: "and", of: [equals(rule, value), condition] }] };
	}
	const [first] = sort;
	const value = values[0] ?? null;
	if (sort.length === 1 || first === undefined || value === null) return condition;
	if (first.direction === "desc" && !first.field.column.notNull) return condition;
	const operator = first.direction === "asc" ? "gte" : "lte";
	return { type: "and", of: [{ type: "binary", field: first.field, operator, value }, condition] };
}

/** NULL comes before everything else, and after it where the sort is turned. */
function follows({ field, direction }: Sort, value: SqlValue): Condition {
	if (direction === "asc") {
		if (value === null) return { type: "notnull", field };
		return { type: "binary", field, operator: "gt", value };
	}
	if (value === null) return { type: "or", of: [] };
	const less: Comparison = { type: "binary", field, operator: "lt", value };
	return field.column.notNull ? less : { type: "or", of: [less, { type: "null", field }] };
}

function equals({ field }: Sort, value: SqlValue): Comparison {
	if (value === null) return { type: "null", field };
	return { type: "binary", field, operator: "eq", value };
}

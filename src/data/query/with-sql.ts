import type { SqlParameter } from "../database.ts";
import type { Field } from "../schema/field.ts";
import type { Aliases } from "./aliases.ts";
import type { Condition, Query, With } from "./ast.ts";
import type { Sort } from "../schema/sort.ts";
import { bindCondition, conditionShape, conditionSql, viaShape, viaSql } from "./condition-sql.ts";
import type { SelectList } from "./select-list.ts";
import { columnsOf, isUnique, leadingFields, Link } from "./link.ts";
import { literalSql } from "./sql-literal.ts";

/** How many arguments a function takes on every engine. */
export const MAX_ARGUMENTS = 32;
/** How many columns a result has on every engine. */
export const MAX_COLUMNS = 100;

/**
 * How many levels of relations stand in an expression, on engines with a low bound on its depth: to
 * those a subquery counts with all that stands in it, once for each level, but not one in a FROM.
 */
const MAX_LEVELS = 1;

/** The SQL of a query with related rows or a cursor; binds what {@link bindQuery} appends. */
export function querySql(query: Query, list: SelectList, aliases: Aliases): string {
	const { entity } = query;
	if (query.with.length === 0) {
		const columns = resultColumns(query, "", aliases, list);
		return `select ${columns.join(", ") || "1"} ${rowsSql(query, entity.identifier, "", aliases)} limit ? offset ?`;
	}
	const prefix = `${aliases.next()}.`;
	const columns = resultColumns(query, prefix, aliases, list);
	// The page first: relations are then read for its rows alone, and not for all that were sorted.
	const page = `select ${columnsOf(neededFields(query), "")} ${rowsSql(query, entity.identifier, "", aliases)} limit ? offset ?`;
	return `select ${columns.join(", ")} from (${page}) as ${prefix.slice(0, -1)} order by ${orderSql(query.sort, prefix)}`;
}

/** The select of one relation's rows as JSON, for the row whose columns have this prefix. */
export function withSql({ relation, query, via }: With, outer: string, aliases: Aliases): string {
	const link = new Link(relation, aliases, viaSql(via, aliases));
	const belongs = link.belongsTo(outer);
	const isDeep = levelsOf(query) > MAX_LEVELS && aliases.prefersFrom;
	if (relation.cardinality === "one") {
		const order = isUnique(relation) ? "" : ` order by ${orderSql(query.sort, link.prefix)}`;
		const json = jsonRow(query, link.prefix, aliases);
		const where = filtered(query, belongs, link.prefix, aliases);
		const row = `select ${json} from ${link.from}${where}${order} limit ${singleLimit(query)}`;
		return isDeep ? `select * from (${row})` : row;
	}
	const prefix = `${aliases.next()}.`;
	const json = jsonRow(query, prefix, aliases);
	const where = filtered(query, belongs, link.prefix, aliases);
	const page = `select ${columnsOf(neededFields(query), link.prefix)} from ${link.from}${where} order by ${orderSql(query.sort, link.prefix)} limit ? offset ?`;
	const from = `from (${page}) as ${prefix.slice(0, -1)}`;
	if (!isDeep) return `select json_group_array(${json}) ${from}`;
	const row = aliases.next();
	return `select json_group_array(json(${row})) from (select ${json} as ${row} ${from})`;
}

/** How many levels of relations a query has below its rows. */
function levelsOf(query: Query): number {
	return query.with.reduce((most, part) => Math.max(most, 1 + levelsOf(part.query)), 0);
}

/** The select of how many rows a relation has, for the row whose columns have this prefix. */
export function countSql({ relation, query, via }: With, outer: string, aliases: Aliases): string {
	const link = new Link(relation, aliases, viaSql(via, aliases));
	const where = filtered(query, link.belongsTo(outer), link.prefix, aliases);
	return `select count(*) from ${link.from}${where}`;
}

/** Appends the values of a query, in the order of its SQL. */
export function bindQuery(query: Query, params: SqlParameter[]): void {
	for (const part of query.with) bindWith(part, params);
	bindFilters(query, params);
	params.push(query.limit, query.offset);
}

/** Appends the values of {@link withSql}. */
export function bindWith({ relation, query, via }: With, params: SqlParameter[]): void {
	for (const part of query.with) bindWith(part, params);
	if (via) bindCondition(via, params);
	bindFilters(query, params);
	if (relation.cardinality === "many") params.push(query.limit, query.offset);
}

/** Appends the values of {@link countSql}. */
export function bindCount({ query, via }: With, params: SqlParameter[]): void {
	if (via) bindCondition(via, params);
	bindFilters(query, params);
}

function bindFilters({ where, after }: Query, params: SqlParameter[]): void {
	if (where) bindCondition(where, params);
	if (after) bindCondition(after, params);
}

/** A text that is the same for two queries exactly when their SQL is the same. */
export function queryShape(query: Query): string {
	const { where, after, page } = query;
	let shape = "";
	for (const field of query.select) shape += `${field.index},`;
	shape += `|${where ? conditionShape(where) : ""}|`;
	for (const { field, direction } of query.sort) {
		shape += `${direction === "asc" ? field.index : -field.index - 1},`;
	}
	if (page) shape += `|page ${after ? conditionShape(after) : ""}`;
	for (const part of query.with) shape += `|${withShape(part)}`;
	return shape;
}

/** The shape of one relation. */
export function withShape({ relation, query, via }: With): string {
	const single = relation.cardinality === "one" ? `one${singleLimit(query)}` : "";
	return `${JSON.stringify(relation.name)}${single}(${queryShape(query)})${viaShape(via)}`;
}

function relatedColumns(query: Query, prefix: string, aliases: Aliases): readonly string[] {
	return query.with.map((part) => `(${withSql(part, prefix, aliases)})`);
}

/** How many values a row of a query has: its fields, its relations, those of the cursor. */
export function widthOf({ select, with: parts, page, sort }: Query): number {
	return select.length + parts.length + (page === undefined ? 0 : sort.length);
}

/** The columns of the rows; of too many, all from the last one on are one list in JSON. */
function resultColumns(
	query: Query,
	prefix: string,
	aliases: Aliases,
	list: SelectList,
): readonly string[] {
	const { select } = query;
	if (widthOf(query) > MAX_COLUMNS) {
		const own = select.slice(0, MAX_COLUMNS - 1);
		const rest = { ...query, select: select.slice(own.length) };
		return [...list.columns(own, prefix), jsonRow(rest, prefix, aliases)];
	}
	return [
		...list.columns(select, prefix),
		...relatedColumns(query, prefix, aliases),
		...cursorColumns(query, prefix),
	];
}

/** How many rows of a relation to one are wanted: a list of one row has a second page, too. */
function singleLimit({ limit, offset }: Query): 0 | 1 {
	return limit === 0 || offset > 0 ? 0 : 1;
}

/** Exact values of the sort, for the cursor. */
function cursorColumns({ page, sort }: Query, prefix: string): readonly string[] {
	if (page === undefined) return [];
	return sort.map(({ field }) => literalSql(field, prefix + field.identifier));
}

/** One row as a JSON list of literals and of related rows. */
function jsonRow(query: Query, prefix: string, aliases: Aliases): string {
	const values = [
		...query.select.map((field) => literalSql(field, prefix + field.identifier)),
		...relatedColumns(query, prefix, aliases).map((sql) => `json(${sql})`),
		...cursorColumns(query, prefix),
	];
	if (values.length <= MAX_ARGUMENTS) return `json_array(${values.join(", ")})`;
	const chunks: string[] = [];
	for (let at = 0; at < values.length; at += MAX_ARGUMENTS) {
		chunks.push(`json_array(${values.slice(at, at + MAX_ARGUMENTS).join(", ")})`);
	}
	return `json_array(${chunks.join(", ")})`;
}

/** The fields that a page has to read for what is made of its rows. */
function neededFields(query: Query): readonly Field[] {
	return [
		...new Set([
			...query.select,
			...query.sort.map(({ field }) => field),
			...query.with.flatMap(({ relation }) => leadingFields(relation)),
		]),
	];
}

function rowsSql(query: Query, from: string, prefix: string, aliases: Aliases): string {
	const where = filtered(query, undefined, prefix, aliases);
	return `from ${from}${where} order by ${orderSql(query.sort, prefix)}`;
}

function filtered(
	{ where, after }: Query,
	belongs: string | undefined,
	prefix: string,
	aliases: Aliases,
): string {
	const tests = belongs === undefined ? [] : [belongs];
	for (const condition of [where, after] as readonly (Condition | undefined)[]) {
		if (condition) tests.push(conditionSql(condition, prefix, aliases));
	}
	return tests.length === 0 ? "" : ` where ${tests.join(" and ")}`;
}

function orderSql(sort: readonly Sort[], prefix: string): string {
	return sort.map(({ field, direction }) => `${prefix}${field.identifier} ${direction}`).join(", ");
}

import type { SqlParameter } from "../database.ts";
import { Aliases } from "./aliases.ts";
import type { BinaryOperator, Comparison, Condition, Exists, Join, Related } from "./ast.ts";
import { isUnique, Link, type WriteSql } from "./link.ts";
import type { Relation } from "../schema/entity.ts";

/** Where a condition stands in a statement. */
interface Scope {
	/** What stands before a column: an alias and a dot; nothing where there is but one table. */
	readonly prefix: string;
	readonly aliases: Aliases;
	/** What stands before columns of joined rows. */
	readonly joined: ReadonlyMap<Relation, string>;
	/** Whether unknown counts as false here, as it does unless something is negated. */
	readonly unknownIsFalse: boolean;
}

const SQL: Readonly<Record<BinaryOperator, (operand: string) => string>> = {
	eq: (operand) => `${operand} = ?`,
	ne: (operand) => `${operand} <> ?`,
	gt: (operand) => `${operand} > ?`,
	gte: (operand) => `${operand} >= ?`,
	lt: (operand) => `${operand} < ?`,
	lte: (operand) => `${operand} <= ?`,
	like: (operand) => `${operand} like ? escape '\\'`,
	glob: (operand) => `${operand} glob ?`,
	contains: (operand) => `instr(${operand}, ?) > 0`,
	starts: (operand) => `instr(${operand}, ?) = 1`,
	ends: (operand) => `substr(${operand}, -length(?)) = ?`,
};

const NOTHING_JOINED: ReadonlyMap<Relation, string> = new Map();

/**
 * The SQL of a condition, with a placeholder for each value in the order of {@link bindCondition}.
 *
 * @param prefix What stands before a column: nothing where there is but one table.
 * @param aliases Those of the statement, when the condition is only a part of it.
 */
export function conditionSql(condition: Condition, prefix = "", aliases = new Aliases()): string {
	return write(condition, { prefix, aliases, joined: NOTHING_JOINED, unknownIsFalse: true });
}

/** Appends the values of a condition to the parameters. */
export function bindCondition(condition: Condition, params: SqlParameter[]): void {
	switch (condition.type) {
		case "and":
		case "or":
			for (const part of condition.of) bindCondition(part, params);
			break;
		case "not":
		case "joined":
			bindCondition(condition.of, params);
			break;
		case "related":
			if (condition.filter) bindCondition(condition.filter, params);
			bindCondition(condition.of, params);
			break;
		case "exists":
			for (const { via } of condition.joins) if (via) bindCondition(via, params);
			for (const { filter } of condition.joins) if (filter) bindCondition(filter, params);
			bindCondition(condition.of, params);
			break;
		case "binary":
			if (condition.operator === "ends") params.push(condition.value);
			params.push(condition.value);
			break;
		case "in":
		case "notin":
			params.push(condition.list);
			break;
		case "between":
			params.push(condition.low, condition.high);
			break;
		default:
	}
}

/** A text that is the same for two conditions exactly when their SQL is the same. */
export function conditionShape(condition: Condition): string {
	switch (condition.type) {
		case "and":
		case "or":
			return `${condition.type}(${condition.of.map(conditionShape).join()})`;
		case "not":
			return `not(${conditionShape(condition.of)})`;
		case "binary":
			return `${condition.field.index}${condition.operator}`;
		case "related":
			return `related(${joinShape(condition)},${conditionShape(condition.of)})`;
		case "exists":
			return `exists(${condition.joins.map(joinShape).join()},${conditionShape(condition.of)})`;
		case "joined":
			return `joined(${JSON.stringify(condition.relation.name)},${conditionShape(condition.of)})`;
		default:
			return `${condition.field.index}${condition.type}`;
	}
}

function joinShape({ relation, filter, via }: Omit<Join, "via"> & Partial<Join>): string {
	return `${JSON.stringify(relation.name)}${filter ? `(${conditionShape(filter)})` : ""}${viaShape(via)}`;
}

/** The shape of what must hold for rows that a relation goes through. */
export function viaShape(via: Condition | undefined): string {
	return via ? `via(${conditionShape(via)})` : "";
}

/** Writes that condition, in the words of {@link Link}. */
export function viaSql(via: Condition | undefined, aliases: Aliases): WriteSql | undefined {
	return via && ((prefix) => conditionSql(via, prefix, aliases));
}

function write(condition: Condition, scope: Scope): string {
	switch (condition.type) {
		case "and":
			return join(writeAll(condition.of, scope), " and ") || "1";
		case "or":
			return join(writeAll(condition.of, scope), " or ") || "0";
		case "not":
			return `not (${write(condition.of, { ...scope, unknownIsFalse: false })})`;
		case "related":
			return related(condition, scope);
		case "exists":
			return exists(condition, scope);
		case "joined":
			return write(condition.of, {
				...scope,
				prefix: scope.joined.get(condition.relation) as string,
			});
		default:
			return comparison(condition, scope.prefix + condition.field.identifier);
	}
}

function writeAll(conditions: readonly Condition[], scope: Scope): readonly string[] {
	return conditions.map((condition) => write(condition, scope));
}

function comparison(test: Comparison, operand: string): string {
	switch (test.type) {
		case "binary":
			return SQL[test.operator](operand);
		case "in":
			return `${operand} in (select value from json_each(?))`;
		case "notin":
			return `${operand} not in (select value from json_each(?))`;
		case "between":
			return `${operand} between ? and ?`;
		case "null":
			return `${operand} is null`;
		case "notnull":
			return `${operand} is not null`;
	}
}

/** What stands before the columns of a relation's source, for a subquery. */
function outside(relation: Relation, { prefix }: Scope): string {
	return prefix === "" ? `${relation.source.identifier}.` : prefix;
}

/**
 * Where unknown counts as false, and the test is not true of NULL, the row has to be among those that
 * lead to a matching row: the planner may then start from either. Otherwise the value is looked up.
 */
function related(condition: Related, scope: Scope): string {
	const { relation, filter, of } = condition;
	const outer = outside(relation, scope);
	if (!scope.unknownIsFalse || !isUnique(relation) || isTrueOfNull(leaf(of))) {
		return comparison(leaf(of), `(${lookUp(condition, outer, scope.aliases)})`);
	}
	const link = new Link(relation, scope.aliases);
	const inner = { ...scope, prefix: link.prefix };
	const tests = filter ? [conditionSql(filter, link.prefix, scope.aliases)] : [];
	return link.contains(outer, [...tests, write(of, inner)].join(" and "));
}

/** The select of the value at the end of a path of to-one relations. */
function lookUp(condition: Related, outer: string, aliases: Aliases): string {
	let link = new Link(condition.relation, aliases);
	let belongs = link.belongsTo(outer);
	let at = condition;
	for (;;) {
		const filter = at.filter ? ` and ${conditionSql(at.filter, link.prefix, aliases)}` : "";
		const rows = `from ${link.from} where ${belongs}${filter}${link.first}`;
		const { of } = at;
		if (of.type !== "related") return `select ${link.prefix}${of.field.identifier} ${rows}`;
		const next = new Link(of.relation, aliases);
		belongs = next.isLedToBy(`select ${next.leads(link.prefix)} ${rows}`);
		link = next;
		at = of;
	}
}

function leaf(of: Comparison | Related): Comparison {
	let at = of;
	while (at.type === "related") at = at.of;
	return at;
}

/** NULL is not in an empty list, and whether a list is empty is no matter of the shape. */
function isTrueOfNull({ type }: Comparison): boolean {
	return type === "null" || type === "notin";
}

function exists({ joins, of }: Exists, scope: Scope): string {
	const { aliases } = scope;
	const links = joins.map(({ relation, via }) => new Link(relation, aliases, viaSql(via, aliases)));
	const joined = new Map(joins.map(({ relation }, at) => [relation, links[at]?.prefix ?? ""]));
	const [first] = joins;
	const [only] = links;
	const outer = first ? outside(first.relation, scope) : scope.prefix;
	const filters = joins.flatMap(({ filter }, at) =>
		filter ? [conditionSql(filter, links[at]?.prefix, aliases)] : [],
	);
	const tests = [...filters, write(of, { ...scope, prefix: outer, joined })];
	if (only && links.length === 1 && isAboutJoined(of)) {
		return only.contains(outer, join(tests, " and "));
	}
	const belongs = links.map((link) => link.belongsTo(outer));
	const from = links.map((link) => link.from).join(", ");
	return `exists (select 1 from ${from} where ${[...belongs, ...tests].join(" and ")})`;
}

/** Whether a condition tests joined rows, and nothing else. */
function isAboutJoined(condition: Condition): boolean {
	switch (condition.type) {
		case "and":
		case "or":
			return condition.of.length > 0 && condition.of.every(isAboutJoined);
		case "not":
			return isAboutJoined(condition.of);
		default:
			return condition.type === "joined";
	}
}

/** Joins in pairs of pairs: a chain is as deep as it is long to the parser, whose depth is limited. */
function join(parts: readonly string[], separator: string): string {
	if (parts.length === 0) return "";
	if (parts.length <= 2) return `(${parts.join(separator)})`;
	const half = parts.length >> 1;
	return `(${join(parts.slice(0, half), separator)}${separator}${join(parts.slice(half), separator)})`;
}

import type { SqlParameter } from "../database.ts";
import type { BinaryOperator, Condition } from "./ast.ts";

const SQL: Readonly<Record<BinaryOperator, string>> = {
	eq: "= ?",
	ne: "<> ?",
	gt: "> ?",
	gte: ">= ?",
	lt: "< ?",
	lte: "<= ?",
	like: "like ? escape '\\'",
	glob: "glob ?",
};

/** The SQL of a condition, with a placeholder for each value in the order of {@link bindCondition}. */
export function conditionSql(condition: Condition): string {
	switch (condition.type) {
		case "and":
			return join(condition.of.map(conditionSql), " and ") || "1";
		case "or":
			return join(condition.of.map(conditionSql), " or ") || "0";
		case "not":
			return `not (${conditionSql(condition.of)})`;
		case "binary":
			return `${condition.field.identifier} ${SQL[condition.operator]}`;
		case "in":
			return `${condition.field.identifier} in (select value from json_each(?))`;
		case "notin":
			return `${condition.field.identifier} not in (select value from json_each(?))`;
		case "between":
			return `${condition.field.identifier} between ? and ?`;
		case "null":
			return `${condition.field.identifier} is null`;
		case "notnull":
			return `${condition.field.identifier} is not null`;
	}
}

/** Appends the values of a condition to the parameters. */
export function bindCondition(condition: Condition, params: SqlParameter[]): void {
	switch (condition.type) {
		case "and":
		case "or":
			for (const part of condition.of) bindCondition(part, params);
			break;
		case "not":
			bindCondition(condition.of, params);
			break;
		case "binary":
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
		default:
			return `${condition.field.index}${condition.type}`;
	}
}

/** Joins in pairs of pairs: a chain is as deep as it is long to the parser, whose depth is limited. */
function join(parts: readonly string[], separator: string): string {
	if (parts.length === 0) return "";
	if (parts.length <= 2) return `(${parts.join(separator)})`;
	const half = parts.length >> 1;
	return `(${join(parts.slice(0, half), separator)}${separator}${join(parts.slice(half), separator)})`;
}

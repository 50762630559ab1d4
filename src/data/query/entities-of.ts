import type { Entity, Relation } from "../schema/entity.ts";
import type { Condition, Query } from "./ast.ts";

/** The entities that a query reaches through relations. */
export function entitiesOfQuery(query: Query): ReadonlySet<Entity> {
	const entities = new Set<Entity>();
	addQuery(query, entities);
	return entities;
}

/** The entities that a condition reaches through relations. */
export function entitiesOf(condition: Condition): ReadonlySet<Entity> {
	const entities = new Set<Entity>();
	addCondition(condition, entities);
	return entities;
}

function addQuery({ where, with: parts }: Query, into: Set<Entity>): void {
	if (where) addCondition(where, into);
	for (const { relation, query } of parts) {
		addRelation(relation, into);
		addQuery(query, into);
	}
}

function addCondition(condition: Condition, into: Set<Entity>): void {
	switch (condition.type) {
		case "and":
		case "or":
			for (const part of condition.of) addCondition(part, into);
			break;
		case "not":
		case "joined":
			addCondition(condition.of, into);
			break;
		case "related":
			addRelation(condition.relation, into);
			addCondition(condition.of, into);
			break;
		case "exists":
			for (const { relation } of condition.joins) addRelation(relation, into);
			addCondition(condition.of, into);
			break;
		default:
	}
}

function addRelation({ target, through }: Relation, into: Set<Entity>): void {
	into.add(target);
	if (through) into.add(through.entity);
}

import type { Entity, FieldPair, Relation } from "../../src/data/schema/entity.ts";
import { readSchema, type Schema } from "../../src/data/schema/read-schema.ts";

function entityOf(schema: Schema, name: string): Entity {
	const entity = readSchema(schema, {}).find((one) => one.name === name);
	if (!entity) throw new Error(`no ${name}`);
	return entity;
}

function pairsOf(pairs: readonly FieldPair[]): string {
	return pairs.map(({ from, to }) => `${from.name}=${to.name}`).join(" and ");
}

/** `author: one users (authorId=id), key in source`, in one line. */
function lineOf({ name, cardinality, target, pairs, through, keyIn }: Relation): string {
	const joined = through
		? `${pairsOf(through.source)} > ${through.entity.name} > ${pairsOf(through.target)}`
		: pairsOf(pairs);
	return `${name}: ${cardinality} ${target.name} (${joined}), key in ${keyIn}`;
}

/** The relations of one entity, a line each. */
export function linesOf(schema: Schema, name: string): readonly string[] {
	return [...entityOf(schema, name).relations.values()].map(lineOf);
}

/** The names of the relations of one entity. */
export function namesOf(schema: Schema, name: string): readonly string[] {
	return [...entityOf(schema, name).relations.keys()];
}

/** What is wrong with a schema, a line each. */
export function problemsOf(schema: Schema): readonly string[] {
	try {
		readSchema(schema, {});
	} catch (error) {
		return (error as Error).message.split("\n").slice(1);
	}
	return [];
}

import type { Entity, Relation } from "../../data/entity.ts";
import { operandSchema } from "./field-schema.ts";
import type { JsonSchema } from "./json-schema.ts";
import type { SchemaRef } from "./write-context.ts";

/** The schema of what a body may say of a relation: `{ $set: { id: 1 } }`, `{ $create: [ … ] }`. */
export function relationWriteSchema(relation: Relation, ref: SchemaRef): JsonSchema {
	const { cardinality, target } = relation;
	const create: JsonSchema = { $ref: ref(target, "create") };
	if (cardinality === "one") {
		return {
			description: `Relates one row of ${target.name}, or creates it.`,
			type: "object",
			properties: { $set: { anyOf: [idObject(target), { type: "null" }] }, $create: create },
			minProperties: 1,
			maxProperties: 1,
			additionalProperties: false,
		};
	}
	const ids: JsonSchema = { type: "array", items: idSchema(target) };
	return {
		description: `Relates rows of ${target.name}: $set replaces them all, $create makes new ones.`,
		type: "object",
		properties: {
			$set: ids,
			$attach: ids,
			$detach: ids,
			$create: { anyOf: [create, { type: "array", items: create }] },
		},
		minProperties: 1,
		additionalProperties: false,
	};
}

/** The schema of an id: the key's value, or an object of the fields of a composite key. */
export function idSchema(entity: Entity): JsonSchema {
	const single = entity.singleKey;
	return single ? operandSchema(single.type) : idObject(entity);
}

function idObject({ key }: Entity): JsonSchema {
	return {
		type: "object",
		properties: Object.fromEntries(key.map(({ name, type }) => [name, operandSchema(type)])),
		required: key.map(({ name }) => name),
		additionalProperties: false,
	};
}

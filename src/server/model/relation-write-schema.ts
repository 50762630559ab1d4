import type { Entity, Relation } from "../../data/schema/entity.ts";
import type { Field } from "../../data/schema/field.ts";
import { operandSchema } from "./field-schema.ts";
import type { JsonSchema } from "./json-schema.ts";
import type { SchemaRef } from "./write-context.ts";

/** The schema of what a body may say of a relation: `{ $set: { id: 1 } }`, `{ $create: [ … ] }`. */
export function relationWriteSchema(relation: Relation, ref: SchemaRef): JsonSchema {
	return relation.cardinality === "one" ? toOne(relation, ref) : toMany(relation, ref);
}

function toOne(relation: Relation, ref: SchemaRef): JsonSchema {
	const { target, keyIn, pairs } = relation;
	const refers = keyIn === "source";
	const required = refers && pairs.some(({ from }) => from.column.notNull);
	const id = refers ? idSchema(pairs.map(({ to }) => to)) : idSchema(target.key);
	return {
		description: `$set relates a row of ${target.name}, $create a new one.`,
		type: "object",
		properties: {
			$set: required ? id : { anyOf: [id, { type: "null" }] },
			$create: createSchema(relation, ref),
		},
		minProperties: 1,
		maxProperties: 1,
		additionalProperties: false,
	};
}

function toMany(relation: Relation, ref: SchemaRef): JsonSchema {
	const { target } = relation;
	const id = idSchema(target.key);
	const ids: JsonSchema = { anyOf: [{ type: "array", items: id }, id] };
	const create = createSchema(relation, ref);
	return {
		description: `$set leaves only these rows of ${target.name}, $attach and $detach change some, $create makes new ones.`,
		type: "object",
		properties: {
			$set: ids,
			$attach: ids,
			$detach: ids,
			$create: { anyOf: [{ type: "array", items: create }, create] },
		},
		not: {
			required: ["$set"],
			anyOf: [{ required: ["$attach"] }, { required: ["$detach"] }],
		},
		minProperties: 1,
		additionalProperties: false,
	};
}

/** A new row; where it refers back, the relation supplies what it would else have to have. */
function createSchema({ target, keyIn }: Relation, ref: SchemaRef): JsonSchema {
	return { $ref: ref(target, keyIn === "target" ? "update" : "create") };
}

/** An id: the key's value, or an object of its fields. */
function idSchema(key: Entity["key"]): JsonSchema {
	const properties = Object.fromEntries(
		key.map((field) => [field.name, operandSchema(field.type)]),
	);
	const object: JsonSchema = {
		type: "object",
		properties,
		required: key.map(({ name }) => name),
	};
	if (key.length > 1) return object;
	return { anyOf: [operandSchema((key[0] as Field).type), object] };
}

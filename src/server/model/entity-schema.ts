import type { Entity, Relation } from "../../data/schema/entity.ts";
import type { Field } from "../../data/schema/field.ts";
import { defaultOf, inputSchema, outputSchema } from "./field-schema.ts";
import type { JsonSchema } from "./json-schema.ts";
import type { ModelView } from "./model-view.ts";
import { relationWriteSchema } from "./relation-write-schema.ts";
import type { SchemaRef, WriteContext } from "./write-context.ts";

/**
 * The schema of a row in an answer: every field that is not hidden, and the related rows that may
 * come along.
 */
export function rowSchema(
	view: ModelView,
	entity: Entity,
	ref: (target: Entity) => JsonSchema,
): JsonSchema {
	const { visible } = entity;
	const related = view.relationsOf(entity).map(({ name, cardinality, target }) => {
		const row = ref(target);
		const rows: JsonSchema =
			cardinality === "one" ? { anyOf: [row, { type: "null" }] } : { type: "array", items: row };
		return [name, { ...rows, description: "Only if with names it.", readOnly: true }] as const;
	});
	return {
		type: "object",
		title: entity.label,
		properties: {
			...Object.fromEntries(visible.map((field) => [field.name, outputSchema(field)])),
			...Object.fromEntries(related),
		},
		...required(visible.map((field) => field.name)),
	};
}

/** The schema of the body that creates or updates a row. */
export function bodySchema(
	view: ModelView,
	entity: Entity,
	context: WriteContext,
	ref: SchemaRef,
): JsonSchema {
	const relations = view.relationsOf(entity);
	const names = context === "create" ? requiredFields(entity) : [];
	const supplied = relations.filter(
		({ keyIn, pairs }) => keyIn === "source" && pairs.some(({ from }) => names.includes(from.name)),
	);
	const optional = new Set(supplied.flatMap(keyNames));
	const choices = supplied.map((relation) => ({
		anyOf: [{ required: keyNames(relation) }, { required: [relation.name] }],
	}));
	return {
		type: "object",
		title: entity.label,
		properties: {
			...Object.fromEntries(
				entity.fields.map((field) => [field.name, property(entity, field, context)]),
			),
			...Object.fromEntries(
				relations.map((relation) => [relation.name, relationWriteSchema(relation, ref)]),
			),
		},
		...required(names.filter((name) => !optional.has(name))),
		...(choices.length > 0 ? { allOf: choices } : {}),
		additionalProperties: false,
	};
}

/** The fields that a new row must be given. */
export function requiredFields(entity: Entity): readonly string[] {
	return entity.fields
		.filter((field) => !field.optional && !isAssigned(entity, field))
		.map((field) => field.name);
}

/** Whether the database makes the value when none is sent: an integer that is the whole key. */
export function isAssigned(entity: Entity, field: Field): boolean {
	return field === entity.singleKey && field.type === "integer";
}

function property(entity: Entity, field: Field, context: WriteContext): JsonSchema {
	const schema = inputSchema(field);
	if (context === "update") {
		if (field === entity.version) return { ...schema, description: VERSION };
		return entity.key.includes(field) ? { ...schema, readOnly: true } : schema;
	}
	const value = defaultOf(field);
	return value === undefined ? schema : { ...schema, default: value };
}

const VERSION = "The version that was read. It grows by itself; a stale one is refused with 409.";

function keyNames({ pairs }: Relation): readonly string[] {
	return pairs.map(({ from }) => from.name);
}

function required(names: readonly string[]): Pick<JsonSchema, "required"> {
	return names.length > 0 ? { required: names } : {};
}

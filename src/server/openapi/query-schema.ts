import type { Entity } from "../../data/schema/entity.ts";
import type { JsonSchema } from "../model/json-schema.ts";
import type { ModelView } from "../model/model-view.ts";
import { schemaRef } from "./component-name.ts";
import { filterRef } from "./filter-schema.ts";

/** The schema of a `where`: fields to conditions, and `$and`, `$or`, `$not`. */
export function whereSchema(view: ModelView, entity: Entity): JsonSchema {
	const self = schemaRef(entity, "Where");
	const several: JsonSchema = { anyOf: [{ type: "array", items: self }, self] };
	const relations = relationNames(view, entity);
	return {
		type: "object",
		description: "All of it must hold. A field of a related row is written as author.name.",
		properties: {
			...Object.fromEntries(entity.visible.map((field) => [field.name, filterRef(field)])),
			$and: several,
			$or: several,
			$not: self,
		},
		...(relations.length > 0
			? { patternProperties: { [`^(${relations.map(escaped).join("|")})\\.`]: {} } }
			: {}),
		additionalProperties: false,
	};
}

/** The schema of a query as `POST …/query` takes it. */
export function querySchema(view: ModelView, entity: Entity): JsonSchema {
	const flag: JsonSchema = { type: "boolean", default: false };
	return {
		type: "object",
		properties: {
			...options(view, entity),
			cursor: { type: "string", description: "Empty for the first page, then meta.cursor." },
			count: flag,
			total: flag,
		},
		additionalProperties: false,
	};
}

/** The schema of the query of related rows inside of a `with`. */
export function nestedSchema(view: ModelView, entity: Entity): JsonSchema {
	return { type: "object", properties: options(view, entity), additionalProperties: false };
}

/** The names that a query may sort by: each field, and each with a minus. */
export function sortNames({ visible }: Entity): readonly string[] {
	return visible.flatMap(({ name }) => [name, `-${name}`]);
}

/** The names of the relations that somebody may know. */
export function relationNames(view: ModelView, entity: Entity): readonly string[] {
	return view.relationsOf(entity).map((relation) => relation.name);
}

function options(view: ModelView, entity: Entity): Readonly<Record<string, JsonSchema>> {
	const { limit, maxLimit, visible } = entity;
	const relations = relationNames(view, entity);
	const names = visible.map((field) => field.name);
	return {
		where: schemaRef(entity, "Where"),
		select: listOf(names),
		sort: sortSchema(entity),
		limit: { type: "integer", minimum: 0, maximum: maxLimit, default: limit },
		offset: { type: "integer", minimum: 0, default: 0 },
		...(relations.length > 0
			? { with: withSchema(view, entity, relations), join: listOf(relations) }
			: {}),
	};
}

function withSchema(view: ModelView, entity: Entity, names: readonly string[]): JsonSchema {
	const nested = view
		.relationsOf(entity)
		.map((relation) => [relation.name, schemaRef(relation.target, "Nested")] as const);
	return {
		anyOf: [
			...(listOf(names).anyOf ?? []),
			{ type: "object", properties: Object.fromEntries(nested), additionalProperties: false },
		],
	};
}

function sortSchema(entity: Entity): JsonSchema {
	const by: JsonSchema = { type: "string", enum: entity.visible.map((field) => field.name) };
	const rule: JsonSchema = {
		type: "object",
		properties: { by, dir: { type: "string", enum: ["asc", "desc"], default: "asc" } },
		required: ["by"],
		additionalProperties: false,
	};
	const name: JsonSchema = { type: "string", enum: sortNames(entity) };
	return {
		anyOf: [
			{ type: "string", description: "Fields between commas; -field is descending." },
			rule,
			{ type: "array", items: { anyOf: [name, rule] }, maxItems: 10 },
		],
	};
}

/** Names as a list, or as text between commas. */
function listOf(names: readonly string[]): JsonSchema {
	return {
		anyOf: [
			{ type: "string", description: "Names between commas." },
			{ type: "array", items: { type: "string", enum: names } },
		],
	};
}

/** Of what a name may hold, only `$` means something in a pattern. */
function escaped(name: string): string {
	return name.replaceAll("$", "\\$");
}

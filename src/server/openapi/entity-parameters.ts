import type { Entity } from "../../data/schema/entity.ts";
import { operandSchema } from "../model/field-schema.ts";
import type { ModelView } from "../model/model-view.ts";
import { componentName, parameterRef, schemaRef, type EntityParameter } from "./component-name.ts";
import { exampleId } from "./example-row.ts";
import type { Parameter, Ref } from "./openapi-document.ts";
import { relationNames, sortNames } from "./query-schema.ts";

/** The pointers to all parameters of a list. */
export function listParameters(view: ModelView, entity: Entity): readonly Ref[] {
	const own: readonly EntityParameter[] = ["where", "select", "sort", "limit"];
	const related: readonly EntityParameter[] =
		relationNames(view, entity).length > 0 ? ["with", "join"] : [];
	return [
		...own.map((name) => parameterRef(entity, name)),
		...["offset", "cursor", "count", "total"].map((name) => ({
			$ref: `#/components/parameters/${name}`,
		})),
		...related.map((name) => parameterRef(entity, name)),
	];
}

/** The pointers to the parameters of a read by id. */
export function readParameters(view: ModelView, entity: Entity): readonly Ref[] {
	const related = relationNames(view, entity).length > 0;
	return [parameterRef(entity, "select"), ...(related ? [parameterRef(entity, "with")] : [])];
}

/** The id in a path. */
export function idParameter(entity: Entity): Parameter {
	return {
		name: "id",
		in: "path",
		required: true,
		description: "The value of the primary key.",
		schema: operandSchema(entity.singleKey?.type ?? "text"),
		example: exampleId(entity),
	};
}

/** The parameters that are an entity's own, by the name of their component. */
export function entityParameters(
	view: ModelView,
	entity: Entity,
): Readonly<Record<string, Parameter>> {
	const relations = relationNames(view, entity);
	const parameters: readonly Parameter[] = [
		whereParameter(entity),
		names("select", "The fields of the answer; all if left out.", fieldNames(entity)),
		names("sort", "Fields to sort by; -field is descending.", sortNames(entity)),
		limitParameter(entity),
		...(relations.length > 0
			? [
					names("with", "Relations whose rows come along.", relations),
					names("join", "Only rows that have related rows.", relations),
				]
			: []),
	];
	return Object.fromEntries(
		parameters.map((parameter) => [componentName(entity, `.${parameter.name}`), parameter]),
	);
}

function whereParameter(entity: Entity): Parameter {
	const [key] = entity.key;
	const example = key && { [key.name]: { $isnull: false } };
	return {
		name: "where",
		in: "query",
		description: "A filter, as JSON.",
		content: { "application/json": { schema: schemaRef(entity, "Where"), example } },
	};
}

function limitParameter({ limit, maxLimit }: Entity): Parameter {
	return {
		name: "limit",
		in: "query",
		description: "The most rows.",
		schema: { type: "integer", minimum: 0, maximum: maxLimit, default: limit },
		example: Math.min(2, maxLimit),
	};
}

/** Names between commas. */
function names(name: EntityParameter, description: string, known: readonly string[]): Parameter {
	const [first, second] = known;
	return {
		name,
		in: "query",
		description,
		style: "form",
		explode: false,
		schema: { type: "array", items: { type: "string", enum: known } },
		example: name === "sort" ? [second] : [first],
	};
}

function fieldNames({ visible }: Entity): readonly string[] {
	return visible.map((field) => field.name);
}

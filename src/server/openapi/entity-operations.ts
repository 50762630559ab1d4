import type { Entity, Relation } from "../../data/schema/entity.ts";
import type { JsonSchema } from "../model/json-schema.ts";
import type { ModelView } from "../model/model-view.ts";
import { answer, body, envelope, failures, json, listOf } from "./answer.ts";
import { schemaRef } from "./component-name.ts";
import { idParameter, listParameters, readParameters } from "./entity-parameters.ts";
import { exampleCreate, exampleId, exampleRow, exampleUpdate } from "./example-row.ts";
import type { Operation, Ref } from "./openapi-document.ts";
import { headerRefs } from "./shared-components.ts";

/** What an operation is about. */
export interface OperationSubject {
	readonly view: ModelView;
	readonly entity: Entity;
	/** The relation that the path names, if it names one. */
	readonly relation?: Relation;
}

/** An operation of an entity, before it has a tag, an id that is nobody else's, and its security. */
export type EntityOperation = Omit<Operation, "tags" | "security">;

/** The operations of every entity, by method and path below the base. */
export const entityOperations: Readonly<
	Record<string, (subject: OperationSubject) => EntityOperation>
> = {
	"GET /data/entity/:entity": list,
	"POST /data/entity/:entity/query": query,
	"POST /data/entity/:entity/fn/count": ({ entity }) =>
		counting(entity, "count", { type: "integer", minimum: 0 }, 1),
	"POST /data/entity/:entity/fn/exists": ({ entity }) =>
		counting(entity, "exists", { type: "boolean" }, true),
	"GET /data/entity/:entity/:id": read,
	"GET /data/entity/:entity/:id/:reference": reference,
	"POST /data/entity/:entity": insert,
	"PATCH /data/entity/:entity/:id": update,
	"PATCH /data/entity/:entity": updateWhere,
	"DELETE /data/entity/:entity/:id": remove,
	"DELETE /data/entity/:entity": removeWhere,
};

function list({ view, entity }: OperationSubject): EntityOperation {
	return {
		operationId: "list",
		summary: `List rows of ${entity.label}`,
		description: "With select, rows have the selected fields only.",
		parameters: listParameters(view, entity),
		responses: { 200: rows(entity), ...failures(400) },
	};
}

function query({ entity }: OperationSubject): EntityOperation {
	return {
		operationId: "query",
		summary: "List rows, with the query as a body",
		description: "The same as the list, for queries that are too long for a URL.",
		requestBody: body(schemaRef(entity, "Query"), {
			where: whereExample(entity),
			sort: entity.key.map((field) => `-${field.name}`).join(),
		}),
		responses: { 200: rows(entity), ...failures(400, 413) },
	};
}

function counting(
	entity: Entity,
	name: "count" | "exists",
	schema: JsonSchema,
	example: unknown,
): EntityOperation {
	const result: JsonSchema = {
		type: "object",
		properties: { entity: { const: entity.name }, [name]: schema },
		required: ["entity", name],
	};
	return {
		operationId: name,
		summary: name === "count" ? "Count rows" : "Tell whether there are rows",
		description: "The body is a where; without one, all rows count.",
		requestBody: { ...body(schemaRef(entity, "Where"), whereExample(entity)), required: false },
		responses: {
			200: answer("The answer.", json(result, { entity: entity.name, [name]: example })),
			...failures(400, 413),
		},
	};
}

function read({ view, entity }: OperationSubject): EntityOperation {
	return {
		operationId: "read",
		summary: "Read one row",
		parameters: [
			idParameter(entity),
			...readParameters(view, entity),
			...headerOf(entity, "If-None-Match"),
		],
		responses: {
			200: row(entity, "ReadMeta", "The row."),
			...(entity.version
				? { 304: { description: "It is as If-None-Match says.", headers: headerRefs("ETag") } }
				: {}),
			...failures(400, 404),
		},
	};
}

function reference({ view, entity, relation }: OperationSubject): EntityOperation {
	const { name, target, cardinality } = relation as Relation;
	return {
		operationId: `read.${name}`,
		summary: `List its ${name}`,
		description:
			cardinality === "one" ? "At most one row." : `The rows of ${target.label} that belong to it.`,
		parameters: [idParameter(entity), ...listParameters(view, target)],
		responses: {
			200: answer("The rows.", json(envelope(listOf(schemaRef(target, "Row")), "ReadMeta"))),
			...failures(400, 404),
		},
	};
}

function insert({ entity }: OperationSubject): EntityOperation {
	const create = schemaRef(entity, "Create");
	const one = schemaRef(entity, "Row");
	return {
		operationId: "create",
		summary: "Create one row, or several",
		description:
			"Several are stored together or not at all; the answer keeps their order, with null for what a listener prevented.",
		requestBody: {
			required: true,
			content: json({ anyOf: [create, listOf(create)] }, exampleCreate(entity)),
		},
		responses: {
			201: answer(
				"What was stored.",
				json(
					envelope({ anyOf: [one, listOf({ anyOf: [one, { type: "null" }] })] }, "WriteMeta"),
					writeExample(exampleRow(entity)),
				),
				etag(entity),
			),
			202: answer(
				"A listener prevented it, and nothing was stored.",
				json(envelope({ type: "null" }, "WriteMeta")),
			),
			...failures(400, 409, 412, 413, 422),
		},
	};
}

function update({ entity }: OperationSubject): EntityOperation {
	return {
		operationId: "update",
		summary: "Update one row",
		description: "Fields that are left out stay as they are.",
		parameters: [idParameter(entity), ...headerOf(entity, "If-Match")],
		requestBody: body(schemaRef(entity, "Update"), exampleUpdate(entity)),
		responses: {
			200: row(entity, "WriteMeta", "The row as it is now."),
			...failures(400, 404, 409, ...precondition(entity), 413, 422),
		},
	};
}

function updateWhere({ entity }: OperationSubject): EntityOperation {
	const where = { ...schemaRef(entity, "Where"), minProperties: 1 };
	const change = exampleUpdate(entity);
	const schema: JsonSchema = {
		type: "object",
		properties: { update: schemaRef(entity, "Update"), where },
		required: ["update", "where"],
	};
	return {
		operationId: "updateWhere",
		summary: "Update rows",
		requestBody: body(schema, change && { update: change, where: whereExample(entity) }),
		responses: { 200: written(entity), ...failures(400, 409, 412, 413, 422) },
	};
}

function remove({ entity }: OperationSubject): EntityOperation {
	return {
		operationId: "delete",
		summary: "Delete one row",
		parameters: [idParameter(entity), ...headerOf(entity, "If-Match")],
		responses: {
			200: answer(
				"The row that was deleted.",
				json(envelope(schemaRef(entity, "Row"), "WriteMeta")),
			),
			...failures(400, 404, 409, ...precondition(entity)),
		},
	};
}

function removeWhere({ entity }: OperationSubject): EntityOperation {
	const where = { ...schemaRef(entity, "Where"), minProperties: 1 };
	return {
		operationId: "deleteWhere",
		summary: "Delete rows",
		description: "The body is a where; without one nothing is deleted.",
		requestBody: body(where, whereExample(entity)),
		responses: { 200: written(entity), ...failures(400, 409, 412, 413) },
	};
}

function rows(entity: Entity) {
	const schema = envelope(listOf(schemaRef(entity, "Row")), "ReadMeta");
	const meta = { items: 1, limit: entity.limit, offset: 0 };
	return answer("The rows.", json(schema, { data: [exampleRow(entity)], meta }));
}

function row(entity: Entity, meta: "ReadMeta" | "WriteMeta", description: string) {
	const schema = envelope(schemaRef(entity, "Row"), meta);
	return answer(description, json(schema), etag(entity));
}

function written(entity: Entity) {
	return answer("The rows.", json(envelope(listOf(schemaRef(entity, "Row")), "WriteMeta")));
}

function writeExample(data: unknown) {
	return { data, meta: { items: 1 } };
}

function whereExample(entity: Entity): Readonly<Record<string, unknown>> {
	const id = exampleId(entity);
	const [key] = entity.key;
	return { [key?.name ?? ""]: id ?? { $isnull: false } };
}

function etag(entity: Entity): readonly string[] {
	return entity.version ? ["ETag"] : [];
}

function precondition(entity: Entity): readonly number[] {
	return entity.version ? [412] : [];
}

/** A header about the version of a row, where rows have one. */
function headerOf(entity: Entity, name: "If-Match" | "If-None-Match"): readonly Ref[] {
	return entity.version ? [{ $ref: `#/components/parameters/${name}` }] : [];
}

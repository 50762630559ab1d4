import type { Entity } from "../../data/schema/entity.ts";
import type { SystemStats } from "../contract.ts";
import type { JsonSchema } from "../model/json-schema.ts";
import type { ModelView } from "../model/model-view.ts";
import { WRITE_CONTEXTS } from "../model/write-context.ts";
import { answer, failures, json } from "./answer.ts";
import type { Operation, Parameter, ResponseObject } from "./openapi-document.ts";
import { tailOperation } from "./tail-operation.ts";

/** An operation that is about no single entity, before its security is known. */
export type AppOperation = Omit<Operation, "security">;

const MODEL = ["about the model"] as const;
const SYSTEM = ["about the server"] as const;

/** The tags of the operations below. A space keeps them apart from those of entities. */
export const APP_TAGS = [
	{ name: MODEL[0], description: "What there is to read and write." },
	{ name: SYSTEM[0], description: "Whether it runs, and what it is." },
] as const;

const text: JsonSchema = { type: "string" };

const STATS_EXAMPLE: SystemStats = {
	measured: true,
	listeners: 1,
	pending: 0,
	calls: 12,
	errors: 0,
	perListener: [
		{
			id: "slugs",
			source: "config",
			mode: "sync",
			refs: ["mutator-insert-before"],
			calls: 12,
			errors: 0,
			p50: 0.031,
			p95: 0.214,
		},
	],
};

/** The operations that are about no single entity, by method and path below the base. */
export const appOperations: Readonly<Record<string, (view: ModelView) => AppOperation>> = {
	"GET /data": () => ({
		operationId: "model",
		tags: MODEL,
		summary: "Tell of all entities, their fields and relations",
		responses: { 200: answer("The model.", json(modelSchema())), ...failures() },
	}),
	"GET /data/info/:entity": (view) => ({
		operationId: "info",
		tags: MODEL,
		summary: "Tell of one entity in short",
		parameters: [entityParameter(view)],
		responses: { 200: answer("The entity.", json(infoSchema())), ...failures(404) },
	}),
	"GET /data/schemas/:entity": (view) => ({
		operationId: "createSchema",
		tags: MODEL,
		summary: "Give the JSON Schema of a body that creates a row",
		parameters: [entityParameter(view)],
		responses: { 200: schemaAnswer(), ...failures(404) },
	}),
	"GET /data/schemas/:entity/:context": (view) => ({
		operationId: "schema",
		tags: MODEL,
		summary: "Give the JSON Schema of a body",
		parameters: [entityParameter(view), contextParameter()],
		responses: { 200: schemaAnswer(), ...failures(404) },
	}),
	"GET /system/ping": () => system("ping", "Answer at once", { pong: { const: true } }),
	"GET /system/info": () =>
		system("systemInfo", "Tell what runs here", {
			name: text,
			version: text,
			runtime: text,
			engine: text,
			entities: { type: "array", items: text },
			access: { type: "string", description: "Which access rule holds." },
		}),
	"GET /system/stats": () => ({
		operationId: "systemStats",
		tags: SYSTEM,
		summary: "Tell how often listeners were called, and how long they took",
		responses: {
			200: answer("The statistics of this process.", json(statsSchema())),
			...failures(),
		},
	}),
	"GET /system/events": () => ({ ...tailOperation(), tags: SYSTEM }),
	"GET /system/openapi.json": () => ({
		operationId: "openapi",
		tags: SYSTEM,
		summary: "Give this document",
		responses: {
			200: answer("An OpenAPI 3.1 document.", json({ type: "object" })),
			...failures(),
		},
	}),
	"GET /system/docs": () => ({
		operationId: "docs",
		tags: SYSTEM,
		summary: "Show this document as a page",
		responses: {
			200: answer("A page.", { "text/html": { schema: text } }, ["Content-Security-Policy"]),
			...failures(),
		},
	}),
	"GET /health": () =>
		system("health", "Tell whether the process lives", { status: { const: "ok" } }),
	"GET /ready": () => ({
		...system("ready", "Tell whether all that requests need answers", {
			status: { const: "ready" },
			checks: { type: "object", additionalProperties: text },
		}),
	}),
	"GET /": () =>
		system("root", "Tell where to go on", {
			name: text,
			version: text,
			links: { type: "object" },
		}),
};

/** Operations for who runs the server. */
export const OPERATOR_OPERATIONS: ReadonlySet<string> = new Set([
	"GET /system/events",
	"GET /system/stats",
]);

function system(
	operationId: string,
	summary: string,
	properties: Readonly<Record<string, JsonSchema>>,
): AppOperation {
	const schema: JsonSchema = { type: "object", properties, required: Object.keys(properties) };
	return {
		operationId,
		tags: SYSTEM,
		summary,
		responses: { 200: answer("The answer.", json(schema)), ...failures() },
	};
}

function schemaAnswer(): ResponseObject {
	return answer("A JSON Schema (2020-12).", json({ type: "object" }));
}

function statsSchema(): JsonSchema {
	const count: JsonSchema = { type: "integer", minimum: 0 };
	const milliseconds: JsonSchema = { type: "number", minimum: 0, description: "Milliseconds." };
	const counts = { calls: count, errors: count } as const;
	const listener = {
		id: text,
		source: { type: "string", description: "Who registered it." },
		mode: { type: "string", enum: ["sync", "async"] },
		refs: { type: "array", items: text },
		...counts,
	} as const satisfies Readonly<Record<string, JsonSchema>>;
	const properties = {
		measured: { type: "boolean", description: "Whether calls are counted." },
		listeners: count,
		pending: { ...count, description: "Deferred calls that wait or run." },
		...counts,
		perListener: {
			type: "array",
			items: {
				type: "object",
				properties: { ...listener, p50: milliseconds, p95: milliseconds },
				required: Object.keys(listener),
			},
		},
	} as const satisfies Readonly<Record<string, JsonSchema>>;
	return {
		type: "object",
		properties,
		required: Object.keys(properties),
		examples: [STATS_EXAMPLE],
	};
}

function modelSchema(): JsonSchema {
	const config: JsonSchema = { type: "object" };
	const named = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
		type: "object",
		additionalProperties: { type: "object", properties, required: Object.keys(properties) },
	});
	const properties = {
		entities: named({ type: text, fields: named({ type: text, config }), config }),
		relations: named({ type: text, source: text, target: text, config }),
		indices: named({
			entity: text,
			fields: { type: "array", items: text },
			unique: { type: "boolean" },
		}),
	};
	return { type: "object", properties, required: Object.keys(properties) };
}

function infoSchema(): JsonSchema {
	const names: JsonSchema = { type: "array", items: text };
	const ends: JsonSchema = {
		type: "array",
		items: {
			type: "object",
			properties: { entity: text, ref: text },
			required: ["entity", "ref"],
		},
	};
	const relations = { all: ends, listable: ends, source: ends, target: ends };
	const properties = {
		name: text,
		label: text,
		fields: names,
		key: names,
		sort: text,
		limit: { type: "integer" },
		max_limit: { type: "integer" },
		relations: { type: "object", properties: relations, required: Object.keys(relations) },
	} as const satisfies Readonly<Record<string, JsonSchema>>;
	return { type: "object", properties, required: Object.keys(properties) };
}

function entityParameter({ entities }: ModelView): Parameter {
	const names = entities.map((entity: Entity) => entity.name);
	const [first] = names;
	return {
		name: "entity",
		in: "path",
		required: true,
		description: "The name of an entity.",
		schema: first === undefined ? text : { type: "string", enum: names },
		...(first === undefined ? {} : { example: first }),
	};
}

function contextParameter(): Parameter {
	return {
		name: "context",
		in: "path",
		required: true,
		description: "What the body is for.",
		schema: { type: "string", enum: WRITE_CONTEXTS },
		example: "update",
	};
}

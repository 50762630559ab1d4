import type { Entity } from "../../data/schema/entity.ts";
import type { TokenUse } from "../guard.ts";
import type { JsonSchema } from "../model/json-schema.ts";
import { bodySchema, rowSchema } from "../model/entity-schema.ts";
import type { ModelView } from "../model/model-view.ts";
import { appOperations, APP_TAGS, OPERATOR_OPERATIONS } from "./app-operations.ts";
import { failures } from "./answer.ts";
import { componentName, schemaRef, type EntityComponent } from "./component-name.ts";
import { entityOperations, type OperationSubject } from "./entity-operations.ts";
import { entityParameters } from "./entity-parameters.ts";
import type { OpenApiDocument, Operation, OperationMethod, PathItem } from "./openapi-document.ts";
import { nestedSchema, querySchema, whereSchema } from "./query-schema.ts";
import type { ServerPart } from "../server-part.ts";
import { sharedComponents } from "./shared-components.ts";

/** A route as it is mounted. */
export interface MountedRoute {
	readonly method: string;
	readonly path: string;
}

/** What the description of an API is made from, beside the model. */
export interface ApiFacts {
	readonly version: string;
	/** Where most routes begin, such as `/api`. */
	readonly base: string;
	/** The routes of ours, as they are mounted. */
	readonly routes: readonly MountedRoute[];
	/** Which access rule holds, as a sentence. */
	readonly access: string;
	readonly token: TokenUse;
	/** How to tell who runs the server: by being on its machine, or by the token. */
	readonly operator: "local" | "token";
	/** Bytes of a JSON body. */
	readonly maxBody: number;
	/** What the server has beside the data and itself. */
	readonly parts: readonly Pick<ServerPart, "operations" | "tags">[];
}

const ENTITY = "/data/entity/:entity";
const HEADERS = ["X-Request-Id", "traceparent"].map((name) => ({
	$ref: `#/components/parameters/${name}`,
}));

/** Describes the part of an API that somebody may know, as OpenAPI 3.1. */
export function describeApi(view: ModelView, facts: ApiFacts): OpenApiDocument {
	const { version, base, parts } = facts;
	const { entities } = view;
	const shared = sharedComponents();
	return {
		openapi: "3.1.1",
		info: { title: "Burdock", version, description: introduction(facts) },
		servers: [{ url: base, description: "Where most paths begin." }],
		tags: [
			...entities.map(({ name, label }) => ({ name, description: label })),
			...parts.flatMap(({ tags }) => tags),
			...APP_TAGS,
		],
		paths: paths(view, facts),
		components: {
			...shared,
			schemas: {
				...Object.assign({}, ...entities.map((entity) => entitySchemas(view, entity))),
				...shared.schemas,
			},
			parameters: {
				...Object.assign({}, ...entities.map((entity) => entityParameters(view, entity))),
				...shared.parameters,
			},
		},
	};
}

function introduction({ access, maxBody }: ApiFacts): string {
	return (
		"Reads and writes of every entity, each of which passes through the hooks. " +
		"Bodies are JSON, with or without a Content-Type, " +
		`and at most ${Math.floor(maxBody / 1024)} KiB long. Answers have data and meta; failures are problem details. ` +
		`Access: ${access}.`
	);
}

function entitySchemas(view: ModelView, entity: Entity): Readonly<Record<string, JsonSchema>> {
	const ref = (of: Entity, context: "create" | "update") =>
		schemaRef(of, context === "create" ? "Create" : "Update").$ref;
	const schemas: Readonly<Record<EntityComponent, JsonSchema>> = {
		Row: rowSchema(view, entity, (target) => schemaRef(target, "Row")),
		Create: bodySchema(view, entity, "create", ref),
		Update: bodySchema(view, entity, "update", ref),
		Where: whereSchema(view, entity),
		Query: querySchema(view, entity),
		Nested: nestedSchema(view, entity),
	};
	return Object.fromEntries(
		Object.entries(schemas).map(([name, schema]) => [componentName(entity, name), schema]),
	);
}

function paths(view: ModelView, facts: ApiFacts): Readonly<Record<string, PathItem>> {
	const items: Record<string, PathItem> = {};
	for (const { method, path } of facts.routes) {
		const inside = path.startsWith(`${facts.base}/`);
		const pattern = inside ? path.slice(facts.base.length) : path;
		for (const [key, operation] of operations(view, facts, method, pattern)) {
			items[key] ??= { ...(inside ? {} : { servers: [{ url: "/" }] }), parameters: HEADERS };
			items[key] = { ...items[key], [method.toLowerCase() as OperationMethod]: operation };
		}
	}
	return items;
}

/** The operations that a route stands for: one, or one of each entity, or one of each relation. */
function operations(
	view: ModelView,
	facts: ApiFacts,
	method: string,
	pattern: string,
): readonly (readonly [path: string, operation: Operation])[] {
	const partOperation = partOperationOf(facts, `${method} ${pattern}`);
	if (partOperation) {
		const operation = partOperation(view);
		const secured = operation && { ...operation, ...security(facts, method, pattern) };
		return secured ? [[spelled(pattern), secured]] : [];
	}
	if (!pattern.startsWith(ENTITY)) {
		return [[spelled(pattern), appOperation(view, facts, method, pattern)]];
	}
	const make = entityOperations[`${method} ${pattern}`];
	return view.entities.flatMap((entity) =>
		subjects(view, entity, pattern).map((subject) => {
			const path = spelled(
				pattern.replace(":entity", () => encodeURIComponent(entity.name)),
			).replace("{reference}", () => encodeURIComponent(subject.relation?.name ?? ""));
			const operation = make?.(subject) ?? unknownOperation(method, pattern);
			return [
				path,
				{
					...operation,
					operationId: `${entity.name}.${operation.operationId}`,
					tags: [entity.name],
					...security(facts, method, pattern),
				},
			] as const;
		}),
	);
}

/** What a part of the server says of one of its routes, if it is one of a part. */
function partOperationOf({ parts }: ApiFacts, key: string) {
	return parts.map(({ operations }) => operations[key]).find((known) => known !== undefined);
}

/** What a pattern is about: nothing if it needs the id of an entity that has no single one. */
function subjects(view: ModelView, entity: Entity, pattern: string): readonly OperationSubject[] {
	if (pattern.includes("/:id") && !entity.singleKey) return [];
	if (!pattern.includes("/:reference")) return [{ view, entity }];
	return view.relationsOf(entity).map((relation) => ({ view, entity, relation }));
}

function appOperation(
	view: ModelView,
	{ operator }: ApiFacts,
	method: string,
	pattern: string,
): Operation {
	const key = `${method} ${pattern}`;
	const operation = appOperations[key]?.(view) ?? {
		...unknownOperation(method, pattern),
		tags: [APP_TAGS[1].name],
	};
	const guarded = operator === "token" && OPERATOR_OPERATIONS.has(key);
	return guarded ? { ...operation, security: [{ bearer: [] }] } : operation;
}

/** A route that nobody has described is shown as what it is. */
function unknownOperation(method: string, pattern: string) {
	return { operationId: `${method} ${pattern}`, summary: pattern, responses: failures() };
}

function security(
	{ token }: ApiFacts,
	method: string,
	pattern: string,
): Pick<Operation, "security"> {
	const reads = method === "GET" || /\/(?:query|count|exists)$/.test(pattern);
	if (token === "sometimes") return { security: [{}, { bearer: [] }] };
	return token === "writes" && !reads ? { security: [{ bearer: [] }] } : {};
}

/** `/:id` as OpenAPI spells it: `/{id}`. */
function spelled(pattern: string): string {
	return pattern.replace(/:(\w+)/g, "{$1}");
}

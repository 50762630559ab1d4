import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { expect } from "vitest";
import type { OpenApiDocument, Operation } from "../../src/server/openapi/openapi-document.ts";

/** One operation of a document, and where it stands. */
export interface FoundOperation {
	readonly method: string;
	/** As requests spell it, from the root of the server. */
	readonly path: string;
	/** As the document spells it. */
	readonly key: string;
	readonly operation: Operation;
}

/** All operations of a document. */
export function operationsOf(document: OpenApiDocument): readonly FoundOperation[] {
	const base = document.servers[0]?.url;
	return Object.entries(document.paths).flatMap(([key, item]) =>
		Object.entries(item)
			.filter(([name]) => !["servers", "parameters"].includes(name))
			.map(([method, operation]) => ({
				method: method.toUpperCase(),
				path: item.servers ? key : `${base}${key}`,
				key,
				operation: operation as Operation,
			})),
	);
}

/** What a pointer of a document points to; anything else is itself. */
export function resolve<T>(document: OpenApiDocument, value: T | { readonly $ref: string }): T {
	if (typeof value !== "object" || value === null || !("$ref" in value)) return value as T;
	let found: unknown = document;
	for (const part of value.$ref.slice(2).split("/")) {
		found = (found as Record<string, unknown> | undefined)?.[part];
	}
	expect(found, `${value.$ref} points to nothing`).toBeDefined();
	return found as T;
}

/** Asserts that this is an OpenAPI document in which everything points to something. */
export async function expectValid(document: OpenApiDocument): Promise<void> {
	const { valid, errors } = await new Validator().validate(structuredClone(document) as never);
	expect(errors ?? [], "faults of the document").toEqual([]);
	expect(valid).toBe(true);
	for (const pointer of pointersIn(document)) resolve(document, { $ref: pointer });
	const ids = operationsOf(document).map(({ operation }) => operation.operationId);
	expect(new Set(ids).size, "operation ids are unique").toBe(ids.length);
	const tags = document.tags.map((tag) => tag.name);
	expect(new Set(tags).size, "tags are unique").toBe(tags.length);
	for (const { operation } of operationsOf(document)) {
		expect(tags).toEqual(expect.arrayContaining([...operation.tags]));
	}
	const ajv = ajvOf(document);
	for (const name of Object.keys(document.components.schemas)) {
		ajv.getSchema(`api#/components/schemas/${name}`);
	}
}

/** A strict validator that knows the components of a document under `api#/components/…`. */
export function ajvOf(document: OpenApiDocument): Ajv2020 {
	const ajv = new Ajv2020({
		strictSchema: false,
		strictTypes: false,
		allErrors: true,
		allowUnionTypes: true,
	});
	formats.default(ajv);
	ajv.addSchema({ $id: "api", components: document.components });
	return ajv;
}

/** Says what is wrong with a value that should fit a schema of the document; nothing if it fits. */
export function faultsOf(ajv: Ajv2020, schema: unknown, value: unknown): unknown {
	const text = JSON.stringify(schema).replaceAll('"#/components', '"api#/components');
	const validate = ajv.compile(JSON.parse(text) as object);
	return validate(value) ? undefined : validate.errors;
}

function pointersIn(value: unknown): readonly string[] {
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, inner]) =>
		key === "$ref" && typeof inner === "string" ? [inner] : pointersIn(inner),
	);
}

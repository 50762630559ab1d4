import type { JsonSchema } from "../model/json-schema.ts";
import type { MediaType, Ref, RequestBody, ResponseObject } from "./openapi-document.ts";
import { failureRef, headerRefs } from "./shared-components.ts";

/** Failures that any request may meet. */
const ALWAYS = [401, 403, 429, 500, 503] as const;

/** The content of a body of JSON. */
export function json(schema: JsonSchema, example?: unknown): Readonly<Record<string, MediaType>> {
	return { "application/json": { schema, ...(example === undefined ? {} : { example }) } };
}

/** The answer to a request that succeeded. */
export function answer(
	description: string,
	content: Readonly<Record<string, MediaType>>,
	headers: readonly string[] = [],
): ResponseObject {
	return { description, headers: headerRefs(...headers), content };
}

/** The pointers to what may go wrong, beside what may always. */
export function failures(...statuses: readonly number[]): Readonly<Record<string, Ref>> {
	const all = [...statuses, ...ALWAYS].toSorted((one, other) => one - other);
	return Object.fromEntries(all.map((status) => [status, failureRef(status)]));
}

/** The body of a request. */
export function body(schema: JsonSchema, example?: unknown): RequestBody {
	return { required: true, content: json(schema, example) };
}

/** The schema of data with its meta. */
export function envelope(data: JsonSchema, meta: "ReadMeta" | "WriteMeta"): JsonSchema {
	return {
		type: "object",
		properties: { data, meta: { $ref: `#/components/schemas/${meta}` } },
		required: ["data", "meta"],
	};
}

/** The schema of a list of these. */
export function listOf(items: JsonSchema): JsonSchema {
	return { type: "array", items };
}

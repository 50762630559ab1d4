import type { JsonSchema } from "../model/json-schema.ts";
import type { Parameter } from "../openapi/openapi-document.ts";

const text: JsonSchema = { type: "string" };

/** The name in the path of a file. */
export function nameParameter(): Parameter {
	return pathParameter("name", "The public name of the file.", "cover.png");
}

/** A part of a path. */
export function pathParameter(name: string, description: string, example: string): Parameter {
	return { name, in: "path", required: true, description, schema: text, example };
}

/** A header of a request. */
export function headerParameter(name: string, description: string): Parameter {
	return { name, in: "header", description, schema: text };
}

/** The conditions of a write: 412 unless they hold. */
export function writeConditions(): readonly Parameter[] {
	return [
		headerParameter("If-Match", "ETags of the file: 412 if there is none that has one of them."),
		headerParameter("If-None-Match", "ETags, or * for any: 412 if the file has one of them."),
		headerParameter("If-Unmodified-Since", "A date: 412 if the file has changed since."),
	];
}

/** The conditions of a write to which no file is known: one that relies on it hears that it can't. */
export function newFileConditions(): readonly Parameter[] {
	return [headerParameter("If-Match", "Always a 412: no file is named here.")];
}

/** A parameter of a query that may be left out. */
export function queryParameter(name: string, description: string, schema: JsonSchema): Parameter {
	return { name, in: "query", description, schema };
}

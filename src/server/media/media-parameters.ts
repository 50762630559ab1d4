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

/** A parameter of a query that may be left out. */
export function queryParameter(name: string, description: string, schema: JsonSchema): Parameter {
	return { name, in: "query", description, schema };
}

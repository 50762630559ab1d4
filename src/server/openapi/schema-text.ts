import type { JsonSchema } from "../model/json-schema.ts";

/** Says what a schema is in a few words: `text`, `"draft" or "live"`, `integer or null`. */
export function schemaText(schema: JsonSchema): string {
	if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
	if (schema.anyOf) return [...new Set(schema.anyOf.map(schemaText))].join(" or ");
	const types = [schema.type ?? []].flat().map((type) => {
		if (type !== "string") return type;
		return schema.format ?? schema.contentEncoding ?? "string";
	});
	return types.join(" or ") || "any JSON";
}

/** What a schema says beside the type, in a few words each. */
export function schemaNotes(schema: JsonSchema): readonly string[] {
	const { maxLength, readOnly, writeOnly } = schema;
	return [
		...(readOnly ? ["read only"] : []),
		...(writeOnly ? ["write only"] : []),
		...(maxLength === undefined ? [] : [`at most ${maxLength} characters`]),
		...(schema.default === undefined ? [] : [`default ${JSON.stringify(schema.default)}`]),
	];
}

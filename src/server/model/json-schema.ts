/** The types of JSON. */
export type JsonType = "string" | "number" | "integer" | "boolean" | "object" | "array" | "null";

/** A JSON Schema (2020-12), as far as the ones written here go. */
export interface JsonSchema {
	readonly $schema?: string;
	readonly $id?: string;
	readonly $ref?: string;
	readonly title?: string;
	readonly description?: string;
	readonly type?: JsonType | readonly JsonType[];
	readonly format?: string;
	readonly contentEncoding?: string;
	readonly enum?: readonly unknown[];
	readonly const?: unknown;
	readonly pattern?: string;
	readonly minLength?: number;
	readonly maxLength?: number;
	readonly minimum?: number;
	readonly maximum?: number;
	readonly default?: unknown;
	readonly examples?: readonly unknown[];
	readonly readOnly?: boolean;
	readonly writeOnly?: boolean;
	readonly properties?: Readonly<Record<string, JsonSchema>>;
	readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
	readonly required?: readonly string[];
	readonly minProperties?: number;
	readonly maxProperties?: number;
	readonly additionalProperties?: boolean | JsonSchema;
	readonly items?: JsonSchema;
	readonly minItems?: number;
	readonly maxItems?: number;
	readonly anyOf?: readonly JsonSchema[];
	readonly allOf?: readonly JsonSchema[];
	readonly not?: JsonSchema;
}

/** The dialect of all of them. */
export const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/** The same schema, which null fits as well. */
export function nullable(schema: JsonSchema): JsonSchema {
	if (schema.anyOf) return { ...schema, anyOf: [...schema.anyOf, { type: "null" }] };
	if (schema.type === undefined) return schema;
	return {
		...schema,
		type: [...[schema.type].flat(), "null"],
		...(schema.enum ? { enum: [...schema.enum, null] } : {}),
	};
}

import type { FieldType } from "../../data/schema/codec.ts";
import type { Field } from "../../data/schema/field.ts";
import { isExpression } from "../../data/schema/is-expression.ts";
import { nullable, type JsonSchema } from "./json-schema.ts";

const MIN_SAFE = Number.MIN_SAFE_INTEGER;
const MAX_SAFE = Number.MAX_SAFE_INTEGER;
const DECIMAL = "^[+-]?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?$";
const INTEGER = "^-?[0-9]+$";

/** Values as they are sent. */
const OUTPUT: Readonly<Record<FieldType, JsonSchema>> = {
	integer: { type: "integer" },
	real: { type: "number" },
	numeric: { type: "string", pattern: DECIMAL },
	bigint: { type: "string", pattern: INTEGER },
	text: { type: "string" },
	boolean: { type: "boolean" },
	date: { type: "string", format: "date-time" },
	json: {},
	blob: { type: "string", contentEncoding: "base64" },
	custom: {},
};

/** Values as they are taken. */
const INPUT: Readonly<Record<FieldType, JsonSchema>> = {
	...OUTPUT,
	integer: { type: "integer", minimum: MIN_SAFE, maximum: MAX_SAFE },
	numeric: { type: ["string", "number"], pattern: DECIMAL },
	bigint: { type: ["string", "integer"], pattern: INTEGER, minimum: MIN_SAFE, maximum: MAX_SAFE },
	date: {
		description: "ISO 8601, UTC where it has no offset, or milliseconds since the epoch.",
		anyOf: [
			{ type: "string", format: "date-time" },
			{ type: "string", format: "date" },
			{ type: "integer" },
		],
	},
};

/** The schema of a field's values in an answer. */
export function outputSchema(field: Field): JsonSchema {
	return { ...valueSchema(field, OUTPUT), ...(field.generated ? { readOnly: true } : {}) };
}

/** The schema of a field's values in a body. */
export function inputSchema(field: Field): JsonSchema {
	return {
		...valueSchema(field, INPUT),
		...(field.generated ? { readOnly: true } : {}),
		...(field.hidden ? { writeOnly: true } : {}),
	};
}

/** The schema of a value that is not null, without the bounds of its field: an operand. */
export function operandSchema(type: FieldType): JsonSchema {
	return INPUT[type];
}

/** The value that the table stores when none is sent, as it looks on the wire; undefined if none is known. */
export function defaultOf(field: Field): unknown {
	const { default: value } = field.column;
	if (value === undefined || value === null || isExpression(value)) return undefined;
	const sent = field.toWire ? field.toWire(value) : value;
	return sent instanceof Date ? sent.toISOString() : sent;
}

function valueSchema(field: Field, forms: Readonly<Record<FieldType, JsonSchema>>): JsonSchema {
	const { enumValues, maxLength } = field;
	const schema: JsonSchema = {
		...forms[field.type],
		...(enumValues ? { enum: enumValues } : {}),
		...(maxLength === undefined ? {} : { maxLength }),
	};
	if (!field.column.notNull) return nullable(schema);
	return schema.type || schema.anyOf ? schema : { ...schema, not: { type: "null" } };
}

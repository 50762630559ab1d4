import type { FieldType } from "../../data/schema/codec.ts";
import type { Field } from "../../data/schema/field.ts";
import { operandSchema } from "../model/field-schema.ts";
import { nullable, type JsonSchema } from "../model/json-schema.ts";

/** How a field can be filtered: like its type, or only by whether it is null. */
type FilterKind = Exclude<FieldType, "json" | "blob"> | "null";

const FILTER_KINDS: readonly FilterKind[] = [
	"integer",
	"real",
	"numeric",
	"bigint",
	"text",
	"boolean",
	"date",
	"custom",
	"null",
];

const IS_NULL: JsonSchema = { type: ["boolean", "integer"], enum: [true, false, 1, 0] };
const PATTERN: JsonSchema = { type: "string", maxLength: 1000 };

/** The schemas of all conditions on one field, by the name of their component. */
export function filterSchemas(): Readonly<Record<string, JsonSchema>> {
	return Object.fromEntries(FILTER_KINDS.map((kind) => [`${kind}Filter`, filterSchema(kind)]));
}

/** The pointer to the schema of conditions on this field. */
export function filterRef(field: Field): JsonSchema {
	const { type } = field;
	const kind = type === "json" || type === "blob" || isOpaque(field) ? "null" : type;
	return { $ref: `#/components/schemas/${kind}Filter` };
}

/** A bigint that is stored as bytes, whose order is not that of its values. */
function isOpaque({ type, storedAsBytes }: Field): boolean {
	return type === "bigint" && storedAsBytes;
}

function filterSchema(kind: FilterKind): JsonSchema {
	if (kind === "null") {
		const tests: JsonSchema = {
			type: "object",
			properties: { $isnull: IS_NULL },
			additionalProperties: false,
		};
		return { description: "Only whether it is null.", anyOf: [{ type: "null" }, tests] };
	}
	const operand = operandSchema(kind);
	const description = "A value, null, or operators, all of which must hold.";
	return { description, anyOf: [operand, { type: "null" }, operatorsSchema(kind, operand)] };
}

function operatorsSchema(kind: FilterKind, operand: JsonSchema): JsonSchema {
	const list: JsonSchema = { type: "array", items: operand, maxItems: 1000 };
	return {
		type: "object",
		properties: {
			$eq: nullable(operand),
			$ne: nullable(operand),
			$gt: operand,
			$gte: operand,
			$lt: operand,
			$lte: operand,
			$in: list,
			$notin: list,
			$between: { type: "array", items: operand, minItems: 2, maxItems: 2 },
			$isnull: IS_NULL,
			...(kind === "text"
				? {
						$like: PATTERN,
						$ilike: PATTERN,
						$contains: PATTERN,
						$startsWith: PATTERN,
						$endsWith: PATTERN,
					}
				: {}),
		},
		additionalProperties: false,
	};
}

import type { FieldType } from "../../data/schema/codec.ts";
import type { Entity, Row } from "../../data/schema/entity.ts";
import type { Field } from "../../data/schema/field.ts";
import { isAssigned, requiredFields } from "../model/entity-schema.ts";
import { defaultOf } from "../model/field-schema.ts";

const SAMPLES: Readonly<Record<Exclude<FieldType, "text">, unknown>> = {
	integer: 1,
	real: 1.5,
	numeric: "19.99",
	bigint: "9007199254740993",
	boolean: true,
	date: "2026-01-02T03:04:05.000Z",
	json: { key: ["value"] },
	blob: "aGVsbG8=",
	custom: "text",
};

/** How many keys lead to keys before it is a circle. */
const MAX_HOPS = 8;

/**
 * The examples of one entity. They tell one story: in an empty database, after the examples of the
 * entities that it refers to, the first row is created from {@link exampleCreate}, and has
 * {@link exampleId}.
 */
export function exampleCreate(entity: Entity): Row {
	const wanted = new Set(requiredFields(entity));
	for (const { name } of entity.fields.filter((field) => isTextKey(entity, field))) {
		wanted.add(name);
	}
	if (wanted.size === 0) {
		const [first] = entity.fields.filter((field) => isPlain(entity, field));
		if (first) wanted.add(first.name);
	}
	const fields = entity.fields.filter((field) => wanted.has(field.name));
	return Object.fromEntries(fields.map((field) => [field.name, exampleValue(entity, field)]));
}

/** A change of one field; nothing when the row is nothing but keys. */
export function exampleUpdate(entity: Entity): Row | undefined {
	const field =
		entity.visible.find((one) => isPlain(entity, one) && one.type === "text") ??
		entity.visible.find((one) => isPlain(entity, one));
	return field && { [field.name]: exampleValue(entity, field, "Another") };
}

/** The row as it comes back; what the server alone knows is made up. */
export function exampleRow(entity: Entity): Row {
	const given = exampleCreate(entity);
	return Object.fromEntries(
		entity.visible.map((field) => [field.name, given[field.name] ?? storedValue(entity, field)]),
	);
}

/** The id of the example, as its path spells it; undefined for a composite key. */
export function exampleId(entity: Entity): number | string | undefined {
	const key = entity.singleKey;
	return key && (exampleValue(entity, key) as number | string);
}

/** Whether the example row's value is what the database really stores, and nothing made up. */
export function isCertain(entity: Entity, field: Field): boolean {
	const { column, name, generated } = field;
	if (name in exampleCreate(entity) || isAssigned(entity, field)) return true;
	return !generated && !column.defaultFn && !column.onUpdateFn && !isComputed(field);
}

function storedValue(entity: Entity, field: Field): unknown {
	const { column, generated } = field;
	const value = defaultOf(field);
	if (value !== undefined) return value;
	const made = generated || column.defaultFn || column.onUpdateFn || isComputed(field);
	return made || isAssigned(entity, field) ? exampleValue(entity, field) : null;
}

/** Whether the database computes the default. */
function isComputed(field: Field): boolean {
	return field.column.default !== undefined && defaultOf(field) === undefined;
}

function exampleValue(entity: Entity, field: Field, word = "Some"): unknown {
	const target = referencedField(entity, field, MAX_HOPS);
	const { name, type, enumValues, maxLength } = target ?? field;
	if (enumValues?.length) return word === "Some" ? enumValues[0] : enumValues.at(-1);
	if (type !== "text") return SAMPLES[type];
	return textExample(name, word).slice(0, maxLength);
}

function textExample(name: string, word: string): string {
	if (/e-?mail/i.test(name)) return `${word.toLowerCase()}body@example.org`;
	if (/^(id|code|key|slug)$|Id$|Code$/.test(name))
		return `${word.toLowerCase()}-${name.toLowerCase()}`;
	if (/url|link|website/i.test(name)) return `https://example.org/${word.toLowerCase()}`;
	const words = name.replace(/([a-z0-9])([A-Z])|[_-]/g, "$1 $2").toLowerCase();
	return `${word} ${words}`;
}

/** The field at the end of a foreign key, whose example value this one has, too. */
function referencedField(entity: Entity, field: Field, hops: number): Field | undefined {
	for (const { keyIn, cardinality, pairs, target } of entity.relations.values()) {
		const pair = pairs.find(({ from }) => from === field);
		if (keyIn !== "source" || cardinality !== "one" || !pair || hops === 0) continue;
		return referencedField(target, pair.to, hops - 1) ?? pair.to;
	}
	return undefined;
}

function isTextKey(entity: Entity, field: Field): boolean {
	return field === entity.singleKey && field.type === "text";
}

/** Whether it is data and nothing else: no key, no reference, nothing that the server makes. */
function isPlain(entity: Entity, field: Field): boolean {
	return (
		!entity.key.includes(field) &&
		!field.generated &&
		!field.hidden &&
		field !== entity.version &&
		!entity.references.some(({ fields }) => fields.includes(field))
	);
}

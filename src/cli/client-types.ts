import type { Entity, Relation } from "../data/schema/entity.ts";
import type { Field } from "../data/schema/field.ts";

const HEADER = `// What the entities of this server are, for createClient of burdock/client:
//
//     const client = createClient<Schema>({ url: "http://localhost:1337" });
//
// Made by "burdock types". Do not edit it: make it again when the schema has changed.
`;

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/**
 * A TypeScript file, complete in itself, that tells a client what the entities are: the wire types
 * of their fields, and their relations, declared or derived. The same entities give the same text.
 */
export function clientTypes(entities: readonly Entity[]): string {
	const sorted = entities.toSorted((one, other) => (one.name < other.name ? -1 : 1));
	return `${HEADER}
export interface Schema {
${sorted.map(entityType).join("\n")}
}
`;
}

function entityType(entity: Entity): string {
	const relations = [...entity.relations.values()].toSorted((one, other) =>
		one.name < other.name ? -1 : 1,
	);
	return [
		`\t${key(entity.name)}: {`,
		`\t\tid: ${idType(entity)};`,
		...block("fields", entity.fields.map(fieldType)),
		...block("relations", relations.map(relationType)),
		"\t};",
	].join("\n");
}

function block(name: string, lines: readonly string[]): readonly string[] {
	if (lines.length === 0) return [`\t\t${name}: {};`];
	return [`\t\t${name}: {`, ...lines.map((line) => `\t\t\t${line}`), "\t\t};"];
}

/** Never for a composite key: no route takes one. */
function idType({ singleKey }: Entity): string {
	if (!singleKey) return "never";
	return (
		singleKey.enumValues?.map(quote).join(" | ") ??
		{ integer: "number", text: "string" }[singleKey.type as "integer" | "text"]
	);
}

function fieldType(field: Field): string {
	const { column } = field;
	const bytes = field.type === "bigint" && field.storedAsBytes;
	return `${key(field.name)}: ${object([
		`type: ${quote(bytes ? "bytes" : field.type)}`,
		...(field.enumValues ? [`value: ${field.enumValues.map(quote).join(" | ")}`] : []),
		...(column.notNull ? [] : ["nullable: true"]),
		...(column.notNull && field.optional && !field.generated ? ["optional: true"] : []),
		...(field.generated ? ["readOnly: true"] : []),
		...(field.hidden ? ["hidden: true"] : []),
	])};`;
}

function relationType(relation: Relation): string {
	const many = relation.cardinality === "many";
	const always =
		relation.keyIn === "source" && relation.pairs.every(({ from }) => from.column.notNull);
	return `${key(relation.name)}: ${object([
		`to: ${quote(relation.target.name)}`,
		`many: ${many}`,
		...(many || always ? [] : ["nullable: true"]),
	])};`;
}

function object(parts: readonly string[]): string {
	return `{ ${parts.join("; ")} }`;
}

function key(name: string): string {
	return IDENTIFIER.test(name) ? name : quote(name);
}

function quote(text: string): string {
	return JSON.stringify(text);
}

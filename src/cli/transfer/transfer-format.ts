import { createHash } from "node:crypto";
import type { Entity } from "../../data/schema/entity.ts";

/** The version of the format; a reader refuses any other. */
export const FORMAT_VERSION = 1;

/** The first line of an export. */
export interface HeaderLine {
	readonly burdock: "export";
	readonly version: number;
	/** What {@link schemaHash} said of the schema. */
	readonly schema: string;
	/** The entities that follow, in this order. */
	readonly entities: readonly string[];
}

/** A line that holds a row: its entity, and the values of all fields that can be written. */
export interface RowLine {
	readonly entity: string;
	readonly row: Readonly<Record<string, unknown>>;
}

/** The last line: without it a file that was cut off between two lines would look whole. */
export interface EndLine {
	readonly burdock: "end";
	readonly rows: number;
	/** The highest keys that AUTOINCREMENT has given out, by entity: none is given out again. */
	readonly sequences: Readonly<Record<string, number>>;
}

/** Says of two schemas whether their rows fit each other: tables, columns, types and keys. */
export function schemaHash(entities: readonly Entity[]): string {
	const tables = entities.map(({ name, identifier, fields, key }) => [
		name,
		identifier,
		fields.map((field) => [field.name, field.identifier, field.type, field.column.notNull]),
		key.map((field) => field.name),
	]);
	const text = JSON.stringify(tables.sort(([one = ""], [other = ""]) => (one < other ? -1 : 1)));
	return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

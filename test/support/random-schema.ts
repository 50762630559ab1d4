import {
	blob,
	integer,
	numeric,
	primaryKey,
	real,
	sqliteTable,
	text,
	type AnySQLiteColumn,
	type SQLiteColumnBuilderBase,
} from "drizzle-orm/sqlite-core";
import fc from "fast-check";
import { lowerCase } from "./wide-schema.ts";

/** A table in the short form that a failing property prints. */
export interface TablePlan {
	readonly name: string;
	/** Names of fields to places in {@link COLUMNS}. */
	readonly fields: Readonly<Record<string, number>>;
	readonly key: "integer" | "text" | "composite";
	/** The place of the table whose key a field refers to. */
	readonly refersTo: number | undefined;
}

const COLUMNS: readonly (() => SQLiteColumnBuilderBase)[] = [
	() => text(),
	() => text({ length: 7 }).notNull(),
	() => text({ enum: ["a", "ö\"'", ""] }).default("a"),
	() => text({ mode: "json" }).notNull(),
	() => text().$defaultFn(() => "made"),
	() => integer(),
	() => integer({ mode: "boolean" }).notNull().default(true),
	() => integer({ mode: "timestamp" }).notNull(),
	() => integer({ mode: "timestamp_ms" }).default(new Date(0)),
	() => real(),
	() => numeric(),
	() => numeric({ mode: "bigint" }).default(12n),
	() => blob({ mode: "buffer" }),
	() => blob({ mode: "json" }),
	() => blob({ mode: "bigint" }).notNull(),
	() => lowerCase(),
];

const name = fc
	.stringMatching(/^[a-zA-Zäß_Ωж][\w$é-]{0,5}$/u)
	.filter((given) => !["__proto__", "constructor", "prototype"].includes(given));

const plan = fc.record({
	name,
	fields: fc
		.uniqueArray(fc.tuple(name, fc.nat(COLUMNS.length - 1)), {
			maxLength: 5,
			selector: ([field]) => field.toLowerCase(),
		})
		.map((fields) => Object.fromEntries(fields)),
	key: fc.constantFrom("integer" as const, "text" as const, "composite" as const),
	refersTo: fc.option(fc.nat(3), { nil: undefined }),
});

/** Plans of a few tables with any names, fields and keys. */
export const tablePlans: fc.Arbitrary<readonly TablePlan[]> = fc.uniqueArray(plan, {
	maxLength: 4,
	selector: (table) => table.name.toLowerCase(),
});

/** Makes the Drizzle tables of plans. Each may refer to one before it whose key is one field. */
export function schemaOf(plans: readonly TablePlan[]): Readonly<Record<string, unknown>> {
	const keys: (AnySQLiteColumn | undefined)[] = [];
	const schema: Record<string, unknown> = {};
	for (const { name: tableName, fields, key, refersTo } of plans) {
		const target = refersTo === undefined ? undefined : keys[refersTo];
		const columns: Record<string, SQLiteColumnBuilderBase> = {};
		for (const [field, index] of Object.entries(fields)) {
			columns[field] = COLUMNS[index]?.() ?? text();
		}
		if (target) columns["other_key"] = integer().references(() => target);
		columns["key_1"] = key === "text" ? text().primaryKey() : integer();
		if (key === "integer") columns["key_1"] = integer().primaryKey();
		if (key === "composite") columns["key_2"] = text();
		const table = sqliteTable(tableName, columns, (self) => {
			const { key_1: one, key_2: two } = self as Record<string, AnySQLiteColumn | undefined>;
			return one && two ? [primaryKey({ columns: [one, two] as never })] : [];
		});
		const own = table as unknown as Record<string, AnySQLiteColumn | undefined>;
		keys.push(key === "composite" ? undefined : own["key_1"]);
		schema[tableName] = table;
	}
	return schema;
}

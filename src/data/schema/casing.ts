import { toCamelCase, toSnakeCase } from "drizzle-orm/casing";
import { SQLiteSyncDialect, type SQLiteColumn } from "drizzle-orm/sqlite-core";

/** How columns that are declared without a name are named in SQL, after their property keys. */
export type Casing = "snake_case" | "camelCase";

const CONVERT = { snake_case: toSnakeCase, camelCase: toCamelCase } as const;

/** The name of a column in SQL: the declared one, or else its property key in this casing. */
export function columnName(column: SQLiteColumn, casing: Casing | undefined): string {
	return column.keyAsName && casing !== undefined ? CONVERT[casing](column.name) : column.name;
}

/** A compiler of Drizzle's expressions that names columns in this casing. */
export function dialectFor(casing: Casing | undefined): SQLiteSyncDialect {
	return new SQLiteSyncDialect(casing === undefined ? {} : { casing });
}

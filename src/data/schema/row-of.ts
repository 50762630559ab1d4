import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { EntityId } from "./entity.ts";

/** The stored row of a table, as Drizzle types it. */
export type RowOf<T extends SQLiteTable> = T["$inferSelect"];

/** What may be inserted into a table, as Drizzle types it; of a table that only has a name, anything. */
export type InsertOf<T extends SQLiteTable> = SQLiteTable extends T
	? Record<string, unknown>
	: T["$inferInsert"];

/** What may be updated in a table. */
export type UpdateOf<T extends SQLiteTable> = Partial<InsertOf<T>>;

/** The type of a table's id: of its key, or of an object of its fields. */
export type IdOf<T extends SQLiteTable> = SQLiteTable extends T
	? EntityId
	: [KeyName<T>] extends [never]
		? EntityId
		: T["$inferSelect"][KeyName<T> & keyof T["$inferSelect"]];

type KeyName<T extends SQLiteTable> = {
	[Name in keyof T["_"]["columns"]]: T["_"]["columns"][Name]["_"]["isPrimaryKey"] extends true
		? Name
		: never;
}[keyof T["_"]["columns"]];

/** The table that something names; any table, where it is named by a string. */
export type TableOf<Ref> = Ref extends SQLiteTable ? Ref : SQLiteTable;

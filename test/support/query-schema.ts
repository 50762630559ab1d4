import { integer, numeric, real, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Rows for queries: one field of each comparable type, most of them nullable. */
export const items = sqliteTable("items", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	count: integer("item_count"),
	ratio: real("ratio"),
	name: text("item_name"),
	on: integer("is_on", { mode: "boolean" }),
	at: integer("at_ms", { mode: "timestamp_ms" }),
	big: numeric("big_number", { mode: "bigint" }),
	secret: integer("secret"),
});

/** A row as code sees it. */
export type Item = typeof items.$inferSelect;

import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The table of the hand-written servers, as a Drizzle user declares it. */
export const files = sqliteTable("files", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	key: text("key").notNull().unique(),
	type: text("type").notNull(),
	size: integer("size").notNull(),
	etag: text("etag").notNull(),
	object: text("object").notNull(),
	createdAt: integer("created_at", { mode: "timestamp_ms" }).notNull(),
});

/** The same, for a new database. */
export const CREATE_FILES = `CREATE TABLE IF NOT EXISTS files (
	id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
	key TEXT NOT NULL UNIQUE,
	type TEXT NOT NULL,
	size INTEGER NOT NULL,
	etag TEXT NOT NULL,
	object TEXT NOT NULL,
	created_at INTEGER NOT NULL
)`;

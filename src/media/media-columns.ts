import { integer, text } from "drizzle-orm/sqlite-core";

const now = (): Date => new Date();

/**
 * The columns that a table of files has to have, for a table with more of your own. Drizzle names
 * them as they are here, whatever the casing.
 *
 * @example
 * ```ts
 * export const media = sqliteTable("media", {
 *   ...mediaColumns(),
 *   alt: text("alt").notNull().default(""),
 * });
 * ```
 */
export function mediaColumns() {
	return {
		id: integer("id").primaryKey({ autoIncrement: true }),
		/** The public name: what `/api/media/file/:name` takes. */
		key: text("key", { length: 200 }).notNull().unique(),
		/** What the file was called where it came from. */
		name: text("name", { length: 200 }).notNull(),
		/** The media type, by content. */
		type: text("type", { length: 127 }).notNull(),
		/** Bytes. */
		size: integer("size").notNull(),
		/** Changes with the content. */
		etag: text("etag", { length: 64 }).notNull(),
		/** SHA-256 in hexadecimal; null where the runtime has none that streams. */
		checksum: text("checksum", { length: 64 }),
		/** Pixels, of an image. */
		width: integer("width"),
		/** Pixels, of an image. */
		height: integer("height"),
		metadata: text("metadata", { mode: "json" }).$type<Readonly<Record<string, unknown>>>(),
		/** The key of the stored object. Only uploads write it. */
		object: text("object", { length: 32 }).notNull().unique(),
		createdAt: integer("created_at", { mode: "timestamp_ms" }).notNull().$defaultFn(now),
		updatedAt: integer("updated_at", { mode: "timestamp_ms" })
			.notNull()
			.$defaultFn(now)
			.$onUpdate(now),
	};
}

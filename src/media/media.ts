import { sqliteTable } from "drizzle-orm/sqlite-core";
import { mediaColumns } from "./media-columns.ts";

/**
 * The table of files, to be part of your schema: `export { media } from "burdock/media"`. Others refer
 * to it as to any table. For columns of your own see {@link mediaColumns}.
 *
 * @example
 * ```ts
 * export { media } from "burdock/media";
 * export const posts = sqliteTable("posts", {
 *   id: integer("id").primaryKey(),
 *   coverId: integer("cover_id").references(() => media.id, { onDelete: "set null" }),
 * });
 * ```
 */
export const media = sqliteTable("media", mediaColumns());

/** A row of {@link media}, whatever columns yours has beyond these. */
export type MediaRow = typeof media.$inferSelect;

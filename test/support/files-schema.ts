import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { mediaColumns } from "../../src/media/media-columns.ts";

/** What files may belong to, and go with. */
export const albums = sqliteTable("albums", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	title: text("title").notNull(),
});

/** Files, with columns of the test's own. */
export const media = sqliteTable("media", {
	...mediaColumns(),
	alt: text("alt").notNull().default(""),
	albumId: integer("album_id").references(() => albums.id, { onDelete: "cascade" }),
});

/** What has one file, and any number of others. */
export const posts = sqliteTable("posts", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	title: text("title").notNull(),
	coverId: integer("cover_id").references(() => media.id, { onDelete: "set null" }),
});

export const postsMedia = sqliteTable(
	"posts_media",
	{
		postId: integer("post_id")
			.notNull()
			.references(() => posts.id, { onDelete: "cascade" }),
		mediaId: integer("media_id")
			.notNull()
			.references(() => media.id, { onDelete: "cascade" }),
	},
	(pair) => [primaryKey({ columns: [pair.postId, pair.mediaId] })],
);

import { blob, index, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const authors = sqliteTable("authors", {
	id: text("id").primaryKey(),
	name: text("name", { length: 40 }).notNull(),
	email: text("e_mail").notNull().unique(),
	passwordHash: text("password_hash"),
});

export const posts = sqliteTable(
	"posts",
	{
		id: integer("id").primaryKey({ autoIncrement: true }),
		title: text("title").notNull(),
		slug: text("slug").notNull().unique(),
		state: text("state", { enum: ["draft", "live"] })
			.notNull()
			.default("draft"),
		views: integer("views").notNull().default(0),
		rating: real("rating"),
		pinned: integer("pinned", { mode: "boolean" }).notNull().default(false),
		publishedAt: integer("published_at", { mode: "timestamp_ms" }),
		extra: text("extra", { mode: "json" }),
		fileSize: blob("file_size", { mode: "bigint" }),
		thumbnail: blob("thumbnail", { mode: "buffer" }),
		authorId: text("author_id").references(() => authors.id),
	},
	(table) => [index("posts_author").on(table.authorId)],
);

export const tags = sqliteTable("tags", {
	id: integer("id").primaryKey(),
	name: text("name").notNull(),
});

export const postTags = sqliteTable(
	"post_tags",
	{
		postId: integer("post_id")
			.notNull()
			.references(() => posts.id, { onDelete: "cascade" }),
		tagId: integer("tag_id")
			.notNull()
			.references(() => tags.id),
	},
	(table) => [primaryKey({ columns: [table.postId, table.tagId] })],
);

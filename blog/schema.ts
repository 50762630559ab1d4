import { media } from "burdock/media";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** Files: their bytes are in the store, and here is what is known about them. */
export { media };

const now = (): Date => new Date();

/** People who write posts. */
export const authors = sqliteTable("authors", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	name: text("name", { length: 80 }).notNull(),
	email: text("email", { length: 254 }).notNull().unique(),
	bio: text("bio").notNull().default(""),
});

/**
 * Articles. `slug`, `words` and the size of the cover are filled by hooks; a title without a letter or
 * a digit gets a random slug.
 */
export const posts = sqliteTable(
	"posts",
	{
		id: integer("id").primaryKey({ autoIncrement: true }),
		title: text("title", { length: 200 }).notNull(),
		slug: text("slug", { length: 200 })
			.notNull()
			.unique()
			.$defaultFn(() => crypto.randomUUID()),
		body: text("body").notNull(),
		excerpt: text("excerpt", { length: 300 }),
		words: integer("words").notNull().default(0),
		status: text("status", { enum: ["draft", "published"] })
			.notNull()
			.default("draft"),
		featured: integer("featured", { mode: "boolean" }).notNull().default(false),
		authorId: integer("author_id")
			.notNull()
			.references(() => authors.id),
		coverId: integer("cover_id").references(() => media.id, { onDelete: "set null" }),
		/** Pixels: a page can keep the room free before the image is there. */
		coverWidth: integer("cover_width"),
		/** Pixels. */
		coverHeight: integer("cover_height"),
		publishedAt: integer("published_at", { mode: "timestamp_ms" }),
		createdAt: integer("created_at", { mode: "timestamp_ms" }).notNull().$defaultFn(now),
		updatedAt: integer("updated_at", { mode: "timestamp_ms" })
			.notNull()
			.$defaultFn(now)
			.$onUpdate(now),
	},
	(post) => [
		index("posts_author").on(post.authorId),
		index("posts_cover").on(post.coverId),
		index("posts_published").on(post.status, post.publishedAt),
	],
);

/** What posts are about. */
export const tags = sqliteTable("tags", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	name: text("name", { length: 40 }).notNull().unique(),
});

/** Which post has which tags. */
export const postsTags = sqliteTable(
	"posts_tags",
	{
		id: integer("id").primaryKey({ autoIncrement: true }),
		postId: integer("post_id")
			.notNull()
			.references(() => posts.id, { onDelete: "cascade" }),
		tagId: integer("tag_id")
			.notNull()
			.references(() => tags.id, { onDelete: "cascade" }),
	},
	(pair) => [
		uniqueIndex("posts_tags_pair").on(pair.postId, pair.tagId),
		index("posts_tags_tag").on(pair.tagId),
	],
);

/** What readers answer; it goes when its post goes. */
export const comments = sqliteTable(
	"comments",
	{
		id: integer("id").primaryKey({ autoIncrement: true }),
		postId: integer("post_id")
			.notNull()
			.references(() => posts.id, { onDelete: "cascade" }),
		author: text("author", { length: 80 }).notNull(),
		body: text("body", { length: 2000 }).notNull(),
		createdAt: integer("created_at", { mode: "timestamp_ms" }).notNull().$defaultFn(now),
	},
	(comment) => [index("comments_post").on(comment.postId)],
);

/** One row for each row that was inserted, updated or deleted, stored together with that change. */
export const audit = sqliteTable(
	"audit",
	{
		id: integer("id").primaryKey({ autoIncrement: true }),
		entity: text("entity").notNull(),
		entityId: text("entity_id").notNull(),
		action: text("action", { enum: ["insert", "update", "delete"] }).notNull(),
		at: integer("at", { mode: "timestamp_ms" }).notNull().$defaultFn(now),
		changed: text("changed", { mode: "json" }).$type<Record<string, unknown>>(),
	},
	(entry) => [index("audit_subject").on(entry.entity, entry.entityId)],
);

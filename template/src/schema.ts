import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

const now = (): Date => new Date();

/** Each table is served at /api/data/entity/<the name of its export>. */
export const posts = sqliteTable("posts", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	title: text("title", { length: 200 }).notNull(),
	/** A hook makes it of the title. */
	slug: text("slug")
		.notNull()
		.unique()
		.$defaultFn(() => crypto.randomUUID()),
	body: text("body").notNull().default(""),
	status: text("status", { enum: ["draft", "published"] })
		.notNull()
		.default("draft"),
	createdAt: integer("created_at", { mode: "timestamp_ms" }).notNull().$defaultFn(now),
});

/** They go when their post goes. */
export const comments = sqliteTable(
	"comments",
	{
		id: integer("id").primaryKey({ autoIncrement: true }),
		postId: integer("post_id")
			.notNull()
			.references(() => posts.id, { onDelete: "cascade" }),
		body: text("body", { length: 2000 }).notNull(),
	},
	(comment) => [index("comments_post").on(comment.postId)],
);

import { sql } from "drizzle-orm";
import { check, index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** How often the schema computed a default, per field: tests reset it. */
export const computed = { made: 0, touched: 0 };

/** Posts: defaults of all kinds, a unique field, a check. */
export const posts = sqliteTable(
	"posts",
	{
		id: integer("id").primaryKey({ autoIncrement: true }),
		title: text("title", { length: 20 }).notNull(),
		urlSlug: text("url_slug").unique(),
		status: text("status", { enum: ["draft", "live"] })
			.notNull()
			.default("draft"),
		views: integer("view_count").notNull().default(0),
		made: integer("made").$defaultFn(() => ++computed.made),
		touched: integer("touched").$onUpdate(() => ++computed.touched),
	},
	(table) => [
		check("posts_views_positive", sql`${table.views} >= 0`),
		index("posts_views").on(table.views),
	],
);

/** Comments: a required reference. */
export const comments = sqliteTable("comments", {
	id: integer("id").primaryKey(),
	postId: integer("post_id")
		.notNull()
		.references(() => posts.id),
	body: text("body").notNull(),
});

/** What commit listeners write; `subject` is text, `number` a number. */
export const audit = sqliteTable("audit", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	action: text("action").notNull(),
	subject: text("subject").unique(),
	number: integer("number"),
});

export const journal = { posts, comments, audit };

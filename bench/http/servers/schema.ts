import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The table as a Drizzle user declares it. */
export const posts = sqliteTable("posts", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	title: text("title").notNull(),
	slug: text("slug").notNull(),
	body: text("body").notNull(),
	author: text("author").notNull(),
	views: integer("views").notNull(),
});

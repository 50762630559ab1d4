import { sql } from "drizzle-orm";
import {
	foreignKey,
	integer,
	primaryKey,
	sqliteTable,
	text,
	type AnySQLiteColumn,
} from "drizzle-orm/sqlite-core";

/** Users and posts refer to each other: a circle. */
export const users = sqliteTable("users", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	name: text("name").notNull(),
	password: text("password"),
	favouriteId: integer("favourite_id").references((): AnySQLiteColumn => posts.id),
});

export const posts = sqliteTable("posts", {
	id: integer("id").primaryKey(),
	authorId: integer("author_id")
		.notNull()
		.references(() => users.id),
	title: text("title", { length: 50 }).notNull(),
	length: integer("length").generatedAlwaysAs(sql`(length(title))`),
	version: integer("version").notNull().default(1),
	nextId: integer("next_id").references((): AnySQLiteColumn => posts.id),
});

/** A tree whose every node has to have a parent: the root is its own. */
export const nodes = sqliteTable("nodes", {
	value: text("value").primaryKey(),
	parent: text("parent")
		.notNull()
		.references((): AnySQLiteColumn => nodes.value),
});

/** A composite key, and a reference to itself by it. */
export const places = sqliteTable(
	"places",
	{
		country: text("country").notNull(),
		number: integer("number").notNull(),
		nearCountry: text("near_country"),
		nearNumber: integer("near_number"),
	},
	(table) => [
		primaryKey({ columns: [table.country, table.number] }),
		foreignKey({
			columns: [table.nearCountry, table.nearNumber],
			foreignColumns: [table.country, table.number],
		}),
	],
);

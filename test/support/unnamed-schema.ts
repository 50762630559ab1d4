import { sql } from "drizzle-orm";
import {
	check,
	foreignKey,
	index,
	integer,
	primaryKey,
	sqliteTable,
	text,
	unique,
	uniqueIndex,
} from "drizzle-orm/sqlite-core";

/** Columns without names of their own: what they are called in SQL is a matter of casing. */
export const writers = sqliteTable("writers", {
	id: integer().primaryKey({ autoIncrement: true }),
	fullName: text().notNull(),
	/** One with a name keeps it. */
	penName: text("thePenName").unique(),
});

/** Every part of a table that names columns. */
export const books = sqliteTable(
	"books",
	{
		bookId: integer().primaryKey(),
		bookTitle: text().notNull().unique(),
		shelf_mark: text().default("A1"),
		writerId: integer()
			.notNull()
			.references(() => writers.id, { onDelete: "cascade", onUpdate: "cascade" }),
		secondWriterId: integer(),
		pageCount: integer().notNull().default(0),
		titleLength: integer().generatedAlwaysAs(sql`(1)`, { mode: "virtual" }),
		HTMLBody2: text(),
	},
	(table) => [
		foreignKey({ columns: [table.secondWriterId], foreignColumns: [writers.id] }).onDelete(
			"set null",
		),
		unique().on(table.bookTitle, table.shelf_mark),
		unique("books_by_pages").on(table.pageCount, table.bookTitle),
		index("books_writer").on(table.writerId, table.pageCount),
		uniqueIndex("books_lower").on(sql`lower(${table.bookTitle})`),
		index("books_long")
			.on(table.pageCount)
			.where(sql`${table.pageCount} > 100`),
		check("books_pages", sql`${table.pageCount} >= 0`),
	],
);

/** A composite key of unnamed columns, and a composite foreign key to it. */
export const shelves = sqliteTable(
	"shelves",
	{ roomName: text().notNull(), shelfNumber: integer().notNull() },
	(table) => [primaryKey({ columns: [table.roomName, table.shelfNumber] })],
);

export const boards = sqliteTable(
	"boards",
	{ id: integer().primaryKey(), roomName: text(), shelfNumber: integer() },
	(table) => [
		foreignKey({
			columns: [table.roomName, table.shelfNumber],
			foreignColumns: [shelves.roomName, shelves.shelfNumber],
		})
			.onDelete("set default")
			.onUpdate("restrict"),
	],
);

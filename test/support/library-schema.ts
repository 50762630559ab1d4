import { relations } from "drizzle-orm";
import {
	blob,
	customType,
	integer,
	numeric,
	primaryKey,
	real,
	sqliteTable,
	text,
} from "drizzle-orm/sqlite-core";

/** Stored as text, a list of words in code. */
const words = customType<{ data: string[]; driverData: string }>({
	dataType: () => "text",
	toDriver: (value) => value.join(" "),
	fromDriver: (value) => value.split(" "),
});

/** People who write, and people who edit; some of them lead others. */
export const authors = sqliteTable("people", {
	id: text("id").primaryKey(),
	name: text("name").notNull(),
	bornAt: integer("born_at", { mode: "timestamp_ms" }),
	passwordHash: text("password_hash"),
	leaderId: text("leader_id"),
});

/** Books: every kind of column. */
export const books = sqliteTable("books", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	title: text("title", { length: 80 }).notNull(),
	state: text("state", { enum: ["draft", "live"] })
		.notNull()
		.default("draft"),
	pages: integer("pages").notNull().default(0),
	rating: real("rating"),
	price: numeric("price"),
	sold: numeric("sold", { mode: "bigint" }),
	isbn: blob("isbn", { mode: "bigint" }),
	pinned: integer("pinned", { mode: "boolean" }).notNull().default(false),
	printedAt: integer("printed_at", { mode: "timestamp_ms" }),
	extra: text("extra", { mode: "json" }).$type<{ readonly shelf: string }>(),
	cover: blob("cover", { mode: "buffer" }),
	keywords: words("keywords"),
	version: integer("version").notNull().default(1),
	authorId: text("author_id")
		.notNull()
		.references(() => authors.id),
	editorId: text("editor_id").references(() => authors.id),
});

/** What readers say of books. */
export const reviews = sqliteTable("reviews", {
	id: integer("id").primaryKey(),
	bookId: integer("book_id")
		.notNull()
		.references(() => books.id),
	body: text("body").notNull(),
	stars: integer("stars"),
});

/** A composite key. */
export const loans = sqliteTable(
	"loans",
	{
		bookId: integer("book_id").notNull(),
		reader: text("reader").notNull(),
	},
	(table) => [primaryKey({ columns: [table.bookId, table.reader] })],
);

export const authorsRelations = relations(authors, ({ one, many }) => ({
	written: many(books, { relationName: "author" }),
	edited: many(books, { relationName: "editor" }),
	leader: one(authors, {
		fields: [authors.leaderId],
		references: [authors.id],
		relationName: "leader",
	}),
	followers: many(authors, { relationName: "leader" }),
}));

export const booksRelations = relations(books, ({ one, many }) => ({
	author: one(authors, {
		fields: [books.authorId],
		references: [authors.id],
		relationName: "author",
	}),
	editor: one(authors, {
		fields: [books.editorId],
		references: [authors.id],
		relationName: "editor",
	}),
	reviews: many(reviews),
}));

export const reviewsRelations = relations(reviews, ({ one }) => ({
	book: one(books, { fields: [reviews.bookId], references: [books.id] }),
}));

import { sql } from "drizzle-orm";
import {
	blob,
	check,
	customType,
	foreignKey,
	index,
	integer,
	numeric,
	primaryKey,
	real,
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

/** A type that Drizzle does not know, and that no name is given either. */
const temperature = customType<{ data: number; driverData: number }>({ dataType: () => "real" });

/** A default, a unique or a computed value of every type, as far as drizzle-kit writes it rightly. */
export const presets = sqliteTable(
	"presets",
	{
		presetId: text()
			.primaryKey()
			.default(sql`(lower(hex(randomblob(8))))`),
		wholeNumber: integer().notNull().default(-5),
		isOn: integer({ mode: "boolean" }).default(false),
		isOff: integer({ mode: "boolean" }).notNull().default(true),
		madeAt: integer({ mode: "timestamp" }).default(sql`(unixepoch())`),
		madeAtMillis: integer({ mode: "timestamp_ms" }).notNull(),
		realNumber: real().default(0.5),
		numericText: numeric().default("12.50"),
		numericNumber: numeric({ mode: "number" }).default(12.5).unique(),
		numericBig: numeric({ mode: "bigint" }),
		quotedText: text({ length: 30 }).default('it\'s "quoted"'),
		choiceText: text({ enum: ["a'b", "c"] })
			.notNull()
			.default("a'b"),
		emptyText: text().default(""),
		jsonText: text({ mode: "json" }).default({ a: ["b"] }),
		rawBytes: blob({ mode: "buffer" }),
		jsonBytes: blob({ mode: "json" }),
		bigBytes: blob({ mode: "bigint" }),
		customReal: temperature().default(36.6),
		day: text().default(sql`CURRENT_DATE`),
		computed: integer().generatedAlwaysAs(sql`(1 + 2)`, { mode: "stored" }),
		computedText: text().generatedAlwaysAs("lower('A')"),
	},
	(table) => [
		check("presets_json", sql`json_valid(${table.jsonText})`),
		unique().on(table.choiceText, table.emptyText),
		index("presets_made").on(sql`${table.madeAt} desc`, table.isOn),
	],
);

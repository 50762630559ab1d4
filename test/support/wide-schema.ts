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

/** A custom type: stored as text in lower case, refused by throwing when it is no string. */
export const lowerCase = customType<{ data: string; driverData: string }>({
	dataType: () => "text",
	toDriver: (value) => value.toLowerCase(),
	fromDriver: (value) => value,
});

/** Every column type and mode that can be served. */
export const values = sqliteTable("values", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	whole: integer("whole_number"),
	yes: integer("is_yes", { mode: "boolean" }),
	atSeconds: integer("at_seconds", { mode: "timestamp" }),
	atMillis: integer("at_millis", { mode: "timestamp_ms" }),
	fraction: real("fraction_value"),
	decimal: numeric("decimal_text"),
	decimalNumber: numeric("decimal_number", { mode: "number" }),
	decimalBig: numeric("decimal_big", { mode: "bigint" }),
	title: text("title_text"),
	short: text("short_text", { length: 5 }),
	choice: text("choice_text", { enum: ["red", "green"] }),
	notes: text("notes_json", { mode: "json" }),
	bytes: blob("raw_bytes", { mode: "buffer" }),
	bytesJson: blob("bytes_json", { mode: "json" }),
	bytesBig: blob("bytes_big", { mode: "bigint" }),
	custom: lowerCase("custom_text"),
});

/** People: the target of references. */
export const people = sqliteTable("people", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	fullName: text("full_name").notNull(),
});

/** A table with all that a column and a table can be told in Drizzle. */
export const articles = sqliteTable(
	"articles",
	{
		id: integer("id").primaryKey({ autoIncrement: true }),
		title: text("title", { length: 80 }).notNull(),
		slug: text("slug").notNull().unique(),
		code: text("code").unique("articles_code_is_unique"),
		status: text("status", { enum: ["draft", "it's out"] })
			.notNull()
			.default("it's out"),
		featured: integer("featured", { mode: "boolean" }).notNull().default(true),
		views: integer("views").notNull().default(0),
		score: real("score").default(1.5),
		meta: text("meta", { mode: "json" }).default({ a: ["b"] }),
		createdAt: text("created_at").default(sql`CURRENT_TIMESTAMP`),
		updatedAt: integer("updated_at").default(sql`(unixepoch())`),
		token: text("token").default(sql`(hex(1) || ')')`),
		authorId: integer("author_id")
			.notNull()
			.references(() => people.id, { onDelete: "cascade", onUpdate: "no action" }),
		editorId: integer("editor_id"),
		words: integer("words").generatedAlwaysAs(sql`(length(title))`),
		wordsStored: integer("words_stored").generatedAlwaysAs(sql`(length("slug") * 2)`, {
			mode: "stored",
		}),
	},
	(table) => [
		foreignKey({ columns: [table.editorId], foreignColumns: [people.id] }).onDelete("set null"),
		unique("articles_title_status").on(table.title, table.status),
		unique().on(table.views, table.score),
		uniqueIndex("articles_slug_lower").on(sql`lower(${table.slug})`),
		index("articles_drafts")
			.on(table.views, table.title)
			.where(sql`${table.status} = 'draft'`),
		index("articles_author").on(table.authorId),
		check("articles_views_positive", sql`${table.views} >= 0`),
		check("articles_status_known", sql`${table.status} in ('draft', 'it''s out')`),
	],
);

/** A composite key, one part of it a foreign key. */
export const memberships = sqliteTable(
	"memberships",
	{
		personId: integer("person_id")
			.notNull()
			.references(() => people.id),
		group: text("group").notNull(),
		role: text("role").notNull().default("reader"),
	},
	(table) => [primaryKey({ columns: [table.personId, table.group] })],
);

/** A text key that the client brings. */
export const countries = sqliteTable("countries", {
	code: text("iso_code").primaryKey(),
	name: text("name").notNull(),
});

/** A text key that the schema makes. */
export const tokens = sqliteTable("tokens", {
	id: text("id")
		.primaryKey()
		.$defaultFn(() => crypto.randomUUID()),
	label: text("label"),
});

/** A text key that the database makes. */
export const tickets = sqliteTable("tickets", {
	id: text("id")
		.primaryKey()
		.default(sql`(lower(hex(randomblob(8))))`),
	label: text("label"),
});

/** An integer key without AUTOINCREMENT. */
export const counters = sqliteTable("counters", {
	id: integer("id").primaryKey(),
	label: text("label"),
});

import { sql } from "drizzle-orm";
import {
	check,
	index,
	integer,
	primaryKey,
	real,
	sqliteTable,
	text,
	uniqueIndex,
	type AnySQLiteColumn,
} from "drizzle-orm/sqlite-core";

/** A schema as it grows: each step is what the tables are then. */
export const first = (() => {
	const people = sqliteTable("people", {
		id: integer().primaryKey({ autoIncrement: true }),
		name: text().notNull(),
		chief: integer().references((): AnySQLiteColumn => people.id, { onDelete: "set null" }),
	});
	const posts = sqliteTable(
		"posts",
		{
			id: integer().primaryKey({ autoIncrement: true }),
			title: text().notNull(),
			rating: text(),
			legacy: text(),
			author: integer()
				.notNull()
				.references(() => people.id, { onDelete: "cascade" }),
		},
		(table) => [index("posts_author").on(table.author)],
	);
	const comments = sqliteTable("comments", {
		id: integer().primaryKey({ autoIncrement: true }),
		body: text(),
		post: integer().references(() => posts.id, { onDelete: "cascade" }),
		by: integer().references(() => people.id, { onDelete: "set null" }),
	});
	return { people, posts, comments };
})();

/** A column with a default, one that refers, and an index more. */
export const second = (() => {
	const people = sqliteTable("people", {
		id: integer().primaryKey({ autoIncrement: true }),
		name: text().notNull(),
		chief: integer().references((): AnySQLiteColumn => people.id, { onDelete: "set null" }),
		country: text().notNull().default("it's here"),
	});
	const posts = sqliteTable(
		"posts",
		{
			id: integer().primaryKey({ autoIncrement: true }),
			title: text().notNull(),
			rating: text(),
			legacy: text(),
			author: integer()
				.notNull()
				.references(() => people.id, { onDelete: "cascade" }),
			editor: integer().references(() => people.id, { onDelete: "set null" }),
		},
		(table) => [index("posts_author").on(table.author), uniqueIndex("posts_title").on(table.title)],
	);
	const comments = sqliteTable("comments", {
		id: integer().primaryKey({ autoIncrement: true }),
		body: text(),
		post: integer().references(() => posts.id, { onDelete: "cascade" }),
		by: integer().references(() => people.id, { onDelete: "set null" }),
	});
	return { people, posts, comments };
})();

/**
 * Everything that makes tables anew: another type, NOT NULL, a check; a column renamed, one gone, a
 * table renamed, and one more between two.
 */
export const third = (() => {
	const people = sqliteTable(
		"people",
		{
			id: integer().primaryKey({ autoIncrement: true }),
			fullName: text("full_name").notNull(),
			chief: integer().references((): AnySQLiteColumn => people.id, { onDelete: "set null" }),
			country: text().notNull().default("it's here"),
			visits: integer()
				.notNull()
				.default(sql`(1 + 1)`),
		},
		(table) => [check("people_named", sql`length(${table.fullName}) > 0`)],
	);
	const posts = sqliteTable(
		"posts",
		{
			id: integer().primaryKey({ autoIncrement: true }),
			title: text().notNull(),
			rating: real().notNull().default(0.5),
			author: integer()
				.notNull()
				.references(() => people.id, { onDelete: "cascade" }),
			editor: integer().references(() => people.id, { onDelete: "set null" }),
		},
		(table) => [index("posts_author").on(table.author), uniqueIndex("posts_title").on(table.title)],
	);
	const remarks = sqliteTable("remarks", {
		id: integer().primaryKey({ autoIncrement: true }),
		body: text().notNull().default(""),
		post: integer().references(() => posts.id, { onDelete: "cascade" }),
		by: integer().references(() => people.id, { onDelete: "set null" }),
	});
	const tags = sqliteTable("tags", { name: text().primaryKey() });
	const postTags = sqliteTable(
		"post_tags",
		{
			post: integer()
				.notNull()
				.references(() => posts.id, { onDelete: "cascade" }),
			tag: text()
				.notNull()
				.references(() => tags.name, { onDelete: "cascade" }),
		},
		(table) => [primaryKey({ columns: [table.post, table.tag] })],
	);
	return { people, posts, remarks, tags, postTags };
})();

/** `posts` of the first step with its rating as a number; and with columns that need a value. */
export const typed = (() => {
	const { people } = first;
	const author = () =>
		integer()
			.notNull()
			.references(() => people.id, { onDelete: "cascade" });
	const id = () => integer().primaryKey({ autoIncrement: true });
	const posts = sqliteTable(
		"posts",
		{ id: id(), title: text().notNull(), rating: real(), legacy: text(), author: author() },
		(table) => [index("posts_author").on(table.author)],
	);
	const strict = sqliteTable("posts", {
		id: id(),
		title: text().notNull(),
		rating: text().notNull(),
		legacy: text(),
		slug: text().notNull(),
		author: author(),
	});
	return { posts, strict };
})();

/** Rows of the first step, one of which is gone again: its id must not be given twice. */
export const firstRows: readonly string[] = [
	"insert into people (name, chief) values ('Ada', null), ('Grace', 1), ('Nobody', 2)",
	"delete from people where id = 3",
	"insert into posts (title, rating, legacy, author) values ('Burrs', '4.5', 'old', 1), ('Hooks', null, null, 2)",
	"insert into comments (body, post, by) values ('Well', 1, 1), (null, 2, 2)",
];

/** What has another name in the third step. */
export const renames: readonly string[] = [
	"alter table people rename column name to full_name",
	"alter table comments rename to remarks",
];

/** {@link firstRows} in the tables of the third step. */
export const thirdRows: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
	people: [
		[1, "Ada", null, "it's here", 2],
		[2, "Grace", 1, "it's here", 2],
	],
	posts: [
		[1, "Burrs", 4.5, 1, 2],
		[2, "Hooks", 0.5, 2, null],
	],
	remarks: [
		[1, "Well", 1, 1],
		[2, "", 2, 2],
	],
	tags: [],
	post_tags: [],
};

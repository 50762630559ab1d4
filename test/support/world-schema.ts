import {
	integer,
	numeric,
	primaryKey,
	real,
	sqliteTable,
	text,
	type AnySQLiteColumn,
} from "drizzle-orm/sqlite-core";

/** A small world with every kind of relation; foreign keys alone say how its rows belong together. */
export const companies = sqliteTable("companies", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	name: text("name"),
	size: integer("size"),
});

export const authors = sqliteTable("authors", {
	id: text("id").primaryKey(),
	name: text("full_name"),
	rank: integer("rank"),
	secret: text("secret"),
	companyId: integer("company_id").references(() => companies.id),
	mentorId: text("mentor_id").references((): AnySQLiteColumn => authors.id),
});

export const posts = sqliteTable("posts", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	title: text("title"),
	views: integer("views"),
	ratio: real("ratio"),
	pinned: integer("is_pinned", { mode: "boolean" }),
	at: integer("at_ms", { mode: "timestamp_ms" }),
	big: numeric("big_number", { mode: "bigint" }),
	extra: text("extra", { mode: "json" }),
	authorId: text("author_id").references(() => authors.id),
	editorId: text("editor_id").references(() => authors.id),
});

export const comments = sqliteTable("comments", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	body: text("body"),
	score: integer("score"),
	postId: integer("post_id").references(() => posts.id),
});

export const tags = sqliteTable("tags", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	name: text("name"),
});

export const postsTags = sqliteTable(
	"posts_tags",
	{
		postId: integer("post_id")
			.notNull()
			.references(() => posts.id),
		tagId: integer("tag_id")
			.notNull()
			.references(() => tags.id),
	},
	(pair) => [primaryKey({ columns: [pair.postId, pair.tagId] })],
);

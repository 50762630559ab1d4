import {
	integer,
	primaryKey,
	sqliteTable,
	text,
	type AnySQLiteColumn,
} from "drizzle-orm/sqlite-core";

/** Authors: their key is made by the database. */
export const authors = sqliteTable("authors", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	name: text("name").notNull().unique(),
});

/** Topics: a version, an optional author who leaves them behind, and a moderator by default 1. */
export const topics = sqliteTable("topics", {
	id: integer("id").primaryKey(),
	title: text("title").notNull(),
	version: integer("version").notNull().default(1),
	authorId: integer("author_id").references(() => authors.id, { onDelete: "set null" }),
});

/** Comments: gone with their topic. */
export const comments = sqliteTable("comments", {
	id: integer("id").primaryKey(),
	body: text("body").notNull(),
	slug: text("slug").unique(),
	topicId: integer("topic_id")
		.notNull()
		.references(() => topics.id, { onDelete: "cascade" }),
});

/** Votes: gone with their comment, two levels below a topic; keep their author. */
export const votes = sqliteTable("votes", {
	id: integer("id").primaryKey(),
	commentId: integer("comment_id").references(() => comments.id, { onDelete: "cascade" }),
	authorId: integer("author_id").references(() => authors.id, { onDelete: "restrict" }),
});

/** Tags: their key is text that the client brings. */
export const tags = sqliteTable("tags", {
	id: text("id").primaryKey(),
	label: text("label"),
});

/** What joins topics and tags. */
export const topicTags = sqliteTable(
	"topic_tags",
	{
		topicId: integer("topic_id")
			.notNull()
			.references(() => topics.id, { onDelete: "cascade" }),
		tagId: text("tag_id")
			.notNull()
			.references(() => tags.id, { onDelete: "cascade" }),
	},
	(table) => [primaryKey({ columns: [table.topicId, table.tagId] })],
);

/** Boards: a tree that goes with its root. */
export const boards = sqliteTable("boards", {
	id: integer("id").primaryKey(),
	name: text("name").notNull(),
	parentId: integer("parent_id").references((): AnySQLiteColumn => boards.id, {
		onDelete: "cascade",
	}),
});

/** What commit listeners write. */
export const audit = sqliteTable("audit", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	what: text("what").notNull(),
});

export const forum = { authors, topics, comments, votes, tags, topicTags, boards, audit };

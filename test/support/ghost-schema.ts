import { relations } from "drizzle-orm";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** References that nothing enforces, so that they may lead nowhere; but for a many-to-many relation. */
const common = {
	id: integer("id").primaryKey({ autoIncrement: true }),
	name: text("name"),
};

export const companies = sqliteTable("companies", common);
export const authors = sqliteTable("authors", {
	...common,
	companyId: integer("company_id"),
	mentorId: integer("mentor_id"),
});
export const posts = sqliteTable("posts", { ...common, authorId: integer("author_id") });
export const comments = sqliteTable("comments", {
	...common,
	postId: integer("post_id"),
	authorId: integer("author_id"),
});
export const tags = sqliteTable("tags", common);
export const postsTags = sqliteTable("posts_tags", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	postId: integer("post_id")
		.notNull()
		.references(() => posts.id, { onDelete: "cascade" }),
	tagId: integer("tag_id")
		.notNull()
		.references(() => tags.id, { onDelete: "cascade" }),
});

export const authorRelations = relations(authors, ({ one, many }) => ({
	company: one(companies, { fields: [authors.companyId], references: [companies.id] }),
	mentor: one(authors, {
		fields: [authors.mentorId],
		references: [authors.id],
		relationName: "mentor",
	}),
	posts: many(posts),
	comments: many(comments),
}));
export const postRelations = relations(posts, ({ one, many }) => ({
	author: one(authors, { fields: [posts.authorId], references: [authors.id] }),
	comments: many(comments),
}));
export const commentRelations = relations(comments, ({ one }) => ({
	post: one(posts, { fields: [comments.postId], references: [posts.id] }),
	author: one(authors, { fields: [comments.authorId], references: [authors.id] }),
}));

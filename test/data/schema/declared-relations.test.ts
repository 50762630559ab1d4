import {
	createTableRelationsHelpers,
	extractTablesRelationalConfig,
	normalizeRelation,
	relations,
} from "drizzle-orm";
import { foreignKey, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { describe, expect, test } from "vitest";
import { readSchema } from "../../../src/data/schema/read-schema.ts";
import { linesOf, namesOf, problemsOf } from "../../support/relation-lines.ts";

const id = () => integer("id").primaryKey();
const users = sqliteTable("users", { id: id(), name: text("name") });
const posts = sqliteTable("posts", {
	id: id(),
	title: text("title"),
	authorId: integer().references(() => users.id),
	editorId: integer().references(() => users.id),
});

describe("relations() name their relations themselves", () => {
	test("one() with fields, and many() that follows it back", () => {
		const note = sqliteTable("notes", { id: id(), userId: integer().references(() => users.id) });
		const schema = {
			users,
			notes: note,
			noteRelations: relations(note, ({ one }) => ({
				writer: one(users, { fields: [note.userId], references: [users.id] }),
			})),
			userRelations: relations(users, ({ many }) => ({ written: many(note) })),
		};
		expect(linesOf(schema, "notes")).toEqual(["writer: one users (userId=id), key in source"]);
		expect(linesOf(schema, "users")).toEqual(["written: many notes (id=userId), key in target"]);
	});

	test("declared ones come first, the other foreign keys and directions keep derived names", () => {
		const postRelations = relations(posts, ({ one }) => ({
			writer: one(users, { fields: [posts.authorId], references: [users.id] }),
		}));
		const schema = { users, posts, postRelations };
		expect(namesOf(schema, "posts")).toEqual(["writer", "editor"]);
		expect(namesOf(schema, "users")).toEqual(["postsByAuthor", "postsByEditor"]);
	});

	test("relationName tells several between two tables apart", () => {
		const schema = {
			// The module's order is no matter: relations of a table may stand before it.
			userRelations: relations(users, ({ many }) => ({
				edited: many(posts, { relationName: "editor" }),
				written: many(posts, { relationName: "author" }),
			})),
			postRelations: relations(posts, ({ one }) => ({
				author: one(users, {
					fields: [posts.authorId],
					references: [users.id],
					relationName: "author",
				}),
				editor: one(users, {
					fields: [posts.editorId],
					references: [users.id],
					relationName: "editor",
				}),
			})),
			users,
			posts,
		};
		expect(linesOf(schema, "users")).toEqual([
			"edited: many posts (id=editorId), key in target",
			"written: many posts (id=authorId), key in target",
		]);
	});

	test("one() without fields is the other side of a one-to-one", () => {
		const profiles = sqliteTable("profiles", { id: id(), userId: integer(), bio: text() });
		const schema = {
			users,
			profiles,
			profileRelations: relations(profiles, ({ one }) => ({
				user: one(users, { fields: [profiles.userId], references: [users.id] }),
			})),
			userRelations: relations(users, ({ one }) => ({ profile: one(profiles) })),
		};
		expect(linesOf(schema, "users")).toEqual(["profile: one profiles (id=userId), key in target"]);
		expect(linesOf(schema, "profiles")).toEqual(["user: one users (userId=id), key in source"]);
	});

	test("one() with the fields on the side without the key: the key says where it is", () => {
		const profiles = sqliteTable("profiles", {
			id: id(),
			userId: integer().references(() => users.id),
		});
		const userRelations = relations(users, ({ one }) => ({
			profile: one(profiles, { fields: [users.id], references: [profiles.userId] }),
		}));
		expect(linesOf({ users, profiles, userRelations }, "users")).toEqual([
			"profile: one profiles (id=userId), key in target",
		]);
	});

	test("many(), or one() without fields, alone follow the only foreign key", () => {
		const note = sqliteTable("notes", {
			id: id(),
			userId: integer()
				.unique()
				.references(() => users.id),
		});
		const manyNotes = relations(users, ({ many }) => ({ written: many(note) }));
		expect(linesOf({ users, notes: note, manyNotes }, "users")).toEqual([
			"written: many notes (id=userId), key in target",
		]);
		const oneNote = relations(users, ({ one }) => ({ written: one(note) }));
		expect(linesOf({ users, notes: note, oneNote }, "users")).toEqual([
			"written: one notes (id=userId), key in target",
		]);
	});

	test.each([{}, { relationName: "tree" }])("a self reference, %j", (named) => {
		const nodes = sqliteTable("nodes", { id: id(), parentId: integer() });
		const nodeRelations = relations(nodes, ({ one, many }) => ({
			parent: one(nodes, { fields: [nodes.parentId], references: [nodes.id], ...named }),
			children: many(nodes, named as { relationName: string }),
		}));
		expect(linesOf({ nodes, nodeRelations }, "nodes")).toEqual([
			"parent: one nodes (parentId=id), key in source",
			"children: many nodes (id=parentId), key in target",
		]);
	});

	test("several fields", () => {
		const rooms = sqliteTable(
			"rooms",
			{ house: text().notNull(), number: integer().notNull() },
			(t) => [primaryKey({ columns: [t.house, t.number] })],
		);
		const columns = { id: id(), house: text(), room: integer() };
		const beds = sqliteTable("beds", columns, (t) => [
			foreignKey({ columns: [t.room, t.house], foreignColumns: [rooms.number, rooms.house] }),
		]);
		const bedRelations = relations(beds, ({ one }) => ({
			place: one(rooms, {
				fields: [beds.house, beds.room],
				references: [rooms.house, rooms.number],
			}),
		}));
		expect(linesOf({ rooms, beds, bedRelations }, "beds")).toEqual([
			"place: one rooms (house=house and room=number), key in source",
		]);
	});

	test("the relations() of one table may be several", () => {
		const schema = {
			users,
			posts,
			first: relations(posts, ({ one }) => ({
				writer: one(users, { fields: [posts.authorId], references: [users.id] }),
			})),
			second: relations(posts, ({ one }) => ({
				corrector: one(users, { fields: [posts.editorId], references: [users.id] }),
			})),
		};
		expect(namesOf(schema, "posts")).toEqual(["writer", "corrector"]);
	});

	test("tables without any foreign key", () => {
		const a = sqliteTable("a", { id: id(), code: text() });
		const b = sqliteTable("b", { id: id(), code: text() });
		const schema = {
			a,
			b,
			aRelations: relations(a, ({ one }) => ({
				twin: one(b, { fields: [a.code], references: [b.code] }),
			})),
			bRelations: relations(b, ({ many }) => ({ twins: many(a) })),
		};
		expect(linesOf(schema, "a")).toEqual(["twin: one b (code=code), key in source"]);
		expect(linesOf(schema, "b")).toEqual(["twins: many a (code=code), key in target"]);
	});

	test("through a table in the middle, the flattened relation is there beside them", () => {
		const tags = sqliteTable("tags", { id: id() });
		const postsTags = sqliteTable("posts_tags", {
			postId: integer()
				.primaryKey()
				.references(() => posts.id),
			tagId: integer().references(() => tags.id),
		});
		const postRelations = relations(posts, ({ many }) => ({ links: many(postsTags) }));
		const schema = { users, posts, tags, postsTags, postRelations };
		expect(namesOf(schema, "posts")).toEqual(["links", "author", "editor", "tags"]);
		const tagNames = relations(posts, ({ many }) => ({ tags: many(postsTags) }));
		expect(linesOf({ ...schema, postRelations: tagNames }, "posts")[0]).toMatch(
			/^tags: many postsTags /,
		);
		expect(namesOf({ ...schema, postRelations: tagNames }, "posts")).toHaveLength(3);
	});
});

test("declared relations join the fields that Drizzle's own queries join", () => {
	const nodes = sqliteTable("nodes", { id: id(), parentId: integer(), ownerId: integer() });
	const profiles = sqliteTable("profiles", { id: id(), userId: integer(), bio: text() });
	const schema: Record<string, unknown> = {
		users,
		posts,
		nodes,
		profiles,
		postRelations: relations(posts, ({ one }) => ({
			author: one(users, {
				fields: [posts.authorId],
				references: [users.id],
				relationName: "author",
			}),
			editor: one(users, {
				fields: [posts.editorId],
				references: [users.id],
				relationName: "editor",
			}),
		})),
		userRelations: relations(users, ({ one, many }) => ({
			written: many(posts, { relationName: "author" }),
			edited: many(posts, { relationName: "editor" }),
			profile: one(profiles),
			nodes: many(nodes, { relationName: "owner" }),
		})),
		profileRelations: relations(profiles, ({ one }) => ({
			user: one(users, { fields: [profiles.userId], references: [users.id] }),
		})),
		nodeRelations: relations(nodes, ({ one, many }) => ({
			parent: one(nodes, {
				fields: [nodes.parentId],
				references: [nodes.id],
				relationName: "tree",
			}),
			children: many(nodes, { relationName: "tree" }),
			owner: one(users, {
				fields: [nodes.ownerId],
				references: [users.id],
				relationName: "owner",
			}),
		})),
	};
	const { tables, tableNamesMap } = extractTablesRelationalConfig(
		schema,
		createTableRelationsHelpers,
	);
	const drizzles = Object.values(tables).flatMap((table) =>
		Object.entries(table.relations).map(([name, relation]) => {
			const { fields, references } = normalizeRelation(tables, tableNamesMap, relation);
			return [`${table.tsName}.${name}`, fields, references];
		}),
	);
	const ours = readSchema(schema, {}).flatMap((entity) =>
		[...entity.relations.values()].map(({ name, pairs }) => [
			`${entity.name}.${name}`,
			pairs.map(({ from }) => from.column),
			pairs.map(({ to }) => to.column),
		]),
	);
	expect(drizzles).toHaveLength(10);
	for (const relation of drizzles) expect(ours).toContainEqual(relation);
	expect(ours.every(([name]) => drizzles.some(([other]) => other === name))).toBe(true);
});

describe("a derived name that is taken is left out", () => {
	test("by a field", () => {
		const notes = sqliteTable("notes", {
			id: id(),
			user: text(),
			userId: integer().references(() => users.id),
		});
		expect(namesOf({ users, notes }, "notes")).toEqual([]);
		expect(namesOf({ users, notes }, "users")).toEqual(["notes"]);
		const people = sqliteTable("people", { id: id(), notes: text() });
		const theirs = sqliteTable("notes", { id: id(), ofId: integer().references(() => people.id) });
		expect(namesOf({ people, notes: theirs }, "people")).toEqual([]);
	});

	test("by a declared relation", () => {
		const userRelations = relations(users, ({ many }) => ({ letters: many(posts) }));
		const letters = sqliteTable("letters", {
			id: id(),
			userId: integer().references(() => users.id),
		});
		const postRelations = relations(posts, ({ one }) => ({
			author: one(users, { fields: [posts.authorId], references: [users.id] }),
		}));
		const schema = { users, posts, letters, userRelations, postRelations };
		expect(linesOf(schema, "users")).toEqual([
			"letters: many posts (id=authorId), key in target",
			"postsByEditor: many posts (id=editorId), key in target",
		]);
	});

	test("by the plain relation: what one wrote, not what one likes", () => {
		const pages = sqliteTable("pages", {
			id: id(),
			title: text(),
			authorId: integer().references(() => users.id),
		});
		const likes = sqliteTable("likes", {
			id: id(),
			userId: integer().references(() => users.id),
			pageId: integer().references(() => pages.id),
		});
		expect(linesOf({ users, pages, likes }, "users")).toEqual([
			"pages: many pages (id=authorId), key in target",
			"likes: many likes (id=userId), key in target",
		]);
		expect(namesOf({ users, pages, likes }, "pages")).toEqual(["author", "likes", "users"]);
	});
});

describe("a declared relation that cannot be served is refused", () => {
	const strangers = sqliteTable("strangers", { id: id(), userId: integer() });
	const one = (name: string) =>
		relations(posts, (r) => ({
			[name]: r.one(users, { fields: [posts.authorId], references: [users.id] }),
		}));

	test("with the name of a field", () => {
		expect(problemsOf({ users, posts, one: one("title") })).toEqual([
			"- posts.title: a field has the same name.",
		]);
	});

	test.each(["a.b", "$and", "__proto__", "a,b", ""])("with the name %j", (name) => {
		const declared = relations(posts, (r) =>
			Object.fromEntries([
				[name, r.one(users, { fields: [posts.authorId], references: [users.id] })],
			]),
		);
		expect(problemsOf({ users, posts, declared })[0]).toContain("name");
	});

	test("to and from a table outside of the schema", () => {
		const schema = {
			users,
			out: relations(users, ({ many }) => ({ strangers: many(strangers) })),
			from: relations(strangers, ({ one: toOne }) => ({
				user: toOne(users, { fields: [strangers.userId], references: [users.id] }),
			})),
		};
		expect(problemsOf(schema)).toEqual([
			"- from: it relates a table that the schema does not export.",
			"- users.strangers: it relates a table that the schema does not export.",
		]);
	});

	test("twice under one name", () => {
		expect(problemsOf({ users, posts, a: one("writer"), b: one("writer") })).toEqual([
			"- posts.writer: it is declared twice.",
		]);
	});

	test("with columns of other tables, or not as many", () => {
		const wrong = relations(posts, (r) => ({
			a: r.one(users, { fields: [users.id] as never, references: [users.id] as never }),
			b: r.one(users, { fields: [posts.id], references: [posts.id] as never }),
			c: r.one(users, { fields: [posts.id, posts.authorId], references: [users.id] as never }),
			d: r.one(users, { fields: [] as never, references: [] as never }),
		}));
		const what = "fields must be columns of posts, and references as many columns of users.";
		expect(problemsOf({ users, posts, wrong })).toEqual(
			["a", "b", "c", "d"].map((name) => `- posts.${name}: ${what}`),
		);
	});

	test("that could follow several relations, or none", () => {
		const back =
			"back from posts; declare it there with fields, references and the same relationName.";
		const userRelations = relations(users, ({ many }) => ({ posts: many(posts) }));
		expect(problemsOf({ users, posts, userRelations })).toEqual([
			`- users.posts: no relation leads ${back}`,
		]);
		const both = relations(posts, (r) => ({
			author: r.one(users, { fields: [posts.authorId], references: [users.id] }),
			editor: r.one(users, { fields: [posts.editorId], references: [users.id] }),
		}));
		expect(problemsOf({ users, posts, userRelations, both })).toEqual([
			`- users.posts: more than one relation leads ${back}`,
		]);
	});

	test("and all of it is told together with what is wrong with tables", () => {
		const broken = sqliteTable("broken", { name: text() });
		const schema = {
			users,
			posts,
			broken,
			one: one("title"),
			fine: relations(broken, ({ one: toOne }) => ({
				user: toOne(users, { fields: [broken.name], references: [users.name] }),
			})),
		};
		expect(problemsOf(schema)).toEqual([
			"- broken: it has no primary key.",
			"- posts.title: a field has the same name.",
		]);
	});
});

import {
	foreignKey,
	index,
	integer,
	primaryKey,
	sqliteTable,
	sqliteTableCreator,
	text,
	unique,
	uniqueIndex,
	type AnySQLiteColumn,
	type SQLiteTable,
} from "drizzle-orm/sqlite-core";
import { describe, expect, test } from "vitest";
import { readSchema } from "../../../src/data/schema/read-schema.ts";
import { linesOf, namesOf } from "../../support/relation-lines.ts";

const id = () => integer("id").primaryKey();
const users = sqliteTable("users", { id: id(), email: text("email").unique() });
const to = () => integer().references(() => users.id);

describe("a foreign key alone makes relations in both directions", () => {
	test("named after the field without Id, and after the entity it is in", () => {
		const posts = sqliteTable("posts", { id: id(), authorId: to() });
		expect(linesOf({ users, posts }, "posts")).toEqual([
			"author: one users (authorId=id), key in source",
		]);
		expect(linesOf({ users, posts }, "users")).toEqual([
			"posts: many posts (id=authorId), key in target",
		]);
	});

	test("several from one entity to another: back ByAuthor and ByEditor", () => {
		const posts = sqliteTable("posts", { id: id(), title: text(), authorId: to(), editorId: to() });
		expect(namesOf({ users, posts }, "posts")).toEqual(["author", "editor"]);
		expect(linesOf({ users, posts }, "users")).toEqual([
			"postsByAuthor: many posts (id=authorId), key in target",
			"postsByEditor: many posts (id=editorId), key in target",
		]);
	});

	test("a self reference: parent, and back categoriesByParent", () => {
		const categories = sqliteTable("categories", {
			id: id(),
			parentId: integer("parent_id").references((): AnySQLiteColumn => categories.id),
		});
		expect(linesOf({ categories }, "categories")).toEqual([
			"parent: one categories (parentId=id), key in source",
			"categoriesByParent: many categories (id=parentId), key in target",
		]);
	});

	test.each([
		["owner_id", "owner"],
		["ownerId", "owner"],
		["owner", "ownerRef"],
		["id", "idRef"],
		["_id", "_idRef"],
		["ownerid", "owneridRef"],
		["ÉditeurId", "Éditeur"],
	])("the field %s gives the relation %s", (field, relation) => {
		const things = sqliteTable("things", { key: text().primaryKey(), [field]: to() });
		expect(namesOf({ users, things }, "things")).toEqual([relation]);
	});

	test("the back of a field without an ending is named by the whole field", () => {
		const things = sqliteTable("things", { id: id(), title: text(), owner: to(), keeper: to() });
		expect(namesOf({ users, things }, "users")).toEqual(["thingsByOwner", "thingsByKeeper"]);
	});

	test("to a column that is unique, but not the primary key", () => {
		const letters = sqliteTable("letters", {
			id: id(),
			to: text().references(() => users.email),
		});
		expect(linesOf({ users, letters }, "letters")).toEqual([
			"toRef: one users (to=email), key in source",
		]);
	});
});

test("a key that is declared twice is one", () => {
	const posts = sqliteTable("posts", { id: id(), title: text(), authorId: to() }, (table) => [
		foreignKey({ columns: [table.authorId], foreignColumns: [users.id] }),
	]);
	expect(namesOf({ users, posts }, "posts")).toEqual(["author"]);
	expect(namesOf({ users, posts }, "users")).toEqual(["posts"]);
});

test("a key of hidden fields makes no relation: its rows would give the hidden value away", () => {
	const posts = sqliteTable("posts", { id: id(), title: text(), authorId: to(), editorId: to() });
	const links = sqliteTable("links", {
		id: id(),
		postId: integer().references(() => posts.id),
		userId: to(),
	});
	const hidden = { posts: { hidden: ["authorId"] }, links: { hidden: ["postId"] } };
	const names = new Map(
		readSchema({ users, posts, links }, hidden).map(({ name, relations }) => {
			return [name, [...relations.keys()]];
		}),
	);
	expect(names.get("posts")).toEqual(["editor"]);
	expect(names.get("users")).toEqual(["postsByEditor", "links"]);
	expect(names.get("links")).toEqual(["user"]);
});

describe("a foreign key that no two rows share makes a to-one back", () => {
	const line = (field: string) => `profiles: one profiles (id=${field}), key in target`;

	test("a unique column", () => {
		const profiles = sqliteTable("profiles", { id: id(), userId: to().unique() });
		expect(linesOf({ users, profiles }, "users")).toEqual([line("userId")]);
	});

	test("the whole primary key", () => {
		const profiles = sqliteTable("profiles", {
			userId: integer()
				.primaryKey()
				.references(() => users.id),
		});
		expect(linesOf({ users, profiles }, "users")).toEqual([line("userId")]);
	});

	test("a unique constraint, or a unique index, of the table", () => {
		const columns = { id: id(), userId: to() };
		const one = sqliteTable("profiles", columns, (table) => [unique().on(table.userId)]);
		expect(linesOf({ users, profiles: one }, "users")).toEqual([line("userId")]);
		const other = sqliteTable("profiles", { id: id(), userId: to() }, (table) => [
			uniqueIndex("one_each").on(table.userId),
		]);
		expect(linesOf({ users, profiles: other }, "users")).toEqual([line("userId")]);
	});

	test("but not a part of a unique key, nor an index that is not unique", () => {
		const profiles = sqliteTable("profiles", { id: id(), userId: to(), kind: text() }, (table) => [
			unique().on(table.userId, table.kind),
			index("by_user").on(table.userId),
		]);
		expect(linesOf({ users, profiles }, "users")).toEqual([
			"profiles: many profiles (id=userId), key in target",
		]);
	});
});

describe("composite foreign keys", () => {
	const accounts = sqliteTable(
		"accounts",
		{ tenantId: integer().notNull(), accountId: integer().notNull() },
		(table) => [primaryKey({ columns: [table.tenantId, table.accountId] })],
	);
	const columns = {
		id: id(),
		sum: integer(),
		tenantId: integer(),
		payerId: integer(),
		payeeId: integer(),
	};
	const payments = sqliteTable("payments", columns, (table) =>
		[table.payerId, table.payeeId].map((column) =>
			foreignKey({
				columns: [table.tenantId, column],
				foreignColumns: [accounts.tenantId, accounts.accountId],
			}),
		),
	);

	test("pair all their fields, and are named after the field that is only theirs", () => {
		expect(linesOf({ accounts, payments }, "payments")).toEqual([
			"payer: one accounts (tenantId=tenantId and payerId=accountId), key in source",
			"payee: one accounts (tenantId=tenantId and payeeId=accountId), key in source",
		]);
		expect(linesOf({ accounts, payments }, "accounts")).toEqual([
			"paymentsByPayer: many payments (tenantId=tenantId and accountId=payerId), key in target",
			"paymentsByPayee: many payments (tenantId=tenantId and accountId=payeeId), key in target",
		]);
	});
});

describe("a table of exactly two foreign keys is a flattened many-to-many relation too", () => {
	const posts = sqliteTable("posts", { id: id(), title: text() });
	const tags = sqliteTable("tags", { id: id(), name: text() });
	const columns = () => ({
		postId: integer().references(() => posts.id),
		tagId: integer().references(() => tags.id),
	});

	test.each([
		[
			"without an id of its own",
			sqliteTable("posts_tags", columns(), (table) => [
				primaryKey({ columns: [table.postId, table.tagId] }),
			]),
		],
		["with one", sqliteTable("posts_tags", { id: id(), ...columns() })],
		[
			"with one that is text",
			sqliteTable("posts_tags", { key: text().primaryKey(), ...columns() }),
		],
	])("%s, in both directions, under the target's name", (_, postsTags) => {
		const schema = { posts, tags, postsTags };
		expect(linesOf(schema, "posts")).toEqual([
			"postsTags: many postsTags (id=postId), key in target",
			"tags: many tags (id=postId > postsTags > tagId=id), key in through",
		]);
		expect(linesOf(schema, "tags")).toEqual([
			"postsTags: many postsTags (id=tagId), key in target",
			"posts: many posts (id=tagId > postsTags > postId=id), key in through",
		]);
		expect(namesOf(schema, "postsTags")).toEqual(["post", "tag"]);
	});

	test("not with a column of its own, and not with a third key", () => {
		const dated = sqliteTable("dated", { id: id(), at: integer(), ...columns() });
		expect(namesOf({ posts, tags, dated }, "posts")).toEqual(["dated"]);
		const third = sqliteTable("third", { id: id(), userId: to(), ...columns() });
		expect(namesOf({ users, posts, tags, third }, "posts")).toEqual(["third"]);
	});

	test("not when one of the keys is of the table itself", () => {
		const nodes = sqliteTable("nodes", {
			id: id(),
			postId: integer().references(() => posts.id),
			parentId: integer().references((): AnySQLiteColumn => nodes.id),
		});
		expect(namesOf({ posts, nodes }, "posts")).toEqual(["nodes"]);
	});

	test("two such tables between the same entities: by the table", () => {
		const postsTags = sqliteTable("posts_tags", { id: id(), ...columns() });
		const mainTags = sqliteTable("main_tags", { id: id(), ...columns() });
		const schema = { posts, tags, postsTags, mainTags };
		expect(namesOf(schema, "posts")).toEqual([
			"postsTags",
			"mainTags",
			"tagsByPostsTags",
			"tagsByMainTags",
		]);
		expect(namesOf(schema, "tags").slice(2)).toEqual(["postsByPostsTags", "postsByMainTags"]);
	});

	test("between an entity and itself: by the key that points to the row one starts from", () => {
		const follows = sqliteTable("follows", { id: id(), followerId: to(), followedId: to() });
		expect(linesOf({ users, follows }, "users")).toEqual([
			"followsByFollower: many follows (id=followerId), key in target",
			"followsByFollowed: many follows (id=followedId), key in target",
			"usersByFollower: many users (id=followerId > follows > followedId=id), key in through",
			"usersByFollowed: many users (id=followedId > follows > followerId=id), key in through",
		]);
	});
});

describe("hostile schemas", () => {
	test("a hundred tables that all refer to each other", () => {
		const size = 100;
		const tables: Record<string, SQLiteTable> = {};
		for (let at = 0; at < size; at++) {
			const name = `t${at}`;
			const columns = { id: id(), nextId: integer(), backId: integer(), first: integer() };
			tables[name] = sqliteTable(name, columns, (table) => {
				const targets = [
					[table.nextId, (at + 1) % size],
					[table.backId, (at + size - 1) % size],
					[table.first, 0],
				] as const;
				return targets.map(([column, target]) =>
					foreignKey({
						columns: [column],
						foreignColumns: [(tables[`t${target}`] as never as typeof table).id as never],
					}),
				);
			});
		}
		expect(namesOf(tables, "t5")).toEqual(["next", "back", "firstRef", "t4", "t6"]);
		// Its own; two from each neighbour; its own back; one from each of the others.
		expect(namesOf(tables, "t0")).toHaveLength(3 + 2 + 2 + 1 + 97);
	});

	test("two tables that need each other", () => {
		const chickens = sqliteTable("chickens", {
			id: id(),
			name: text(),
			eggId: integer().references((): AnySQLiteColumn => eggs.id),
		});
		const eggs = sqliteTable("eggs", {
			id: id(),
			name: text(),
			chickenId: integer().references((): AnySQLiteColumn => chickens.id),
		});
		expect(namesOf({ chickens, eggs }, "chickens")).toEqual(["egg", "eggs"]);
		expect(namesOf({ chickens, eggs }, "eggs")).toEqual(["chicken", "chickens"]);
	});

	test.each(["constructorId", "__proto__Id", "prototype_id"])(
		"the field %s gives no relation of a reserved name",
		(field) => {
			const things = sqliteTable("things", { key: text().primaryKey(), [field]: to() });
			expect(namesOf({ users, things }, "things")).toEqual([]);
			expect(namesOf({ users, things }, "users")).toEqual(["things"]);
		},
	);

	test("tables whose names a creator makes", () => {
		const table = sqliteTableCreator((name) => `shop_${name}`);
		const shops = table("shops", { id: id() });
		const goods = table("goods", { id: id(), shopId: integer().references(() => shops.id) });
		expect(readSchema({ shops, goods }, {}).map(({ tableName }) => tableName)).toEqual([
			"shop_shops",
			"shop_goods",
		]);
		expect(namesOf({ shops, goods }, "goods")).toEqual(["shop"]);
	});

	test("relations are the same objects on every look, frozen, and lead to the entities themselves", () => {
		const posts = sqliteTable("posts", { id: id(), authorId: to() });
		const [first, second] = readSchema({ users, posts }, {});
		const author = second?.relation("author");
		expect(author).toBe(second?.relations.get("author"));
		expect(author?.target).toBe(first);
		expect(author?.target.relation("posts")?.target).toBe(second);
		expect(Object.isFrozen(author)).toBe(true);
		expect(second?.relation("constructor")).toBeUndefined();
	});
});

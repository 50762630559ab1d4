import { relations, sql } from "drizzle-orm";
import { pgTable, serial } from "drizzle-orm/pg-core";
import {
	alias,
	foreignKey,
	integer,
	real,
	SQLiteColumn,
	sqliteTable,
	sqliteView,
	text,
	unique,
	type AnySQLiteColumn,
} from "drizzle-orm/sqlite-core";
import { describe, expect, test } from "vitest";
import type { EntityOptions } from "../../../src/data/schema/entity-options.ts";
import { readSchema, type Schema } from "../../../src/data/schema/read-schema.ts";
import * as wide from "../../support/wide-schema.ts";

const id = () => integer("id").primaryKey();

function problems(schema: Schema, options: Readonly<Record<string, EntityOptions>> = {}): string[] {
	try {
		readSchema(schema, options);
	} catch (error) {
		const [first, ...rest] = (error as Error).message.split("\n");
		expect(error).toMatchObject({ code: "schema_invalid", kind: "internal" });
		expect(first).toBe("The schema cannot be served:");
		return rest;
	}
	return [];
}

function entityOf(name: string, schema: Schema = wide, options = {}) {
	const entity = readSchema(schema, options).find((one) => one.name === name);
	if (!entity) throw new Error(`no ${name}`);
	return entity;
}

describe("a schema is read", () => {
	test("entities have the names of their exports, in the order of the module", () => {
		const schema = { people: wide.people, renamed: wide.tokens, helper: () => 1, limit: 10 };
		expect(readSchema(schema, {}).map((entity) => [entity.name, entity.tableName])).toEqual([
			["people", "people"],
			["renamed", "tokens"],
		]);
	});

	test("every column type and mode has its field type", () => {
		const types = entityOf("values").fields.map((field) => [field.name, field.type]);
		expect(Object.fromEntries(types)).toEqual({
			id: "integer",
			whole: "integer",
			yes: "boolean",
			atSeconds: "date",
			atMillis: "date",
			fraction: "real",
			decimal: "numeric",
			decimalNumber: "real",
			decimalBig: "bigint",
			title: "text",
			short: "text",
			choice: "text",
			notes: "json",
			bytes: "blob",
			bytesJson: "json",
			bytesBig: "bigint",
			custom: "custom",
		});
	});

	test("relations and everything else that is no table are passed over", () => {
		const peopleRelations = relations(wide.people, ({ many }) => ({
			tokens: many(wide.memberships),
		}));
		const { people, memberships } = wide;
		const schema = { people, memberships, peopleRelations, nothing: null };
		expect(readSchema(schema, {})).toHaveLength(2);
	});

	test("keys: single, composite, of the table's own clause, AUTOINCREMENT or not", () => {
		expect(entityOf("people")).toMatchObject({ autoIncrement: true });
		expect(entityOf("counters")).toMatchObject({ autoIncrement: false });
		expect(entityOf("counters").singleKey?.name).toBe("id");
		const composite = entityOf("memberships");
		expect(composite.key.map((field) => field.name)).toEqual(["personId", "group"]);
		expect(composite.singleKey).toBeUndefined();
	});

	test("foreign keys name their fields and the table they refer to", () => {
		const references = entityOf("articles").references.map(({ fields, table }) => [
			fields.map((field) => field.name),
			table,
		]);
		expect(references).toEqual(
			expect.arrayContaining([
				[["authorId"], wide.people],
				[["editorId"], wide.people],
			]),
		);
	});

	test("a table may refer to itself", () => {
		const nodes = sqliteTable("nodes", {
			id: id(),
			parentId: integer("parent_id").references((): AnySQLiteColumn => nodes.id),
		});
		expect(entityOf("nodes", { nodes }).references[0]?.table).toBe(nodes);
	});

	test("options: label, hidden, limits and the default sort, with the key behind it", () => {
		const options = {
			people: { label: "People", hidden: ["fullName"], sort: "-fullName", limit: 5, maxLimit: 7 },
		};
		const entity = entityOf("people", wide, options);
		expect(entity).toMatchObject({ label: "People", limit: 5, maxLimit: 7 });
		expect(entity.visible.map((field) => field.name)).toEqual(["id"]);
		expect(entity.sort.map(({ field, direction }) => [field.name, direction])).toEqual([
			["fullName", "desc"],
			["id", "asc"],
		]);
		expect(entityOf("people")).toMatchObject({ label: "people", limit: 10, maxLimit: 100 });
		expect(entityOf("people", wide, { people: { maxLimit: 4 } })).toMatchObject({ limit: 4 });
	});
});

describe("what cannot be served is refused", () => {
	class OddColumn extends SQLiteColumn {
		override getSQLType(): string {
			return "odd";
		}
	}

	test("a table without a primary key", () => {
		const loose = sqliteTable("loose", { name: text() });
		expect(problems({ loose })).toEqual(["- loose: it has no primary key."]);
	});

	test("a primary key that is neither integer nor text", () => {
		const schema = {
			a: sqliteTable("a", { id: real().primaryKey() }),
			b: sqliteTable("b", { id: integer({ mode: "timestamp" }).primaryKey() }),
		};
		expect(problems(schema)).toEqual([
			"- a.id: a primary key must be an integer or text.",
			"- b.id: a primary key must be an integer or text.",
		]);
	});

	test("a hidden primary key", () => {
		const items = sqliteTable("items", { id: id() });
		expect(problems({ items }, { items: { hidden: ["id"] } })).toEqual([
			"- items.id: a primary key cannot be hidden.",
		]);
	});

	test("views and tables of other dialects", () => {
		const items = sqliteTable("items", { id: id() });
		const all = sqliteView("all_items").as((query) => query.select().from(items));
		const foreign = pgTable("foreign", { id: serial() });
		expect(problems({ items, all, foreign })).toEqual([
			"- all: views cannot be served; leave it out of the schema.",
			"- foreign: is a table of another dialect; use drizzle-orm/sqlite-core.",
		]);
	});

	test("the same table twice, and two tables of one name", () => {
		const items = sqliteTable("items", { id: id() });
		const again = sqliteTable("Items", { id: id() });
		expect(problems({ items, same: items, again })).toEqual([
			"- same: is the same table as items.",
			"- again: its table has the same name as that of items: Items.",
		]);
	});

	test("two columns of one name", () => {
		const items = sqliteTable("items", { id: id(), a: text("name"), b: text("NAME") });
		expect(problems({ items })).toEqual(["- items: two columns are named NAME."]);
	});

	test.each(["__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty"])(
		"the reserved name %s",
		(name) => {
			const schema = Object.fromEntries([[name, sqliteTable("items", { id: id() })]]);
			expect(problems(schema)).toEqual([`- ${name}: the name is reserved.`]);
			const columns = Object.fromEntries([
				["id", id()],
				[name, text("x")],
			]);
			expect(problems({ items: sqliteTable("items", columns) })).toHaveLength(1);
		},
	);

	test.each(["$and", "a.b", "a,b", "-a", "a b", "1a", "", "a[0]"])("the field name %j", (name) => {
		const items = sqliteTable("items", { id: id(), [name]: text("x") });
		expect(problems({ items })[0]).toContain(`- items.${name}: a name has letters`);
	});

	test.each(["a.b", "a/b", "*", "**"])("the entity name %j", (name) => {
		expect(problems({ [name]: sqliteTable("items", { id: id() }) })[0]).toContain("a name has");
	});

	test.each(["größe", "_a", "a-b", "a1", "$".padStart(2, "a")])("but not the name %j", (name) => {
		const items = sqliteTable("items", { id: id(), [name]: text("x") });
		expect(problems({ items })).toEqual([]);
	});

	test.each(["burdock_x", "sqlite_x", "_cf_x", "Burdock_1", "SQLITE_x", "_CF_x"])(
		"the reserved table %s",
		(name) => {
			expect(problems({ items: sqliteTable(name, { id: id() }) })).toEqual([
				`- items: tables named ${name} are reserved.`,
			]);
		},
	);

	test("a column of a type that nobody knows", () => {
		const items = sqliteTable("items", { id: id(), odd: text() });
		const odd = Object.create(OddColumn.prototype, {
			table: { value: items },
			columnType: { value: "SQLiteOdd" },
			name: { value: "odd" },
		}) as object;
		Object.assign(items, { odd });
		expect(problems({ items })).toEqual(["- items.odd: a SQLiteOdd cannot be served."]);
	});

	test("a reference to a table that the schema does not export", () => {
		const items = sqliteTable("items", {
			id: id(),
			ownerId: integer().references(() => wide.people.id),
		});
		expect(problems({ items })).toEqual([
			"- items: it refers to a table that the schema does not export.",
		]);
	});

	test("a reference to what is not unique: SQLite would refuse every write", () => {
		const people = sqliteTable("people", { id: id(), name: text(), born: integer() }, (table) => [
			unique().on(table.name, table.born),
		]);
		const named = sqliteTable("named", { id: id(), name: text().references(() => people.name) });
		expect(problems({ people, named })).toEqual([
			"- named.name: it refers to people.name, which is neither the primary key nor unique.",
		]);
		const exact = sqliteTable("exact", { id: id(), born: integer(), name: text() }, (table) => [
			foreignKey({
				columns: [table.born, table.name],
				foreignColumns: [people.born, people.name],
			}),
		]);
		expect(problems({ people, exact })).toEqual([]);
	});

	test("a foreign key of other tables' columns, or not as many", () => {
		const { people } = wide;
		const make = (columns: unknown, foreignColumns: unknown) =>
			sqliteTable("odd", { id: id(), other: integer() }, (table) => [
				foreignKey({ columns: [table.id], foreignColumns: [people.id] }),
				foreignKey({ columns, foreignColumns } as never),
			]);
		const problem = "- odd: a foreign key needs columns of its own, and as many columns of people.";
		expect(problems({ people, odd: make([people.id], [people.id]) })).toEqual([problem]);
		const two = [people.id, people.fullName];
		expect(problems({ people, odd: make([people.id], two) })).toEqual([problem]);
	});

	test("an alias of a table", () => {
		const items = sqliteTable("items", { id: id() });
		expect(problems({ items, copy: alias(items, "copy") })).toEqual([
			"- copy: is an alias of a table; leave it out of the schema.",
		]);
	});

	test("options for what is not there, with the nearest name, and limits that make no sense", () => {
		const options = {
			peple: {},
			people: { hidden: ["fulName"], sort: "-id,nope", limit: 0, maxLimit: 1.5 },
			tokens: { limit: 101 },
		};
		expect(problems(wide, options)).toEqual([
			"- entities.peple: there is no such table. Did you mean people?",
			"- entities.people.hidden: people has no field fulName. Did you mean fullName?",
			"- entities.people.sort: people has no field nope.",
			"- entities.people.limit: expected a whole number above 0.",
			"- entities.people.maxLimit: expected a whole number above 0.",
			"- entities.tokens.limit: it is above maxLimit, 100.",
		]);
	});

	test("all problems of all tables come in one message", () => {
		const schema = {
			a: sqliteTable("a", { x: text() }),
			b: sqliteTable("sqlite_b", { id: real().primaryKey() }),
			fine: wide.people,
		};
		expect(problems(schema, { c: {} })).toHaveLength(4);
	});

	test("a generated column can be served, though it cannot be written", () => {
		const items = sqliteTable("items", {
			id: id(),
			twice: integer()
				.generatedAlwaysAs(sql`id * 2`)
				.notNull(),
		});
		const twice = entityOf("items", { items }).field("twice");
		expect([twice?.generated, twice?.optional]).toEqual([true, true]);
	});
});

import { sql } from "drizzle-orm";
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { describe, expect, test } from "vitest";
import type { Entity } from "../../../src/data/schema/entity.ts";
import type { EntityOptions } from "../../../src/data/schema/entity-options.ts";
import { readSchema } from "../../../src/data/schema/read-schema.ts";

const items = sqliteTable("items", {
	id: integer("id").primaryKey(),
	title: text("title"),
	place: integer("place").notNull().default(0),
	loose: integer("loose"),
	since: integer("since", { mode: "timestamp" }).notNull(),
	twice: integer("twice")
		.notNull()
		.generatedAlwaysAs(sql`(place * 2)`),
});

function entityOf(options: EntityOptions, table = items): Entity {
	return readSchema({ items: table }, { items: options })[0] as Entity;
}

function problems(options: object): string[] {
	try {
		readSchema({ items }, { items: options });
	} catch (error) {
		return (error as Error).message.split("\n").slice(1);
	}
	return [];
}

describe("the version of an entity", () => {
	const versioned = (version: ReturnType<typeof integer>) =>
		sqliteTable("items", { id: integer().primaryKey(), version }) as unknown as typeof items;

	test("is an integer NOT NULL field named version", () => {
		const table = versioned(integer().notNull().default(1) as never);
		expect(entityOf({}, table).version?.name).toBe("version");
		expect(entityOf({ version: false }, table).version).toBeUndefined();
	});

	test.each([
		["may be NULL", integer()],
		["is a boolean", integer({ mode: "boolean" }).notNull()],
		[
			"is generated",
			integer()
				.notNull()
				.generatedAlwaysAs(sql`(1)`),
		],
		["is text", text().notNull()],
	])("is not one that %s", (_, column) => {
		expect(entityOf({}, versioned(column as never)).version).toBeUndefined();
	});

	test("is not a hidden field: it stands in an ETag", () => {
		const table = versioned(integer().notNull().default(1) as never);
		expect(entityOf({ hidden: ["version"] }, table).version).toBeUndefined();
	});

	test("can be another field, and there is none otherwise", () => {
		expect(entityOf({ version: "place" }).version?.name).toBe("place");
		expect(entityOf({}).version).toBeUndefined();
	});

	test.each(["title", "loose", "since", "twice", "id"])("cannot be %s", (version) => {
		expect(problems({ version })).toEqual([
			`- entities.items.version: ${version} is not a visible integer that is NOT NULL and no key.`,
		]);
	});

	test("is not a part of the key", () => {
		const parts = { id: integer().notNull(), version: integer().notNull() };
		const table = sqliteTable("items", parts, (columns) => [
			primaryKey({ columns: [columns.id, columns.version] }),
		]);
		expect(entityOf({}, table as never).version).toBeUndefined();
	});

	test("cannot be hidden, if it is named", () => {
		expect(problems({ version: "place", hidden: ["place"] })).toHaveLength(1);
	});
});

describe("options that make no sense are refused", () => {
	test.each([
		[{ version: "plce" }, "version: items has no field plce. Did you mean place?"],
		[{ version: true }, "version: items has no field true."],
		[{ label: " " }, "label: expected a text."],
		[{ label: 5 }, "label: expected a text."],
		[{ hidden: "title" }, "hidden: expected a list of fields."],
		[{ hidden: ["title", "title"] }, "hidden: it names title twice."],
		[{ hidden: [5] }, "hidden: items has no field 5."],
		[{ sort: ["title"] }, 'sort: expected fields such as "-id,title".'],
		[{ sort: "" }, 'sort: expected fields such as "-id,title".'],
		[{ sort: "title,-title" }, "sort: it names title twice."],
		[{ sort: "title,," }, "sort: items has no field ."],
		[{ sort: "titel" }, "sort: items has no field titel. Did you mean title?"],
		[{ limit: 0 }, "limit: expected a whole number above 0."],
		[{ limit: "5" }, "limit: expected a whole number above 0."],
		[{ maxLimit: 1.5 }, "maxLimit: expected a whole number above 0."],
		[{ limit: 6, maxLimit: 5 }, "limit: it is above maxLimit, 5."],
		[{ limit: 101 }, "limit: it is above maxLimit, 100."],
	])("%j", (options, problem) => {
		expect(problems(options)[0]).toBe(`- entities.items.${problem}`);
	});
});

test("an option that is undefined is one that was not given", () => {
	const none = { label: undefined, hidden: undefined, sort: undefined, limit: undefined };
	expect(problems({ ...none, maxLimit: undefined, version: undefined })).toEqual([]);
});

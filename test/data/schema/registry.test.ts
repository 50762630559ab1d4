import { sqliteTable, text } from "drizzle-orm/sqlite-core";
import { expect, test } from "vitest";
import { readSchema } from "../../../src/data/schema/read-schema.ts";
import { Registry } from "../../../src/data/schema/registry.ts";
import * as wide from "../../support/wide-schema.ts";

const registry = new Registry(readSchema(wide, {}));

test("an entity is found by its name and by its table", () => {
	expect(registry.get("people")).toBe(registry.get(wide.people));
	expect(registry.all.map((entity) => entity.name)).toContain("articles");
});

test.each(["__proto__", "constructor", "toString", "hasOwnProperty", "", "People"])(
	"the name %j finds nothing",
	(name) => {
		expect(registry.find(name)).toBeUndefined();
		expect(() => registry.get(name)).toThrow(
			expect.objectContaining({ code: "unknown_entity", kind: "not_found" }),
		);
	},
);

test("an unknown name is answered with the nearest one, and cut", () => {
	expect(() => registry.get("peple")).toThrow(
		expect.objectContaining({ details: { hint: "Did you mean people?" } }),
	);
	const long = "x".repeat(10_000);
	expect(() => registry.get(long)).toThrow(/^There is no entity x{64}…\.$/);
});

test("a table of another schema is not an entity", () => {
	const stranger = sqliteTable("people", { id: text().primaryKey() });
	expect(() => registry.get(stranger)).toThrow(/no entity for this table/);
});

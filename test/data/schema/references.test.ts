import {
	foreignKey,
	integer,
	sqliteTable,
	text,
	type UpdateDeleteAction,
} from "drizzle-orm/sqlite-core";
import { describe, expect, test } from "vitest";
import { createTable } from "../../../src/data/migrate/create-table.ts";
import { foreignKeysOf } from "../../../src/data/schema/foreign-key.ts";
import { readSchema } from "../../../src/data/schema/read-schema.ts";
import { testApp } from "../../support/test-app.ts";

const owners = sqliteTable("owners", {
	id: integer("id").primaryKey(),
	tag: text("tag").notNull().unique(),
});

/** Pets whose owner may be deleted, or get another tag, with this outcome. */
function petsWith(action: UpdateDeleteAction) {
	return sqliteTable("pets", {
		id: integer("id").primaryKey(),
		ownerTag: text("owner_tag")
			.default("nobody")
			.references(() => owners.tag, { onDelete: action, onUpdate: action }),
	});
}

describe.each<readonly [UpdateDeleteAction, unknown, unknown]>([
	["cascade", [], ["new"]],
	["set null", [null], [null]],
	["set default", ["nobody"], ["nobody"]],
	["restrict", "foreign_key", "foreign_key"],
	["no action", "foreign_key", "foreign_key"],
])("a foreign key that says %s", (action, deleted, updated) => {
	const schema = { owners, pets: petsWith(action) };

	test.each([
		["delete from owners where tag = 'old'", deleted],
		["update owners set tag = 'new' where tag = 'old'", updated],
	])("is made such that after %s the row is as it should be", async (statement, expected) => {
		const { app, rows } = await testApp({ schema });
		await app.em.mutator("owners").insertMany([{ tag: "old" }, { tag: "nobody" }]);
		await app.em.mutator("pets").insertOne({ ownerTag: "old" });
		const outcome = await rows(statement).then(
			async () => (await rows("select owner_tag from pets")).map(([tag]) => tag),
			(error: unknown) => (error as { code: string }).code,
		);
		expect(outcome).toEqual(expected);
	});

	test("is known to the entity", () => {
		const [, pets] = readSchema(schema, {});
		expect(pets?.references).toMatchObject([{ onDelete: action, onUpdate: action, table: owners }]);
	});
});

test("actions are in the DDL of inline and of table-wide keys, and only where they are declared", () => {
	const things = sqliteTable(
		"things",
		{
			id: integer("id").primaryKey(),
			a: integer("a").references(() => owners.id, { onDelete: "cascade" }),
			b: integer("b").references(() => owners.id),
			c: integer("c"),
		},
		(table) => [
			foreignKey({ columns: [table.c], foreignColumns: [owners.id], name: "named" }).onUpdate(
				"set null",
			),
		],
	);
	const lines = createTable(things)[0]?.split("\n") ?? [];
	expect(lines.filter((line) => line.includes("foreign key")).map((line) => line.trim())).toEqual([
		'foreign key ("a") references "owners" ("id") on delete cascade,',
		'foreign key ("b") references "owners" ("id"),',
		'foreign key ("c") references "owners" ("id") on update set null',
	]);
});

test("all foreign keys are listed, those too whose relation has no name left", () => {
	const pets = sqliteTable("pets", {
		id: integer("id").primaryKey(),
		owner: text("owner"),
		ownerId: integer("owner_id").references(() => owners.id),
	});
	const entities = readSchema({ owners, pets }, {});
	expect([...(entities[1]?.relations.keys() ?? [])]).toEqual([]);
	expect(foreignKeysOf(entities)).toMatchObject([
		{ source: entities[1], target: entities[0], unique: false },
	]);
});

test("a row that refers to nothing is refused, and says so", async () => {
	const { request } = await testApp({ schema: { owners, pets: petsWith("cascade") } });
	const refused = await request("POST", "/api/data/entity/pets", { ownerTag: "ghost" });
	expect(refused.status).toBe(409);
	expect(await refused.json()).toMatchObject({ code: "bad_reference" });
});

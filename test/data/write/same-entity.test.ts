import { integer, sqliteTable, text, type AnySQLiteColumn } from "drizzle-orm/sqlite-core";
import { expect, test } from "vitest";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import { testApp } from "../../support/test-app.ts";

const categories = sqliteTable("categories", {
	id: integer("id").primaryKey(),
	name: text("name").notNull(),
	parentId: integer("parent_id").references((): AnySQLiteColumn => categories.id),
});

test("a listener may insert another row of the same entity, such as a parent", async () => {
	const { app } = await testApp({ schema: { categories } });
	app.emgr.onEvent(
		DatabaseEvents.MutatorInsertBefore,
		async ({ params: { data } }) => {
			const [parent, child] = data.name.split("/");
			if (child === undefined) return undefined;
			const { data: row } = await app.em.mutator(categories).insertOne({ name: parent ?? "" });
			return { ...data, name: child, parentId: row.id };
		},
		{ mode: "sync", entity: categories },
	);
	const { data } = await app.em.mutator(categories).insertOne({ name: "plants/burdock" });
	expect(data).toMatchObject({ id: 2, name: "burdock", parentId: 1 });
});

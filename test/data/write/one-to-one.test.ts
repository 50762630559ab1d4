import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { expect, test } from "vitest";
import { testApp } from "../../support/test-app.ts";

const users = sqliteTable("users", { id: integer().primaryKey(), name: text().notNull() });
const profiles = sqliteTable("profiles", {
	id: integer().primaryKey(),
	userId: integer("user_id")
		.unique()
		.references(() => users.id),
});

/** One user with the profile of this id, beside another profile. */
async function open(profile: number) {
	const { app, rows } = await testApp({ schema: { users, profiles } });
	await app.em.mutator(users).insertOne({ id: 1, name: "Ada" });
	await app.em.mutator(profiles).insertMany([{ id: 1 }, { id: 2 }]);
	await app.em.mutator(profiles).updateOne(profile, { userId: 1 });
	const write = (operation: object) =>
		app.em.mutator("users").updateOne(1, { profiles: operation });
	return { write, owned: () => rows("select id from profiles where user_id = 1") };
}

test("$set: null of a relation to one, whose other side refers, leaves none", async () => {
	const { write, owned } = await open(1);
	await write({ $set: null });
	expect(await owned()).toEqual([]);
	await write({ $set: null });
	expect(await owned()).toEqual([]);
});

test.each([
	[1, 2],
	[2, 1],
])(
	"$set takes the place of the row %i by the row %i, although the key is unique",
	async (old, id) => {
		const { write, owned } = await open(old);
		await write({ $set: id });
		expect(await owned()).toEqual([[id]]);
		await write({ $set: { id } });
		expect(await owned()).toEqual([[id]]);
	},
);

import { eq, relations, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { spy } from "../../src/testing/spy.ts";
import { testApp } from "../support/test-app.ts";
import { articles, people, tokens, values } from "../support/wide-schema.ts";

const peopleRelations = relations(people, ({ many }) => ({ articles: many(articles) }));
const articlesRelations = relations(articles, ({ one }) => ({
	author: one(people, { fields: [articles.authorId], references: [people.id] }),
}));
const schema = { people, tokens, values, articles, peopleRelations, articlesRelations };

test("inserts, updates, deletes and selects, without any event", async () => {
	const { app } = await testApp({ schema });
	const events = spy(app.emgr);
	const made = await app.db
		.insert(people)
		.values([{ fullName: "Ada" }, { fullName: "Bob" }])
		.returning();
	expect(made).toEqual([
		{ id: 1, fullName: "Ada" },
		{ id: 2, fullName: "Bob" },
	]);
	await app.db.update(people).set({ fullName: "Eve" }).where(eq(people.id, 2));
	expect(await app.db.select().from(people).where(eq(people.id, 2)).get()).toEqual({
		id: 2,
		fullName: "Eve",
	});
	await app.db.delete(people).where(eq(people.id, 1));
	expect(await app.db.select({ id: people.id }).from(people).all()).toEqual([{ id: 2 }]);
	expect(await app.db.select().from(people).where(eq(people.id, 9)).get()).toBeUndefined();
	expect(await app.db.values(sql`select count(*), 'x' from people`)).toEqual([[1, "x"]]);
	expect(events.slugs).toEqual([]);
});

test("values of all modes are mapped as Drizzle does", async () => {
	const { app } = await testApp({ schema });
	const row = {
		yes: true,
		atMillis: new Date(5),
		decimalBig: 2n ** 60n,
		notes: { a: 1 },
		bytes: Buffer.from([1, 2]),
	};
	await app.db.insert(values).values(row);
	expect(await app.db.select().from(values).get()).toMatchObject({
		...row,
		bytes: expect.anything() as Buffer,
	});
	expect((await app.em.repository(values).findOne(1)).data).toMatchObject({
		yes: true,
		decimalBig: 2n ** 60n,
	});
});

test("a batch is atomic", async () => {
	const { app, counts } = await testApp({ schema });
	const [first, second] = await app.db.batch([
		app.db.insert(tokens).values({ id: "a" }).returning(),
		app.db.select().from(tokens),
	]);
	expect([first, second]).toEqual([[{ id: "a", label: null }], [{ id: "a", label: null }]]);
	const twice = [
		app.db.insert(tokens).values({ id: "b" }),
		app.db.insert(tokens).values({ id: "a" }),
	] as const;
	await expect(app.db.batch(twice)).rejects.toMatchObject({ code: "unique" });
	expect(await counts()).toMatchObject({ tokens: 1 });
});

test("relational queries work with the relations of the schema", async () => {
	const { app } = await testApp({ schema });
	await app.em.mutator(people).insertOne({ fullName: "Ada" });
	await app.em.mutator(articles).insertOne({ title: "Burrs", slug: "burrs", authorId: 1 });
	const query = app.db.query as never as Record<
		string,
		{ findMany(options: object): Promise<unknown>; findFirst(options: object): Promise<unknown> }
	>;
	const found = await query.people?.findMany({ with: { articles: { columns: { slug: true } } } });
	expect(found).toEqual([{ id: 1, fullName: "Ada", articles: [{ slug: "burrs" }] }]);
	const none = await query.people?.findFirst({ where: eq(people.id, 7) });
	expect(none).toBeUndefined();
});

test("a transaction is refused, and says what to do instead", async () => {
	const { app } = await testApp({ schema });
	await expect(app.db.transaction(async () => 1)).rejects.toMatchObject({
		code: "raw_transaction",
		message: expect.stringContaining("app.db.batch") as string,
	});
});

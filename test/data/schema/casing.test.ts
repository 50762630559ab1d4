import { eq, sql } from "drizzle-orm";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { describe, expect, test } from "vitest";
import type { Casing } from "../../../src/data/schema/casing.ts";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import { readSchema } from "../../../src/data/schema/read-schema.ts";
import { testApp } from "../../support/test-app.ts";
import { boards, books, shelves, writers } from "../../support/unnamed-schema.ts";

const marks = sqliteTable("marks", {
	id: integer().primaryKey(),
	shelfMark: text().unique(),
	madeBy: integer().references(() => writers.id),
});
const schema = { writers, books, shelves, boards, marks };

/** An app with one writer and two books. */
async function library(casing: Casing | undefined) {
	const tested = await testApp({ schema, ...(casing === undefined ? {} : { casing }) });
	const { em } = tested.app;
	await em.mutator(writers).insertOne({ fullName: "Ada", penName: "A." });
	await em.mutator(books).insertMany([
		{ bookTitle: "Burrs", writerId: 1, pageCount: 7 },
		{ bookTitle: "Hooks", writerId: 1, shelf_mark: "B2", HTMLBody2: "<p>" },
	]);
	return tested;
}

describe.each([
	[undefined, ["bookId", "bookTitle", "shelf_mark", "writerId", "secondWriterId", "HTMLBody2"]],
	[
		"snake_case",
		["book_id", "book_title", "shelf_mark", "writer_id", "second_writer_id", "html_body2"],
	],
	["camelCase", ["bookId", "bookTitle", "shelfMark", "writerId", "secondWriterId", "htmlBody2"]],
] as const)("columns without names, casing %s", (casing, columns) => {
	test("have the names in SQL that Drizzle gives them; a declared name stays", async () => {
		const { app, rows } = await library(casing);
		const found = await rows("select name from pragma_table_info('books')");
		const names = found.map(([name]) => name);
		expect(names.filter((name) => !/page|title_?length/i.test(String(name)))).toEqual(columns);
		expect(app.em.entity(writers).field("penName")?.columnName).toBe("thePenName");
	});

	test("are property keys to code and to clients", async () => {
		const { app, request } = await library(casing);
		const path = "/api/data/entity/books";
		const where = JSON.stringify({ pageCount: { $gte: 7 } });
		const listed = await request("GET", `${path}?where=${where}&sort=-bookTitle&select=bookTitle`);
		expect(await listed.json()).toMatchObject({ data: [{ bookTitle: "Burrs" }] });
		const patched = await request("PATCH", `${path}/2`, { pageCount: 9, shelf_mark: "C3" });
		expect(await patched.json()).toMatchObject({ data: { pageCount: 9, shelf_mark: "C3" } });
		const { data } = await app.em
			.mutator(books)
			.updateWhere({ secondWriterId: 1 }, { bookTitle: "Burrs" });
		expect(data).toMatchObject([{ bookId: 1, secondWriterId: 1, HTMLBody2: null }]);
	});

	test("are what app.db, expressions and the statements of hooks mean", async () => {
		const { app } = await library(casing);
		const shelf = columns[2];
		const found = await app.db.select().from(books).where(eq(books.bookTitle, "Hooks"));
		expect(found).toMatchObject([{ bookId: 2, HTMLBody2: "<p>", writerId: 1 }]);
		await app.em.mutator(books).updateOne(1, { pageCount: sql`${books.pageCount} + 1` } as never);
		app.emgr.onEvent(
			DatabaseEvents.MutatorInsertCommit,
			({ params }) => {
				const named = app.db.update(writers).set({ fullName: "Ada L." });
				params.batch.add(named.where(eq(writers.fullName, "Ada")));
				params.batch.add(sql`update ${books} set ${sql.raw(shelf)} = ${books.bookTitle}`);
			},
			{ mode: "sync", entity: "shelves" },
		);
		await app.em.mutator(shelves).insertOne({ roomName: "east", shelfNumber: 1 });
		expect(await app.db.select().from(writers)).toMatchObject([{ fullName: "Ada L." }]);
		expect((await app.em.repository(books).findOne(1)).data).toMatchObject({
			pageCount: 8,
			shelf_mark: "Burrs",
		});
	});

	test("are named by their keys when the database refuses a value", async () => {
		const { request } = await library(casing);
		const path = "/api/data/entity/marks";
		expect((await request("POST", path, { shelfMark: "A", madeBy: 1 })).status).toBe(201);
		const taken = await request("POST", path, { shelfMark: "A" });
		expect(taken.status).toBe(409);
		expect(await taken.json()).toMatchObject({ errors: [{ path: "shelfMark" }] });
	});
});

test("two columns may have one key's name only as long as casing tells them apart", () => {
	const items = sqliteTable("items", { id: integer().primaryKey(), aB: text(), a_b: text() });
	expect(readSchema({ items }, {})).toHaveLength(1);
	expect(() => readSchema({ items }, {}, "snake_case")).toThrow("two columns are named a_b");
});

test("a casing that does not exist is refused", async () => {
	await expect(testApp({ schema, casing: "kebab-case" as never })).rejects.toThrow(
		'casing is neither "snake_case" nor "camelCase".',
	);
});

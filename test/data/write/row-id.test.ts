import { sql } from "drizzle-orm";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { describe, expect, test } from "vitest";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import { testApp } from "../../support/test-app.ts";
import { counters, countries, people, tickets, tokens } from "../../support/wide-schema.ts";

/** A table without AUTOINCREMENT that has a column of the name by which SQLite calls its row ids. */
const odd = sqliteTable("odd", {
	id: text("id")
		.primaryKey()
		.default(sql`(lower(hex(randomblob(8))))`),
	rowid: integer("rowid"),
	label: text("label"),
});
/** What the listener records: the id as a number and as text, in tables of both kinds. */
const noise = sqliteTable("noise", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	note: text("note"),
});
const records = sqliteTable("records", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	subject: text("subject"),
	number: integer("number"),
	label: text("label"),
});
const schema = { people, counters, countries, tickets, tokens, odd, noise, records };

type Name = "people" | "counters" | "countries" | "tickets" | "tokens" | "odd";

const labelOf: Record<Name, string> = {
	people: "fullName",
	counters: "label",
	countries: "name",
	tickets: "label",
	tokens: "label",
	odd: "label",
};

/** An app that records each inserted row's `rowId`, after noise that moves `last_insert_rowid()`. */
async function recorded() {
	const tested = await testApp({ schema });
	const { app } = tested;
	const noisy = () => app.db.insert(noise).values([{ note: "a" }, { note: "b" }]);
	await noisy();
	app.emgr.onEvent(
		DatabaseEvents.MutatorInsertCommit,
		({ params: { batch, rows, entity } }) => {
			batch.before(noisy());
			batch.add(noisy());
			const label = labelOf[entity.name as Name];
			const entries = rows.map((row) => ({
				subject: sql`${row.rowId}`,
				number: sql`${row.rowId}`,
				label: (row.data as Record<string, string>)[label],
			}));
			batch.add(app.db.insert(records).values(entries as never));
			for (const row of rows) {
				batch.add(sql`insert into noise (note) values ('one ' || ${row.rowId})`);
				batch.add({ sql: "insert into noise (note) values (?)", params: ["two"] });
			}
		},
		{ mode: "sync", entity: Object.keys(labelOf) },
	);
	return tested;
}

/** The recorded ids by the label of their row, and the ids of the rows that are stored. */
async function compare(tested: Awaited<ReturnType<typeof recorded>>, name: Name) {
	const { app, rows } = tested;
	const { data } = await app.em.repository(name).findMany({ limit: 1000 });
	const stored = Object.fromEntries(
		data.map((row) => [
			(row as Record<string, string>)[labelOf[name]],
			String((row as { id: unknown; code: unknown }).id ?? (row as { code: unknown }).code),
		]),
	);
	const found = await rows("select label, subject, typeof(subject), number from records");
	const subjects = Object.fromEntries(found.map(([label, subject]) => [label, subject]));
	const numbers = Object.fromEntries(found.map(([label, , , number]) => [label, String(number)]));
	expect(found.every(([, , type]) => type === "text")).toBe(true);
	return { stored, subjects, numbers };
}

const kinds: readonly (readonly [Name, string, (label: string) => Record<string, unknown>])[] = [
	["people", "an AUTOINCREMENT key", (fullName) => ({ fullName })],
	["counters", "an integer key", (label) => ({ label })],
	["countries", "a key of the client", (name) => ({ name, code: `code-${name}` })],
	["tickets", "a key that the database makes", (label) => ({ label })],
	["tokens", "a key that the schema makes", (label) => ({ label })],
	["odd", "a column named rowid", (label) => ({ label, rowid: label.length * 100 - 3 })],
];

describe.each(kinds)("rowId of %s: %s", (name, _, rowOf) => {
	test("names the row of a single insert, in text and integer columns", async () => {
		const tested = await recorded();
		for (const label of ["a", "bb", "ccc"])
			await tested.app.em.mutator(name).insertOne(rowOf(label));
		const { stored, subjects, numbers } = await compare(tested, name);
		expect(subjects).toEqual(stored);
		expect(numbers).toEqual(stored);
		expect(Object.keys(stored)).toHaveLength(3);
	});

	test("names each row of a bulk insert", async () => {
		const tested = await recorded();
		await tested.app.em.mutator(name).insertOne(rowOf("first"));
		const labels = Array.from({ length: 30 }, (_, index) => `row ${index}`);
		const { data } = await tested.app.em.mutator(name).insertMany(labels.map(rowOf));
		expect(data.map((row) => (row as Record<string, unknown>)[labelOf[name]])).toEqual(labels);
		const { stored, subjects } = await compare(tested, name);
		expect(subjects).toEqual(stored);
	});

	test("names each row where some bring their key and fields differ", async () => {
		const tested = await recorded();
		const key = tested.app.em.entity(name).singleKey?.name ?? "";
		const integerKey = tested.app.em.entity(name).singleKey?.type === "integer";
		const labels = Array.from({ length: 12 }, (_, index) => `row ${index}`);
		const rows = labels.map((label, index) => {
			const row = rowOf(label);
			if (index % 3 === 0) row[key] = integerKey ? 1000 - index * 7 : `own ${index}`;
			if (index % 4 === 1 && "rowid" in row) delete row.rowid;
			return row;
		});
		const { data } = await tested.app.em.mutator(name).insertMany(rows as never);
		expect(data.map((row) => (row as Record<string, unknown>)[labelOf[name]])).toEqual(labels);
		const { stored, subjects } = await compare(tested, name);
		expect(subjects).toEqual(stored);
	});
});

test("rowId after rows were deleted, and with negative and explicit keys", async () => {
	const tested = await recorded();
	const mutator = tested.app.em.mutator(counters);
	await mutator.insertMany([{ id: -7, label: "negative" }, { label: "next" }]);
	await mutator.deleteWhere({ label: "next" });
	await mutator.insertMany([{ label: "again" }, { id: 50, label: "fifty" }, { label: "over" }]);
	const { stored, subjects } = await compare(tested, "counters");
	expect(subjects).toMatchObject(stored);
	const autoIncrement = tested.app.em.mutator(people);
	await autoIncrement.insertMany([{ fullName: "x" }, { fullName: "y" }]);
	await autoIncrement.deleteWhere({ id: { $gt: 0 } });
	const { data } = await autoIncrement.insertOne({ fullName: "z" });
	expect(data.id).toBe(3);
	expect((await compare(tested, "people")).subjects).toMatchObject({ z: "3" });
});

test("an expression cannot be an integer key, for nobody could name its row", async () => {
	const { app } = await testApp({ schema });
	await expect(
		app.em.mutator("people").insertOne({ id: sql`1`, fullName: "x" }),
	).rejects.toMatchObject({
		errors: [{ path: "id", message: "Expected a whole number." }],
	});
	const { data } = await app.em.mutator("tickets").insertOne({ id: sql`'T' || 1` });
	expect(data).toMatchObject({ id: "T1" });
});

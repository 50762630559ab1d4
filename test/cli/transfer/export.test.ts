import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { describe, expect, it } from "vitest";
import { exportPages } from "../../../src/cli/transfer/export-pages.ts";
import { openSnapshot } from "../../../src/cli/transfer/open-snapshot.ts";
import { orderByReferences } from "../../../src/cli/transfer/order-by-references.ts";
import { testApp } from "../../support/test-app.ts";
import { temporaryFile } from "../../support/temporary-file.ts";
import { exportText } from "../../support/transfer.ts";
import * as schema from "../../support/transfer-schema.ts";

const notes = sqliteTable("notes", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	title: text("title").notNull(),
});

describe("an export", () => {
	it("is a snapshot, whatever is written meanwhile", async () => {
		const url = `file:${temporaryFile()}`;
		const { app, rows } = await testApp({ schema: { notes }, connection: { url } });
		const titles = Array.from({ length: 60 }, (_, at) => ({ title: `old ${at}` }));
		await app.em.mutator(notes).insertMany(titles);
		const snapshot = openSnapshot(app.database);
		const { entities } = app.em;
		let exported = "";
		const source = { database: snapshot.database, schema: entities, entities, pageRows: 10 };
		for await (const page of exportPages(source)) {
			exported += page.text;
			// Nobody waits for anybody.
			await app.em.mutator(notes).insertOne({ title: "new" });
			await app.em.mutator(notes).updateOne(60, { title: "changed" });
		}
		snapshot.close();
		expect(snapshot.consistent).toBe(true);
		expect(exported.match(/"title":"old/g)).toHaveLength(60);
		expect(exported).not.toMatch(/new|changed/);
		expect(exported).toContain('"rows":60,"sequences":{"notes":60}');
		expect(Number((await rows("select count(*) from notes"))[0]?.[0])).toBeGreaterThan(60);
	});

	it("has each row once when it is no snapshot, however small the pages are", async () => {
		const { app } = await testApp({ schema });
		const nodes = ["b", "a", "c", "e", "d"].map((value) => ({ value, parent: value }));
		await app.em.mutator("nodes").insertMany(nodes);
		const places = [1, 2, 3].flatMap((number) =>
			["x", "y"].map((country) => ({ country, number })),
		);
		await app.em.mutator("places").insertMany(places);
		const whole = await exportText(app);
		for (const pageRows of [1, 2, 3]) expect(await exportText(app, { pageRows })).toBe(whole);
		expect(whole.match(/"value":"\w"/g)?.join("")).toBe(
			["a", "b", "c", "d", "e"].map((value) => `"value":"${value}"`).join(""),
		);
	});

	it("has what is referred to first, and circles where they are shortest", async () => {
		const { app } = await testApp({ schema });
		const names = orderByReferences(app.em.entities).map(({ name }) => name);
		expect(names.indexOf("users")).toBeLessThan(names.indexOf("posts"));
	});

	it.each([
		[
			"whole",
			"insert into wide (id, whole) values (1, 9007199254740993)",
			"whole holds 9007199254740993",
		],
		["whole", "insert into wide (id, whole) values (1, 'text')", 'whole holds "text"'],
		["date", "insert into wide (id, date) values (1, 9e15)", "date holds"],
		["json", "insert into wide (id, json) values (1, '{')", 'json holds "{"'],
		["yes", "insert into wide (id, yes) values (1, 2)", "yes holds 2"],
	])("stops at a value that could not come back: %s", async (_, sql, message) => {
		const wide = sqliteTable("wide", {
			id: integer("id").primaryKey(),
			whole: integer("whole"),
			yes: integer("yes", { mode: "boolean" }),
			date: integer("date", { mode: "timestamp_ms" }),
			json: text("json", { mode: "json" }),
		});
		const { app, rows } = await testApp({ schema: { wide } });
		await rows(sql);
		await expect(exportText(app)).rejects.toThrow(`wide/1: ${message}`);
	});
});

import { sql } from "drizzle-orm";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { describe, expect, it } from "vitest";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import { AppError } from "../../../src/kernel/error.ts";
import { expectEvents } from "../../../src/testing/expect-events.ts";
import { spy } from "../../../src/testing/spy.ts";
import { testApp } from "../../support/test-app.ts";
import { exportOf, exportText, importText } from "../../support/transfer.ts";
import * as schema from "../../support/transfer-schema.ts";
import { lowerCase } from "../../support/wide-schema.ts";

const { MutatorInsertBefore, MutatorInsertCommit } = DatabaseEvents;
const notes = sqliteTable("notes", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	title: text("title", { length: 20 }).notNull(),
	slug: text("slug").unique(),
});
const audit = sqliteTable("audit", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	noteId: integer("note_id").notNull(),
});

function note(id: number, more: object = {}): readonly [string, object] {
	return ["notes", { id, title: `note ${id}`, ...more }];
}

describe("an import", () => {
	it("names each line that cannot be imported, with the reason, and imports the others", async () => {
		const { app, rows } = await testApp({ schema: { notes } });
		app.emgr.onEvent(
			MutatorInsertBefore,
			({ params }) => {
				if (params.data.title === "spam") throw new Error("No spam.");
			},
			{ mode: "sync", entity: notes },
		);
		const lines = exportOf([
			note(1),
			note(2, { title: 5 }),
			note(3, { mood: "good" }),
			["ntoes", {}],
			note(4, { title: "spam" }),
			note(5, { title: "far too long for such a title" }),
			note(6, { slug: "x" }),
			note(7, { slug: "x" }),
			note(8),
		]).split("\n");
		lines.splice(9, 0, '{"entity":"notes"', '{"entity":"notes","row":[]}', "[]", "");
		const text = lines.join("\n").replace('"rows":9', '"rows":12');
		const { faults, counts, unfinished } = await importText(app, text);
		expect(faults.toSorted((one, other) => parseInt(one) - parseInt(other))).toEqual([
			"3: notes: title: Expected text without NUL characters.",
			"4: notes: mood: notes has no such field.",
			"5: There is no entity ntoes. Did you mean notes?",
			"6: notes: No spam.",
			"7: notes: title: At most 20 characters.",
			"9: notes: slug: Is taken already.",
			"10: It is not JSON in UTF-8.",
			"11: Its row is not an object of fields.",
			"12: It is not a JSON object.",
		]);
		expect(unfinished).toBeUndefined();
		expect(counts).toMatchObject({ inserted: 3, failed: 9 });
		expect(await rows("select id from notes order by id")).toEqual([[1], [6], [8]]);
	});

	it("calls the listeners of each row once, and stores what they make of it", async () => {
		const { app, rows } = await testApp({ schema: { notes } });
		app.emgr.onEvent(
			MutatorInsertBefore,
			(event) => {
				const { data } = event.params;
				if (data.id === 2) event.preventDefault();
				return { ...data, slug: `slug-${data.id}` };
			},
			{ mode: "sync", entity: notes },
		);
		using events = spy(app.emgr);
		const { counts } = await importText(app, exportOf([note(1), note(2), note(3)]));
		expect(counts).toMatchObject({ inserted: 2, prevented: 1 });
		expectEvents(events, {
			"*": 0,
			"mutator-insert-before": 3,
			"mutator-insert-commit": 1,
			"mutator-insert-after": 2,
		});
		expect(await rows("select id, slug from notes")).toEqual([
			[1, "slug-1"],
			[3, "slug-3"],
		]);
	});

	it("stores a row and how far it is together, whatever listeners write meanwhile", async () => {
		const { app } = await testApp({ schema: { notes, audit } });
		const positions: unknown[] = [];
		app.emgr.onEvent(
			MutatorInsertBefore,
			async ({ params: { data } }) => {
				if (data.id === 100) return;
				const query = { sql: "select position from burdock_import", params: [] };
				positions.push(JSON.parse(String((await app.database.all(query))[0]?.[0])).line);
				// A write of the same entity before that of the import.
				if (data.id === 1) await app.em.mutator(notes).insertOne({ id: 100, title: "own" });
			},
			{ mode: "sync", entity: notes, reentrant: true },
		);
		const text = exportOf([note(1), note(2), note(3)]);
		await importText(app, text, { bulkRows: 1 });
		// The own write did not take the position along: it stood before the row.
		expect(positions).toEqual([1, 2, 3]);
	});

	it.each([
		["fail", { inserted: 0, skipped: 0 }, "old"],
		["skip", { inserted: 2, skipped: 1 }, "old"],
		["replace", { inserted: 2, replaced: 1 }, "note 2"],
	] as const)("with --on-conflict %s", async (conflict, counted, title) => {
		const { app, rows } = await testApp({ schema: { notes } });
		await app.em.mutator(notes).insertOne({ id: 2, title: "old" });
		const text = exportOf([note(1), note(2), note(3)]);
		const importing = importText(app, text, { conflict });
		if (conflict === "fail")
			await expect(importing).rejects.toThrow("Line 3: there is a row notes/2");
		else expect((await importing).counts).toMatchObject(counted);
		expect(await rows("select title from notes where id = 2")).toEqual([[title]]);
	});

	it("replaces rows with a composite key, and what such a row may refer to", async () => {
		const { app, rows } = await testApp({ schema });
		const place = (number: number, near: number | null) =>
			["places", { country: "x", number, nearCountry: "x", nearNumber: near }] as const;
		await importText(app, exportOf([place(1, null), place(2, 1)]));
		const { counts } = await importText(app, exportOf([place(1, 2), place(2, 2)]), {
			conflict: "replace",
		});
		expect(counts).toMatchObject({ replaced: 2, failed: 0 });
		expect(await rows("select number, near_number from places")).toEqual([
			[1, 2],
			[2, 2],
		]);
	});

	it("tells of rows that refer to nothing, and of those that refer to these", async () => {
		const { app, rows } = await testApp({ schema });
		const { faults, counts } = await importText(
			app,
			exportOf([
				["users", { id: 1, name: "a", favouriteId: 99 }],
				["posts", { id: 1, authorId: 1, title: "of nobody" }],
				["users", { id: 2, name: "b" }],
			]),
		);
		expect(faults).toEqual([
			"2: users: favouriteId refers to a row of posts that is nowhere.",
			"3: posts: authorId refers to a row of users that is nowhere.",
		]);
		expect(counts).toMatchObject({ inserted: 1, failed: 2 });
		expect(await rows("select id from users")).toEqual([[2]]);
		expect(await rows("select name from sqlite_master where name like 'burdock_import%'")).toEqual(
			[],
		);
	});

	it("stores custom values as they are stored, whatever code makes of them", async () => {
		const tags = sqliteTable("tags", { id: integer("id").primaryKey(), name: lowerCase("name") });
		const { app, rows } = await testApp({ schema: { tags } });
		await app.em.mutator(tags).insertOne({ id: 1, name: "LOUD" });
		await app.database.all({ sql: "insert into tags values (2, x'00ff')", params: [] });
		const text = await exportText(app);
		expect(text).toContain('"row":{"id":2,"name":{"$bytes":"AP8="}}');
		expect(await rows("select name from tags where id = 1")).toEqual([["loud"]]);
	});

	it("checks all lines of a dry run, and stores nothing", async () => {
		const { app, counts } = await testApp({ schema: { notes } });
		await app.em.mutator(notes).insertOne({ id: 2, title: "old" });
		const text = exportOf([note(1), note(2), note(3, { title: 5 })]);
		const dry = await importText(app, text, { dryRun: true, conflict: "skip" });
		expect(dry.counts).toMatchObject({ inserted: 1, skipped: 1, failed: 1 });
		expect(await counts()).toEqual({ notes: 1 });
	});
});

describe("a file that is not whole", () => {
	const whole = exportOf([note(1), note(2)]);

	it.each([
		["in the middle of a line", whole.slice(0, -30), "cut off in the middle of line 4"],
		["in the middle of a row", whole.slice(0, 100), "cut off in the middle of line 2"],
		["between two lines", `${whole.split("\n").slice(0, 3).join("\n")}\n`, "ends after line 3"],
		["without its line feed", whole.slice(0, -1), undefined],
		["before its end", "", "The file is empty."],
		["as another", whole.replace('"rows":2', '"rows":3'), "should hold 3 rows"],
	])("ends %s", async (_, text, said) => {
		const { app } = await testApp({ schema: { notes } });
		const { unfinished } = await importText(app, text);
		if (said === undefined) expect(unfinished).toBeUndefined();
		else expect(unfinished).toContain(said);
	});

	it("goes on when the whole one comes", async () => {
		const { app, counts } = await testApp({ schema: { notes } });
		await importText(app, whole.slice(0, -40));
		expect((await importText(app, whole)).counts).toMatchObject({ inserted: 2 });
		expect(await counts()).toEqual({ notes: 2 });
	});

	it.each(["", "hello\n", '{"burdock":"export","version":2}\n', '{"id":1}\n'])(
		"or no export at all is refused: %j",
		async (text) => {
			const { app } = await testApp({ schema: { notes } });
			if (text === "") expect((await importText(app, text)).unfinished).toContain("empty");
			else await expect(importText(app, text)).rejects.toThrow("not an export of Burdock");
		},
	);

	it("keeps another import out until it is finished or given up", async () => {
		const { app } = await testApp({ schema: { notes } });
		await importText(app, whole.slice(0, -40));
		const other = exportOf([note(5)]);
		await expect(importText(app, other)).rejects.toThrow("was interrupted after line 3");
		expect((await importText(app, other, { restart: true })).counts).toMatchObject({ inserted: 1 });
	});
});

describe("an import that is interrupted", () => {
	const many = exportOf(Array.from({ length: 40 }, (_, index) => note(index + 1)));

	it("goes on where it was, wherever that is", async () => {
		for (let after = 1; after < 12; after++) {
			const { app, rows } = await testApp({ schema: { notes, audit } });
			app.emgr.onEvent(
				MutatorInsertCommit,
				({ params: { batch, rows: written } }) => {
					const values = written.map(({ rowId }) => ({ noteId: rowId as number }));
					batch.add(app.db.insert(audit).values(values));
				},
				{ mode: "sync", entity: notes },
			);
			await expect(
				importText(app, "", { stream: breaking(many, after), bulkRows: 3 }),
			).rejects.toThrow("unplugged");
			const { faults } = await importText(app, many, { bulkRows: 3 });
			expect(faults).toEqual([]);
			const expected = Array.from({ length: 40 }, (_, index) => [index + 1]);
			expect(await rows("select id from notes order by id")).toEqual(expected);
			expect(await rows("select note_id from audit order by note_id")).toEqual(expected);
		}
	});
});

describe("an import of rows that refer to each other", () => {
	const size = 6;
	const text = exportOf(
		Array.from({ length: size }, (_, at) => at + 1).flatMap((id) => [
			["users", { id, name: "a", password: null, favouriteId: (id % size) + 1 }] as const,
			[
				"posts",
				{ id, authorId: size + 1 - id, title: "b", version: 7, nextId: (id % size) + 1 },
			] as const,
			["nodes", { value: `n${id}`, parent: `n${Math.min(id + 1, size)}` }] as const,
		]),
	);

	it("goes on when it was interrupted while it puts them in order", async () => {
		const whole = (await testApp({ schema })).app;
		expect((await importText(whole, text, { bulkRows: 4 })).faults).toEqual([]);
		const expected = await exportText(whole);
		expect(expected).toContain('"version":7');
		for (let good = 0; good < size * 5; good++) {
			const { app } = await testApp({ schema });
			let left = good;
			const failing = app.emgr.onAny(
				({ slug }) => {
					if (slug.endsWith("-before") && left-- === 0) throw new AppError("unavailable", "Gone.");
				},
				{ mode: "sync" },
			);
			const first = importText(app, text, { bulkRows: 4 }).catch(() => undefined);
			await first;
			failing.unsubscribe();
			if ((await first) === undefined) {
				expect((await importText(app, text, { bulkRows: 4 })).faults).toEqual([]);
			}
			expect(await exportText(app), `after ${good} rows`).toBe(expected);
		}
	});
});

describe("memory", () => {
	const ROWS = 100_000;

	it("holds no more rows of an import than a few batches", { timeout: 60_000 }, async () => {
		const { app, rows } = await testApp({ schema: { notes } });
		let most = 0;
		async function* lines(): AsyncGenerator<Uint8Array> {
			const header = { burdock: "export", version: 1, schema: "", entities: ["notes"] };
			yield Buffer.from(`${JSON.stringify(header)}\n`);
			for (let id = 1; id <= ROWS; id += 100) {
				const [[stored]] = (await rows("select count(*) from notes")) as [[number]];
				most = Math.max(most, id - 1 - stored);
				const chunk = Array.from({ length: 100 }, (_, at) => note(id + at));
				yield Buffer.from(
					chunk.map(([entity, row]) => `${JSON.stringify({ entity, row })}\n`).join(""),
				);
			}
			yield Buffer.from(`${JSON.stringify({ burdock: "end", rows: ROWS })}\n`);
		}
		const { counts } = await importText(app, "", { stream: lines() });
		expect(counts).toMatchObject({ inserted: ROWS });
		expect(most).toBeLessThanOrEqual(600);
	});

	it("holds no more rows of an export than a page", { timeout: 60_000 }, async () => {
		const { app } = await testApp({ schema: { notes } });
		await app.db.run(sql`
			with recursive n(i) as (select 1 union all select i + 1 from n where i < ${ROWS})
			insert into notes (id, title) select i, 'note ' || i from n`);
		let [read, written, most] = [0, 0, 0];
		const database = {
			...app.database,
			all: async (statement: Parameters<typeof app.database.all>[0]) => {
				const found = await app.database.all(statement);
				read += found.length;
				most = Math.max(most, read - written);
				return found;
			},
		} as typeof app.database;
		const { exportPages } = await import("../../../src/cli/transfer/export-pages.ts");
		const { entities } = app.em;
		for await (const page of exportPages({ database, schema: entities, entities })) {
			written += page.rows;
		}
		expect(written).toBe(ROWS);
		expect(most).toBeLessThanOrEqual(501);
	});
});

async function* breaking(text: string, after: number): AsyncGenerator<Uint8Array> {
	const bytes = Buffer.from(text);
	const size = Math.floor(bytes.length / 12);
	for (let at = 0; at < after; at++) yield bytes.subarray(at * size, (at + 1) * size);
	throw new Error("unplugged");
}

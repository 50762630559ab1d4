import { closeSync, openSync, statSync, truncateSync, writeSync } from "node:fs";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import Libsql from "libsql";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Database } from "../../src/data/database.ts";
import { openDatabase } from "../../src/runtime/node/open-database.ts";
import { blog, type Blog, type ShortRequest } from "../support/blog.ts";
import { expectProblem } from "../support/scenario.ts";
import { smallDisk } from "../support/small-disk.ts";
import { temporaryFile } from "../support/temporary-file.ts";

const notes = sqliteTable("notes", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	body: text("body").notNull(),
});
const NOTES = "/api/data/entity/notes";
const BODY = "x".repeat(2000);

const insert = (body: string): ShortRequest => ["POST", NOTES, { body }];
const COUNT: ShortRequest = ["POST", `${NOTES}/fn/count`, {}];

function notesOn(connection: Database): Promise<Blog> {
	return blog({ config: { connection, schema: { notes }, entities: {}, seed: () => undefined } });
}

/** Inserts until it is refused; answers how many were acknowledged, and the refusal. */
async function fill(made: Blog, most: number) {
	for (let acknowledged = 0; acknowledged < most; acknowledged++) {
		const response = await made.send(insert(BODY));
		if (response.status !== 201) return { acknowledged, response };
	}
	throw new Error(`All of ${most} inserts were stored.`);
}

async function countOf(made: Blog): Promise<number> {
	const response = await made.send(COUNT);
	expect(response.status).toBe(200);
	return ((await response.json()) as { count: number }).count;
}

/** A refusal that a client can wait out, and a log that names the reason. */
async function expectUnavailable(made: Blog, response: Response, code: string): Promise<void> {
	expect(response.status).toBe(503);
	expect(response.headers.get("retry-after")).toBe("1");
	const body = await response.text();
	expect(JSON.parse(body)).toMatchObject({ code });
	expectProblem(body, response);
	const line = made.log.of("error").at(-1);
	expect(line).toMatchObject({ message: "A request failed.", fields: { error: { code } } });
}

describe("a full disk", () => {
	test("refuses writes, reads on, and keeps every row that was acknowledged", async () => {
		const path = temporaryFile();
		const made = await notesOn(openDatabase({ url: `file:${path}` }));
		const pages = await made.app.database.all({ sql: "pragma page_count", params: [] });
		await made.app.database.all({
			sql: `pragma max_page_count = ${Number(pages[0]?.[0]) + 20}`,
			params: [],
		});
		const { acknowledged, response } = await fill(made, 100);
		await expectUnavailable(made, response, "database_full");
		expect(await countOf(made)).toBe(acknowledged);
		await made.app.database.all({ sql: "pragma max_page_count = 100000", params: [] });
		expect((await made.send(insert("There is room again."))).status).toBe(201);
		await made.app.close();
		const [row] = new Libsql(path).prepare("select count(*) from notes").raw().all() as [number][];
		expect(row).toEqual([acknowledged + 1]);
	});

	const disk = smallDisk();
	test.skipIf(disk === undefined)(
		`of a real file system does the same${disk ? "" : " (skipped: this process may not mount one)"}`,
		async () => {
			const made = await notesOn(openDatabase({ url: `file:${disk?.()}/data.db` }));
			const { acknowledged, response } = await fill(made, 5000);
			expect(acknowledged).toBeGreaterThan(100);
			expect(response.status).toBe(503);
			expect(["database_full", "database_unavailable"]).toContain(
				((await response.clone().json()) as { code: string }).code,
			);
			expect(await countOf(made)).toBe(acknowledged);
		},
	);
});

describe("a damaged file", () => {
	test("answers 503 where it is damaged, says so in the log, and serves the rest", async () => {
		const path = temporaryFile();
		const made = await notesOn(openDatabase({ url: `file:${path}` }));
		const rows = Array.from({ length: 200 }, (_, index) => ({ body: `${index} ${BODY}` }));
		expect((await made.send(["POST", NOTES, rows])).status).toBe(201);
		await made.app.close();
		damage(path);

		const again = await notesOn(openDatabase({ url: `file:${path}` }));
		const answers = await Promise.all(
			rows.map((_, index) => again.send(["GET", `${NOTES}/${index + 1}`])),
		);
		const broken = answers.filter(({ status }) => status !== 200);
		expect(broken.length).toBeGreaterThan(0);
		expect(broken.length).toBeLessThan(rows.length);
		for (const response of broken) await expectUnavailable(again, response, "database_corrupt");
	});
});

describe("a file that loses its end", () => {
	test("while it is open answers 503 for what is gone, and the process lives on", async () => {
		const path = temporaryFile();
		const made = await notesOn(openDatabase({ url: `file:${path}` }));
		const rows = Array.from({ length: 400 }, () => ({ body: BODY }));
		for (let batch = 0; batch < 10; batch++) {
			expect((await made.send(["POST", NOTES, rows])).status).toBe(201);
		}
		await made.app.database.all({ sql: "pragma wal_checkpoint(truncate)", params: [] });
		truncateSync(path, Math.floor(statSync(path).size / 8192) * 4096);
		const ids = Array.from({ length: 40 }, (_, index) => index * 100 + 1);
		const answers = await Promise.all(ids.map((id) => made.send(["GET", `${NOTES}/${id}`])));
		const statuses = new Set(answers.map(({ status }) => status));
		expect(statuses).toEqual(new Set([200, 503]));
	});
});

describe("a locked database", () => {
	test("makes writes wait, then answers 503, while reads go on; nothing is half stored", async () => {
		const path = temporaryFile();
		let now = 0;
		const database = openDatabase(
			{ url: `file:${path}` },
			{
				clock: { now: () => now },
				delay: (milliseconds) => {
					now += milliseconds;
					return new Promise((resolve) => setImmediate(resolve));
				},
			},
		);
		const made = await notesOn(database);
		expect((await made.send(insert("first"))).status).toBe(201);
		const other = new Libsql(path);
		onTestFinished(() => void other.close());
		other.exec("begin immediate");

		const refused = await made.send(insert("too late"));
		await expectUnavailable(made, refused, "database_unavailable");
		expect(now).toBeGreaterThanOrEqual(5000);
		const waiting = made.send(insert("in time"));
		expect((await made.send(["GET", `${NOTES}/1`])).status).toBe(200);
		expect(await countOf(made)).toBe(1);
		other.exec("commit");
		expect((await waiting).status).toBe(201);
		expect(await countOf(made)).toBe(2);
	});
});

/** Overwrites one page in the middle of the file. */
function damage(path: string): void {
	const file = openSync(path, "r+");
	const middle = Math.floor(statSync(path).size / 8192) * 4096;
	writeSync(file, Buffer.alloc(4096, 0xff), 0, 4096, middle);
	closeSync(file);
}

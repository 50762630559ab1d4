import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { expect, test } from "vitest";
import { createApp } from "../../../src/app/create-app.ts";
import { webPlatform } from "../../../src/app/platform.ts";
import { createTable } from "../../../src/data/migrate/create-table.ts";
import { D1 } from "../../../src/data/drivers/d1.ts";
import { OWN_TABLES } from "../../../src/data/migrate/own-tables.ts";
import { silentLogger } from "../../../src/kernel/logger.ts";

const notes = sqliteTable("notes", { id: integer("id").primaryKey(), text: text("text") });

test("the description of the API and its page are there on Workers, too", async () => {
	await reset();
	const database = new D1(env.DB);
	const tables = createTable(notes).map((sql) => ({ sql, params: [] }));
	await database.batch([...OWN_TABLES, ...tables]);
	const app = createApp(
		{ connection: database, schema: { notes } },
		{ ...webPlatform(), logger: silentLogger },
	);
	const document = await app.fetch(new Request("http://localhost/api/system/openapi.json"));
	expect(await document.json()).toMatchObject({
		openapi: "3.1.1",
		paths: { "/data/entity/notes": { get: { operationId: "notes.list" } } },
	});
	const page = await app.fetch(new Request("http://localhost/api/system/docs"));
	expect(page.headers.get("content-security-policy")).toMatch(
		/script-src 'sha256-[\w+/]{43}='; connect-src 'self'/,
	);
	expect(await page.text()).toContain("/api/data/entity/notes");
	await app.close();
});

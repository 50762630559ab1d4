import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Tables } from "../../../src/data/migrate/tables.ts";
import { defineEvent, EventManager } from "../../../src/events/index.ts";
import { createApp } from "../../../src/index.ts";
import { D1 } from "../../../src/data/drivers/d1.ts";
import { env } from "cloudflare:workers";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

describe.each([
	["zod", defineEvent("order.paid", z.object({ id: z.string(), total: z.number() }))],
	["valibot", defineEvent("order.paid", v.object({ id: v.string(), total: v.number() }))],
])("in a Worker, an event with a schema of %s", (_, OrderPaid) => {
	it("is checked when it is emitted", async () => {
		const emgr = new EventManager({ OrderPaid });
		const heard: unknown[] = [];
		emgr.onEvent(OrderPaid, ({ params }) => void heard.push(params), "sync");
		await emgr.emit(OrderPaid, { id: "a1", total: 1 });
		await expect(emgr.emit("order.paid", { id: 1 })).rejects.toMatchObject({
			code: "event_invalid",
		});
		expect(heard).toEqual([{ id: "a1", total: 1 }]);
	});
});

describe("in a Worker", () => {
	it("an app changes while it runs, and its listeners are there once", async () => {
		const notes = sqliteTable("notes", { id: integer().primaryKey(), text: text() });
		const database = new D1(env.DB);
		const app = createApp({
			connection: database,
			schema: { notes },
			onBuilt({ emgr }) {
				emgr.on("app-request", () => {}, "sync");
			},
		});
		await new Tables(database, app.em.entities).prepare();
		await app.build();
		await app.configure({ server: { access: "read-only" } });
		await app.configure({ server: { basePath: "/v2" } });
		expect(app.emgr.getListeners()).toHaveLength(1);
		const moved = await app.fetch(new Request("http://localhost/v2/system/ping"));
		expect(moved.status).toBe(200);
	});

	it("a manager stops", async () => {
		const emgr = new EventManager();
		const heard: string[] = [];
		emgr.on("a.b", () => void heard.push("a.b"));
		await emgr.emit("a.b");
		expect(await emgr.stop()).toEqual({ drained: true, pending: 0 });
		expect(heard).toEqual(["a.b"]);
	});
});

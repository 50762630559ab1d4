import { describe, expect, test } from "vitest";
import { AppEvents } from "../../src/app/app-events.ts";
import type { Config } from "../../src/app/config.ts";
import { readConfig } from "../../src/app/read-config.ts";
import { DatabaseEvents } from "../../src/data/database-events.ts";
import { InProcessBus } from "../../src/events/index.ts";
import type { EventAdapter, EventEnvelope, EventRef } from "../../src/events/index.ts";
import { MediaEvents } from "../../src/media/media-events.ts";
import { blog } from "../support/blog.ts";
import * as schema from "../support/library-schema.ts";
import { testApp } from "../support/test-app.ts";

type Adapters = NonNullable<NonNullable<Config["events"]>["adapters"]>;

const library = (events: Config["events"] = {}) => testApp({ schema, events });

/** An adapter that keeps what is published. */
function kept(): { readonly sent: EventEnvelope[]; readonly adapter: EventAdapter } {
	const sent: EventEnvelope[] = [];
	return { sent, adapter: { publish: (envelope) => void sent.push(envelope) } };
}

describe("events.history", () => {
	test("tells of writes, with the entity by its name and without what is redacted", async () => {
		const history = { topics: "data.*.insert.*", redact: ["name"] };
		const { app } = await library({ history });
		await app.em.mutator("authors").insertOne({ id: "ada", name: "Ada" });
		const records = await app.emgr.history();
		expect(records.map(({ topic }) => topic)).toEqual([
			"data.authors.insert.before",
			"data.authors.insert.commit",
			"data.authors.insert.after",
		]);
		expect(records.at(-1)).toMatchObject({
			slug: "mutator-insert-after",
			path: "authors/ada",
			params: { entity: "authors", entityId: "ada", data: { id: "ada", name: "[redacted]" } },
		});
		expect(JSON.stringify(records)).not.toContain("Ada");
	});

	test("tells of requests, without the app and what requests carry", async () => {
		const { app } = await library({ history: { topics: "app.**" } });
		const headers = { authorization: "Bearer secret" };
		await app.fetch(new Request("http://localhost/api/system/ping?a=b", { headers }));
		const records = await app.emgr.history({ ref: ["app-request", "app-before-response"] });
		const request = { method: "GET", url: "http://localhost/api/system/ping?a=b" };
		expect(records.map(({ params }) => params)).toEqual([
			{ request },
			{ request, response: { status: expect.any(Number) } },
		]);
		expect((await app.emgr.history())[0]).toMatchObject({ slug: "app-built", params: {} });
	});

	test("asks the database for nothing", async () => {
		const statements: number[] = [];
		for (const events of [{}, { history: {} }]) {
			const { app, database } = await blog({ config: { events } });
			app.emgr.onAny(() => {}, "sync");
			database.reset();
			await app.em.mutator("posts").insertOne({ title: "More", slug: "more" });
			statements.push(database.statements);
		}
		expect(statements[0]).toBe(statements[1]);
	});

	test("is off unless it is asked for", async () => {
		const { app } = await library();
		await expect(app.emgr.history()).rejects.toMatchObject({ code: "no_history" });
	});
});

test("an outside actor may not send events of the app's own life, whatever the policy says", async () => {
	const { app } = await library({ policy: () => true });
	const outside = app.emgr.as({ id: "partner" });
	const entity = app.em.entity("authors");
	for (const slug of ["app-request", "app-shutdown", "server-shutdown", "command-execute"]) {
		await expect(outside.emit(slug, { app })).rejects.toMatchObject({ code: "policy_denied" });
	}
	for (const slug of ["mutator-insert-commit", "data.authors.insert.commit"]) {
		await expect(outside.emit(slug, { entity, rows: [] })).rejects.toMatchObject({
			code: "policy_denied",
		});
	}
	await expect(outside.emit("author.praised", {})).resolves.toMatchObject({
		slug: "author.praised",
	});
});

test("events are local or facts that may travel", () => {
	const travel = [
		...Object.values(AppEvents),
		...Object.values(DatabaseEvents),
		...Object.values(MediaEvents),
	].filter(({ local }) => !local);
	expect(travel.map(({ slug }) => slug)).toEqual([
		"mutator-insert-after",
		"mutator-insert-failed",
		"mutator-update-after",
		"mutator-update-failed",
		"mutator-delete-after",
		"mutator-delete-failed",
		"file-uploaded",
		"file-deleted",
	]);
	expect(travel.every(({ fact }) => fact)).toBe(true);
});

describe("events.adapters", () => {
	test("connect apps: what one stores, listeners of the other hear", async () => {
		const bus = new InProcessBus();
		const end = () => [{ adapter: bus.adapter(), publish: "data.*.*.after" }];
		const [a, b] = [await library({ adapters: end() }), await library({ adapters: end() })];
		const heard = b.app.emgr.next(DatabaseEvents.MutatorInsertAfter, { entity: schema.authors });
		await a.app.em.mutator("authors").insertOne({ id: "ada", name: "Ada" });
		const event = await heard;
		expect(event).toBeInstanceOf(DatabaseEvents.MutatorInsertAfter);
		expect(event.params.entity).toBe(b.app.em.entity("authors"));
		expect(event.path).toBe("authors/ada");
		expect(await b.app.em.repository("authors").count()).toEqual(
			expect.objectContaining({ count: 0 }),
		);
	});

	test("are connected once, however often the app is built", async () => {
		const { sent, adapter } = kept();
		const { app } = await library({ adapters: [{ adapter, publish: "order.*" }] });
		await app.build();
		await app.configure({ server: { access: "open" } });
		await app.emgr.emit("order.paid", {});
		expect(sent).toHaveLength(1);
	});

	test("carry what happens at the shutdown, and are stopped when the app is closed", async () => {
		const done: string[] = [];
		const adapter: EventAdapter = {
			publish: async ({ type }) => void done.push(type),
			stop: () => void done.push("stopped"),
		};
		const { app } = await library({ adapters: [{ adapter, publish: "**" }] });
		app.emgr.onEvent(
			AppEvents.AppShutdown,
			async (_, __, { emit }) => void (await emit("shop.closed", {})),
			"sync",
		);
		expect(await app.close()).toEqual({ drained: true, pending: 0 });
		expect(done).toEqual(["shop.closed", "stopped"]);
	});

	test("carry what has happened to rows, and nothing of the app's own life", async () => {
		const { sent, adapter } = kept();
		const { app } = await library({ adapters: [{ adapter, publish: "**" }] });
		await app.em.mutator("authors").insertOne({ id: "ada", name: "Ada" });
		await app.em.repository("authors").findMany();
		await app.em.repository("authors").findOne("ada");
		await app.fetch(new Request("http://localhost/api/system/ping"));
		await app.em
			.mutator("authors")
			.insertOne({ id: "ada", name: "Ada" })
			.catch(() => {});
		await app.close();
		expect(sent.map(({ type }) => type)).toEqual(["mutator-insert-after", "mutator-insert-failed"]);
	});

	test("keep apps from running each other's hooks", async () => {
		let receive: (input: unknown) => void = () => {};
		const adapter: EventAdapter = {
			publish: () => {},
			subscribe: (callback) => void (receive = callback),
		};
		const { app, logs } = await library({ adapters: [{ adapter, publish: "**" }] });
		const heard: string[] = [];
		app.emgr.onAny(({ slug }) => void heard.push(slug), "sync");
		const data = { entity: "authors", data: {}, rows: [] };
		const types = ["app-request", "app.shutdown", "mutator-insert-commit", "file-upload-before"];
		for (const type of [...types, "data.authors.update.before", "mutator-insert-after"]) {
			receive({ specversion: "1.0", id: "1", source: "/other", type, data });
		}
		expect(heard).toEqual(["mutator-insert-after"]);
		expect(logs.filter(({ level }) => level === "error")).toHaveLength(5);
	});

	test.each<readonly [string, EventRef]>([
		["class", DatabaseEvents.MutatorInsertCommit],
		["slug", "app-request"],
		["topic", "server.shutdown"],
	])("are refused with a local event by its %s", async (_, publish) => {
		const adapter: EventAdapter = { publish: () => {} };
		await expect(library({ adapters: [{ adapter, publish }] })).rejects.toMatchObject({
			code: "bad_adapter",
		});
	});

	test("that hang do not keep the app from closing", async () => {
		const hang = () => new Promise<never>(() => {});
		const adapter: EventAdapter = { publish: hang, subscribe: hang, stop: hang };
		const { app } = await library({ adapters: [{ adapter, publish: "order.*" }] });
		await app.emgr.emit("order.paid", {});
		expect(await app.close({ timeout: 1 })).toMatchObject({ drained: false });
	});

	test("that fail are logged, and the app works", async () => {
		const adapter: EventAdapter = {
			publish: () => Promise.reject(new Error("no transport")),
			subscribe: () => Promise.reject(new Error("no transport")),
			stop: () => Promise.reject(new Error("no transport")),
		};
		const { app, logs, settle } = await library({ adapters: [{ adapter, publish: "data.**" }] });
		const { data } = await app.em.mutator("authors").insertOne({ id: "ada", name: "Ada" });
		expect(data).toMatchObject({ name: "Ada" });
		await settle();
		await app.close();
		expect(logs.filter(({ level }) => level === "error").length).toBeGreaterThanOrEqual(3);
	});

	const adapter: EventAdapter = { publish: () => {} };

	test.each<readonly [string, unknown, RegExp]>([
		["no list", {}, /events\.adapters is not a list/],
		["no adapter", [{ publish: "a.*" }], /adapters\[0\]\.adapter has no publish function/],
		["nothing to publish", [{ adapter }], /adapters\[0\]\.publish is neither/],
		["a wrong ref", [{ adapter, publish: "*", receive: 1 }], /adapters\[0\]\.receive is neither/],
		["a wrong source", [{ adapter, publish: "*", source: 1 }], /adapters\[0\]\.source is not/],
	])("are refused with %s", (_, adapters, message) => {
		const config = { events: { adapters: adapters as Adapters } };
		expect(() => readConfig(config, {})).toThrow(message);
	});

	test.each<readonly [string, object, RegExp]>([
		["a size of 0", { size: 0 }, /events\.history\.size is not a whole number, 1 or more/],
		["an unknown key", { sise: 1 }, /no key events\.history\.sise\. Did you mean size/],
		["wrong topics", { topics: 1 }, /events\.history\.topics is neither/],
		["a wrong redact", { redact: [1] }, /events\.history\.redact is neither/],
	])("and a history are refused with %s", (_, history, message) => {
		expect(() => readConfig({ events: { history } }, {})).toThrow(message);
	});
});

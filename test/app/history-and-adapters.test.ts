import { describe, expect, test } from "vitest";
import type { Config } from "../../src/app/config.ts";
import { readConfig } from "../../src/app/read-config.ts";
import { DatabaseEvents } from "../../src/data/database-events.ts";
import { InProcessBus } from "../../src/events/index.ts";
import type { EventAdapter, EventEnvelope } from "../../src/events/index.ts";
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
			database.statements = 0;
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

	test("are told of the shutdown, and stopped when the app is closed", async () => {
		const done: string[] = [];
		const adapter: EventAdapter = {
			publish: async ({ type }) => void done.push(type),
			stop: () => void done.push("stopped"),
		};
		const { app } = await library({ adapters: [{ adapter, publish: "app.shutdown" }] });
		expect(await app.close()).toEqual({ drained: true, pending: 0 });
		expect(done).toEqual(["app-shutdown", "stopped"]);
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

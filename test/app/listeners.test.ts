import { describe, expect, onTestFinished, test } from "vitest";
import { AppEvents } from "../../src/app/app-events.ts";
import type { App } from "../../src/app/app.ts";
import type { Config } from "../../src/app/config.ts";
import { createApp } from "../../src/app/create-app.ts";
import { readConfig } from "../../src/app/read-config.ts";
import { DatabaseEvents } from "../../src/data/database-events.ts";
import { defineEvent } from "../../src/events/define-event.ts";
import { listen } from "../../src/events/listen.ts";
import { noContext } from "../../src/kernel/platform.ts";
import { silentLogger } from "../../src/kernel/logger.ts";
import { defineService } from "../../src/kernel/service.ts";
import { nodePlatform } from "../../src/runtime/node/platform.ts";
import { mark } from "../support/mark.ts";
import * as schema from "../support/scenario-schema.ts";
import { testApp } from "../support/test-app.ts";

const OrderPaid = defineEvent<{ readonly id: string }>("order.paid");
const Greeting = defineService<string>("greeting");

/** A class that notes what it hears, with the greeting that it was made of. */
function receipts(notes: string[]) {
	class Receipts {
		static inject = [Greeting];
		readonly greeting: string;
		constructor(greeting: string) {
			this.greeting = greeting;
		}
		note(event: InstanceType<typeof OrderPaid>): void {
			notes.push(`${this.greeting} ${event.params.id}`);
		}
	}
	return mark(Receipts, "note", listen(OrderPaid, "sync"));
}

/** What the build of such a config ends with. */
async function failure(config: Config): Promise<{ readonly code: string; readonly text: string }> {
	const app = createApp(
		{ connection: { url: ":memory:" }, ...config },
		nodePlatform({ env: {}, logger: silentLogger }),
	);
	onTestFinished(async () => {
		await app.close();
	});
	const error = await app.build().then(
		() => {
			throw new Error("It was built.");
		},
		(thrown: unknown) => thrown as Error & { readonly code: string },
	);
	return { code: error.code, text: error.message };
}

/** The listeners that are not there without the config's. */
function added({ emgr }: App): readonly string[] {
	return emgr.getListeners().map(({ id, source }) => `${source} ${id}`);
}

test("data of a listener is named after its event, not after its key", async () => {
	const { app } = await testApp({ listeners: [{ ref: "order.paid", handler: () => {} }] });
	expect(app.emgr.getListeners().map(({ id }) => id)).toEqual([
		expect.stringMatching(/^config:order\.paid#\d+$/),
	]);
});

describe("the listeners of a config and its plugins", () => {
	test("are classes, instances and data, each there once after any number of builds", async () => {
		const notes: string[] = [];
		const Receipts = receipts(notes);
		const Plugged = receipts(notes);
		let builds = 0;
		const { app } = await testApp({
			listeners: [
				Receipts,
				new Receipts("an instance"),
				{
					ref: OrderPaid,
					handler: () => void notes.push("data"),
					config: { mode: "sync", id: "data" },
				},
			],
			plugins: [
				{
					name: "plugin",
					beforeBuild: (one) => one.provide(Greeting, `build ${++builds}`),
					listeners: [Plugged],
					onBuilt: (one) => void one.emgr.register(new Plugged("by hand")),
				},
			],
		});
		const expected = [
			"plugin:plugin Receipts.note",
			"config Receipts(2).note",
			"config Receipts(3).note",
			"config data",
			"plugin:plugin Receipts(4).note",
		];
		expect(added(app)).toEqual(expected);
		await app.build();
		await app.build();
		expect(added(app)).toEqual(expected);
		await app.emgr.emit(OrderPaid, { id: "a1" });
		expect(notes).toEqual(["build 3 a1", "build 3 a1", "an instance a1", "data", "by hand a1"]);
	});

	test("are there before onBuilt is called, and can be changed while the app runs", async () => {
		const notes: string[] = [];
		const { app } = await testApp({
			beforeBuild: (one) => one.provide(Greeting, "hello"),
			listeners: [receipts(notes)],
			async onBuilt({ emgr }) {
				if (notes.length === 0) await emgr.emit(OrderPaid, { id: "early" });
			},
		});
		expect(notes).toEqual(["hello early"]);
		await app.configure({ listeners: [] });
		await app.emgr.emit(OrderPaid, { id: "late" });
		expect(notes).toEqual(["hello early"]);
		expect(app.emgr.getListeners()).toEqual([]);
	});

	test("hear data events, and refuse writes", async () => {
		class Guard {
			refuse(): void {
				throw new Response("No.", { status: 418 });
			}
		}
		mark(
			Guard,
			"refuse",
			listen(DatabaseEvents.MutatorInsertBefore, { mode: "sync", entity: "tags" }),
		);
		const { request } = await testApp({ schema, listeners: [Guard] });
		expect((await request("POST", "/api/data/entity/tags", { name: "a" })).status).toBe(418);
	});

	test.for([
		[{}, "- listeners is not a list."],
		[
			[1],
			"- listeners[0] is neither a class, nor an instance of one, nor { ref, handler, config }.",
		],
		[
			[() => {}],
			"- listeners[0] is neither a class, nor an instance of one, nor { ref, handler, config }.",
		],
		[
			[class {}, {}],
			"- listeners[1] is neither a class, nor an instance of one, nor { ref, handler, config }.",
		],
		[
			[undefined],
			"- listeners[0] is undefined: its class stands further down, or two files import each other.",
		],
		[[{ ref: "a.b" }], "- listeners[0].handler is not a function."],
		[[{ handler() {} }], "- listeners[0].ref is missing."],
		[[{ ref: "a.b", handler() {}, mode: "sync" }], "- There is no key listeners[0].mode."],
	] as const)("are checked: %j", ([listeners, problem]) => {
		const read = (config: object) => () => readConfig(config, {});
		expect(read({ listeners })).toThrow(problem);
		expect(read({ plugins: [{ name: "a", listeners }] })).toThrow(
			problem.replaceAll("listeners", "plugins[0].listeners"),
		);
	});

	test("end the start when one of them listens to nothing", async () => {
		expect(await failure({ listeners: [class Bare {}] })).toEqual({
			code: "bad_listener_class",
			text: '"Bare" cannot be a listener: none of its methods is marked with @listen.',
		});
	});

	test("end the start when a service is missing, or needs itself", async () => {
		expect(await failure({ listeners: [receipts([])] })).toEqual({
			code: "missing_service",
			text: 'The service "greeting" is missing: nobody provided it (asked for by Receipts).',
		});
		class Chicken {
			static inject: unknown[] = [];
			hatch(): void {}
		}
		class Egg {
			static inject = [Chicken];
		}
		Chicken.inject.push(Egg);
		mark(Chicken, "hatch", listen(OrderPaid));
		expect(await failure({ onBuilt: ({ emgr }) => void emgr.register(Chicken) })).toEqual({
			code: "cyclic_service",
			text: "Services need one another in a circle: Chicken → Egg → Chicken.",
		});
	});

	test("find what onBuilt provides", async () => {
		const notes: string[] = [];
		const { app } = await testApp({
			listeners: [receipts(notes)],
			onBuilt: (one) => one.provide(Greeting, "late"),
		});
		await app.emgr.emit(OrderPaid, { id: "a1" });
		expect(notes).toEqual(["late a1"]);
	});
});

describe("the services of an app", () => {
	test("of a scope are one for each request, for listeners and routes alike", async () => {
		const Visit = defineService<{ readonly path: string; seen: number }>("visit");
		const { app, request } = await testApp({
			beforeBuild: (one) =>
				one.provide(Visit, (_, scope) => ({ path: scope.request?.url ?? "", seen: 0 }), {
					per: "scope",
				}),
			onServerInit(hono, one) {
				hono.get("/visit", (context) => context.json(one.get(Visit)));
			},
			onBuilt({ emgr }) {
				const count = (_: unknown, __: string, ctx: { get: App["get"] }) => {
					ctx.get(Visit).seen++;
				};
				emgr.on("app-request", count, "sync");
				emgr.on("app-request", count, "sync");
			},
		});
		const answers = await Promise.all(["/visit?a", "/visit?b"].map((path) => request("GET", path)));
		expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual([
			{ path: "http://localhost/visit?a", seen: 2 },
			{ path: "http://localhost/visit?b", seen: 2 },
		]);
		expect(() => app.get(Visit)).toThrow(expect.objectContaining({ code: "no_scope" }));
	});

	test("of a scope are one for each emit outside of requests", async () => {
		class Once {}
		const seen: unknown[] = [];
		const { app } = await testApp({
			beforeBuild: (one) => one.provide(Once, Once as never, { per: "scope" }),
		});
		for (let number = 0; number < 2; number++) {
			app.emgr.onEvent(OrderPaid, (_, __, ctx) => void seen.push(ctx.get(Once)), "sync");
		}
		await app.emgr.emit(OrderPaid, { id: "a1" });
		await app.emgr.emit(OrderPaid, { id: "a2" });
		expect(seen[1]).toBe(seen[0]);
		expect(seen[3]).toBe(seen[2]);
		expect(seen[2]).not.toBe(seen[0]);
	});

	test("of a scope are not there where no storage tells one request from another", async () => {
		const User = defineService<object>("user");
		const { app } = await testApp(
			{
				beforeBuild: (one) => one.provide(User, () => ({}), { per: "scope" }),
				onBuilt: ({ emgr }) =>
					void emgr.on("order.paid", (_, __, ctx) => void ctx.get(User), "sync"),
			},
			{ platform: { createContext: noContext } },
		);
		await expect(app.emgr.emit(OrderPaid, { id: "a1" })).rejects.toMatchObject({
			code: "no_scope",
		});
		await app.emgr.scope().emit(OrderPaid, { id: "a2" });
	});

	test("are there for the seed", async () => {
		const notes: string[] = [];
		await testApp({
			beforeBuild: (one) => one.provide(Greeting, "hello"),
			seed: (one) => void notes.push(one.get(Greeting)),
		});
		expect(notes).toEqual(["hello"]);
	});

	test("are as they were when a further build fails", async () => {
		let builds = 0;
		const { app } = await testApp({
			beforeBuild: (one) => one.provide(Greeting, () => `build ${builds}`),
			onBuilt() {
				if (++builds === 2) throw new Error("broken");
			},
		});
		expect(app.get(Greeting)).toBe("build 1");
		await expect(app.build()).rejects.toThrow("broken");
		expect(app.get(Greeting)).toBe("build 1");
		await app.build();
		expect(app.get(Greeting)).toBe("build 3");
	});

	test("are disposed of after AppShutdown, before the database is closed", async () => {
		const notes: string[] = [];
		const Pool = defineService<AsyncDisposable>("pool");
		const { app, logs } = await testApp({
			beforeBuild(one) {
				one.provide(Pool, () => ({
					async [Symbol.asyncDispose]() {
						await one.database.all({ sql: "select 1", params: [] });
						notes.push("disposed");
						throw new Error("boom");
					},
				}));
			},
			onBuilt({ emgr }) {
				emgr.onEvent(AppEvents.AppShutdown, () => void notes.push("shutdown"), "sync");
			},
		});
		app.get(Pool);
		expect(await app.close()).toEqual({ drained: true, pending: 0 });
		expect(notes).toEqual(["shutdown", "disposed"]);
		expect(logs).toContainEqual(
			expect.objectContaining({ message: "A service could not be disposed of." }),
		);
	});
});

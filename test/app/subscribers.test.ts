import { describe, expect, test } from "vitest";
import type { Config } from "../../src/app/config.ts";
import { createApp } from "../../src/app/create-app.ts";
import type { SubscriberModule } from "../../src/app/subscriber-module.ts";
import { defineEvent } from "../../src/events/define-event.ts";
import { silentLogger } from "../../src/kernel/logger.ts";
import { nodePlatform } from "../../src/runtime/node/platform.ts";
import { testApp } from "../support/test-app.ts";

type Events = NonNullable<Config["events"]>;

/** A module that notes what it hears. */
function noting(heard: unknown[], config?: SubscriberModule["config"]): SubscriberModule {
	return {
		listen: (event, slug) => void heard.push([slug, event.params]),
		...(config === undefined ? {} : { config }),
	};
}

const listen = (): void => {};

/** What is wrong with a config, a line each. */
async function faultsOf(events: unknown): Promise<readonly string[]> {
	const config: Config = { connection: { url: ":memory:" }, events: events as Events };
	try {
		const app = createApp(config, nodePlatform({ env: {}, logger: silentLogger }));
		await app.build().finally(() => app.close());
	} catch (error) {
		expect(error).toMatchObject({ code: "bad_config", kind: "invalid" });
		return (error as Error).message.split("\n").slice(1);
	}
	return [];
}

describe("subscribers", () => {
	test("listen to the events of their own config, falsy params included", async () => {
		const heard: unknown[] = [];
		const files = { "billing/send-invoice": noting(heard, { events: ["order.*", "paid.once"] }) };
		const { app, settle } = await testApp({ events: { files } });
		for (const params of [0, "", false, null]) await app.emgr.emit("order.paid", params);
		await app.emgr.emit("paid.once", undefined);
		await app.emgr.emit("user.registered", 1);
		await settle();
		expect(heard).toEqual([
			["order.paid", 0],
			["order.paid", ""],
			["order.paid", false],
			["order.paid", null],
			["paid.once", undefined],
		]);
	});

	test("get the event, its slug, and the context of the listener", async () => {
		const seen: unknown[] = [];
		const files: Record<string, SubscriberModule> = {
			welcome: {
				config: { events: "user.registered", mode: "sync" },
				async listen(event, slug, ctx) {
					seen.push(event.topic, slug, ctx.app);
					await ctx.emit("user.welcomed", event.params);
				},
			},
		};
		const { app } = await testApp({ events: { files } });
		app.emgr.on("user.welcomed", (event) => void seen.push(event.params), "sync");
		await app.emgr.emit("user.registered", { id: 1 });
		expect(seen).toEqual(["user.registered", "user.registered", app, { id: 1 }]);
	});

	test("are told by the config what to listen to, key by key", async () => {
		const heard: unknown[] = [];
		const own = { events: "order.paid", mode: "sync", order: 5, path: "orders/1" } as const;
		const { app } = await testApp({
			events: {
				files: { a: noting(heard, own), b: noting(heard) },
				subscribers: { a: { events: "order.shipped", order: 7 }, b: { events: ["order.**"] } },
			},
		});
		expect(app.emgr.getListeners()).toEqual([
			{
				id: "subscriber:a",
				mode: "sync",
				order: 7,
				refs: ["order.shipped"],
				path: "orders/1",
				where: false,
				once: false,
				source: "subscriber",
			},
			expect.objectContaining({ id: "subscriber:b", mode: "async", refs: ["order.**"] }),
		]);
	});

	test("of the same last name are two", async () => {
		const [first, second]: [unknown[], unknown[]] = [[], []];
		const config = { events: "order.paid", mode: "sync" } as const;
		const files = { "a/send": noting(first, config), "b/send": noting(second, config) };
		const { app } = await testApp({ events: { files } });
		await app.emgr.emit("order.paid", 1);
		expect([first.length, second.length]).toEqual([1, 1]);
	});

	test("come before the listeners of onBuilt, and know classes of beforeBuild", async () => {
		const Pinged = defineEvent<number>("pinged");
		const calls: string[] = [];
		const { app } = await testApp({
			beforeBuild: ({ emgr }) => void emgr.registerEvent(Pinged),
			onBuilt: ({ emgr }) =>
				void emgr.onEvent(Pinged, () => void calls.push("config"), { mode: "sync" }),
			events: {
				files: {
					a: {
						config: { events: "pinged", mode: "sync" },
						listen: () => void calls.push("subscriber"),
					},
				},
			},
		});
		await app.emgr.emit(Pinged, 1);
		expect(calls).toEqual(["subscriber", "config"]);
	});

	test("are there once, however often the app is built", async () => {
		const heard: unknown[] = [];
		const files = { a: noting(heard, { events: "order.paid", mode: "sync" }) };
		const { app } = await testApp({ events: { files } });
		for (let count = 0; count < 20; count++) await app.build();
		await app.emgr.emit("order.paid", 1);
		expect(heard).toHaveLength(1);
		expect(app.emgr.getListeners().map(({ id }) => id)).toEqual(["subscriber:a"]);
	});

	test("stay when the app is configured anew", async () => {
		const heard: unknown[] = [];
		const files = { a: noting(heard, { events: "order.paid", mode: "sync" }) };
		const { app } = await testApp({ events: { files } });
		for (const basePath of ["/one", "/two"]) await app.configure({ server: { basePath } });
		await app.emgr.emit("order.paid", 1);
		expect(heard).toHaveLength(1);
	});

	test("that throw harm nobody, and the log names them", async () => {
		const { app, logs, settle } = await testApp({
			events: {
				files: {
					bad: {
						config: { events: "order.paid" },
						listen: () => Promise.reject(new Error("no mail")),
					},
				},
			},
		});
		await app.emgr.emit("order.paid", 1);
		await settle();
		const [line] = logs.filter(({ level }) => level === "error");
		expect(line?.fields).toMatchObject({ listener: "subscriber:bad" });
	});
});

describe("a config whose subscribers cannot listen", () => {
	const own = { listen, config: { events: "order.paid" } };

	test.for<readonly [unknown, string]>([
		[{ files: [] }, "- events.files is not an object."],
		[{ subscribers: "a" }, "- events.subscribers is not an object."],
		[{ subscriber: {} }, "- There is no key events.subscriber. Did you mean subscribers?"],
		[{ files: { a: 1 } }, '- events.files["a"] is not a module: import * as it.'],
		[{ files: { a: listen } }, '- events.files["a"] is not a module: import * as it.'],
		[
			{ files: { a: Promise.resolve(own) } },
			'- events.files["a"] is not a module: import * as it.',
		],
		[
			{ files: { a: { config: { events: "order.paid" } } } },
			'- events.files["a"] exports no function listen.',
		],
		[
			{ files: { a: { ...own, listen: "x", file: "subscribers/a.ts" } } },
			"- subscribers/a.ts exports no function listen.",
		],
		[
			{ files: { a: { listen, file: "subscribers/a.ts" } } },
			'- subscribers/a.ts listens to nothing: export const config = { events: … } from it, or set events.subscribers["a"].events.',
		],
		[
			{ files: { a: { listen, config: { events: [] } } } },
			'- events.files["a"] listens to nothing: export const config = { events: … } from it, or set events.subscribers["a"].events.',
		],
		[
			{ files: { a: own }, subscribers: { b: { events: "order.paid" } } },
			'- events.subscribers["b"] has no file: there is neither subscribers/b.ts nor events.files["b"]. Did you mean a?',
		],
		[
			{ subscribers: { constructor: {} } },
			'- events.subscribers["constructor"] has no file: there is neither subscribers/constructor.ts nor events.files["constructor"].',
		],
		[{ files: { a: own }, subscribers: { a: 1 } }, '- events.subscribers["a"] is not an object.'],
		[
			{ files: { a: { ...own, config: [] } }, subscribers: { a: own.config } },
			'- events.files["a"]: config is not an object.',
		],
		[
			{ files: { a: own }, subscribers: { a: { event: "x" } } },
			'- There is no key events.subscribers["a"].event. Did you mean events?',
		],
		[
			{ files: { a: { listen, config: { ...own.config, id: "x" } } } },
			'- There is no key events.files["a"]: config.id.',
		],
		[
			{ files: { a: { listen, config: { events: 5 } } } },
			'- events.files["a"]: config.events is neither the name of an event nor a list of names.',
		],
		[
			{ files: { a: { listen, config: { events: null } } } },
			'- events.files["a"]: config.events is neither the name of an event nor a list of names.',
		],
		[
			{ files: { a: own }, subscribers: { a: { events: ["a.b", 1] } } },
			'- events.subscribers["a"].events is neither the name of an event nor a list of names.',
		],
		[
			{ files: { a: { listen, config: { events: "order..paid" }, file: "subscribers/a.ts" } } },
			'- subscribers/a.ts: The event pattern "order..paid" is not valid: it has an empty segment.',
		],
		[
			{ files: { a: { listen, config: { events: "mutator-insert-aftr" } } } },
			'- events.files["a"]: There is no event "mutator-insert-aftr"; names without a dot must be registered. Did you mean mutator-insert-after?',
		],
		[
			{ files: { a: { listen, config: { events: "a.b", mode: "later" } } } },
			'- events.files["a"]: A listener of "a.b" is not valid: its mode is "later".',
		],
		[
			{ files: { a: { listen, config: { events: "mutator-insert-commit" } } } },
			'- events.files["a"]: The event "mutator-insert-commit" takes sync listeners only; "subscriber:a" is async.',
		],
	])("%o", async ([events, fault]) => {
		expect(await faultsOf(events)).toEqual([fault]);
	});

	test("hears of every fault at once", async () => {
		const files = {
			a: { config: { events: "a.b" } },
			b: { listen },
			"sub/c": { listen, config: { events: "c.*" } },
		};
		expect(await faultsOf({ files, subscribers: { c: {} } })).toHaveLength(3);
		const bad = { listen, config: { events: "a..b" } };
		expect(await faultsOf({ files: { a: bad, b: bad } })).toHaveLength(2);
	});
});

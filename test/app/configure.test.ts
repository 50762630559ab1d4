import type { Hono } from "hono";
import { AsyncResource } from "node:async_hooks";
import { afterEach, describe, expect, test } from "vitest";
import { AppEvents } from "../../src/app/app-events.ts";
import type { App } from "../../src/app/app.ts";
import { createApp } from "../../src/app/create-app.ts";
import type { Config } from "../../src/app/config.ts";
import { DatabaseEvents } from "../../src/data/database-events.ts";
import { silentLogger } from "../../src/kernel/logger.ts";
import { nodePlatform } from "../../src/runtime/node/platform.ts";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

const notes = sqliteTable("notes", {
	id: integer().primaryKey({ autoIncrement: true }),
	text: text().notNull(),
});

const apps: App[] = [];
afterEach(async () => {
	for (const app of apps.splice(0)) await app.close();
});

async function started(config: Config = {}): Promise<App> {
	const app = createApp(
		{ connection: { url: ":memory:" }, schema: { notes }, ...config },
		nodePlatform({ logger: silentLogger }),
	);
	apps.push(app);
	return app.build();
}

function post(app: App, value: string): Promise<Response> {
	return Promise.resolve(
		app.fetch(
			new Request("http://localhost/api/data/entity/notes", {
				method: "POST",
				headers: { "content-type": "application/json" },
				body: JSON.stringify({ text: value }),
			}),
		),
	);
}

/** A hook that appends its name to each note. */
function marking(name: string): NonNullable<Config["onBuilt"]> {
	return ({ emgr }) => {
		emgr.onEvent(
			DatabaseEvents.MutatorInsertBefore,
			({ params }) =>
				({ ...params.data, text: `${String(params.data["text" as never])}+${name}` }) as never,
			{ mode: "sync", entity: notes },
		);
	};
}

async function stored(response: Response): Promise<string> {
	const { data } = (await response.json()) as { data: { text: string } };
	return data.text;
}

describe("app.configure", () => {
	test("changes what it is given, keeps the rest, and tells the app once", async () => {
		const app = await started({ onBuilt: marking("a") });
		const told: unknown[] = [];
		app.emgr.onEvent(
			AppEvents.AppConfigUpdatedEvent,
			({ params }) => void told.push(params.app),
			"sync",
		);
		expect(await app.configure({ server: { access: "read-only" } })).toBe(app);
		expect((await post(app, "x")).status).toBe(403);
		expect(told).toEqual([app]);
		await app.configure({ server: { access: "open" } });
		expect(await stored(await post(app, "x"))).toBe("x+a");
		expect(told).toHaveLength(2);
	});

	test("has a listener exactly once after any number of changes", async () => {
		const app = await started({ onBuilt: marking("a") });
		const before = app.emgr.getListeners().length;
		for (let turn = 0; turn < 25; turn++) await app.configure({ server: {} });
		expect(app.emgr.getListeners()).toHaveLength(before);
		expect(await stored(await post(app, "x"))).toBe("x+a");
	});

	test("has its listeners when the database refuses a first boot: only a first build asks for one", async () => {
		let builds = 0;
		const app = await started({
			async onBuilt(built) {
				await marking("a")(built);
				if (++builds === 1) return;
				await built.database.all({ sql: "drop table burdock_meta", params: [] });
			},
		});
		await app.configure({ server: {} });
		expect(builds).toBe(2);
		expect(await stored(await post(app, "x"))).toBe("x+a");
	});

	test("ends the channels that hooks have opened, and no others", async () => {
		const opened: { closed: boolean }[] = [];
		const app = await started({ onBuilt: ({ emgr }) => void opened.push(emgr.subscribe("a.b")) });
		const other = app.emgr.subscribe("a.b");
		await app.configure({ server: {} });
		expect([...opened, other].map(({ closed }) => closed)).toEqual([true, false, false]);
	});

	test("ends the channels that the hooks of a failed change have opened, and no others", async () => {
		const opened: { closed: boolean }[] = [];
		const app = await started({
			onBuilt({ emgr }) {
				opened.push(emgr.subscribe("a.b"));
				if (opened.length > 1) throw new Error("no");
			},
		});
		await expect(app.configure({ server: {} })).rejects.toThrow("no");
		expect(opened.map(({ closed }) => closed)).toEqual([false, true]);
	});

	test("replaces the hooks of the config, and the listeners they made", async () => {
		const app = await started({ onBuilt: marking("a") });
		await app.configure({ onBuilt: marking("b") });
		expect(await stored(await post(app, "x"))).toBe("x+b");
		await app.configure({ onBuilt: undefined });
		expect(await stored(await post(app, "x"))).toBe("x");
	});

	test("removes the listeners of a plugin that is gone", async () => {
		const app = await started({ plugins: [{ name: "p", onBuilt: marking("p") }] });
		expect(await stored(await post(app, "x"))).toBe("x+p");
		await app.configure({ plugins: [] });
		expect(await stored(await post(app, "x"))).toBe("x");
	});

	test("leaves everything as it was when the new build fails", async () => {
		const app = await started({ onBuilt: marking("a"), server: { access: "open" } });
		const before = app.emgr.getListeners();
		const failing = app.configure({
			server: { access: "read-only" },
			onBuilt({ emgr }) {
				emgr.on("data.notes.insert.before", () => ({ text: "never" }), "sync");
				throw new Error("no");
			},
		});
		await expect(failing).rejects.toThrow("no");
		expect(app.emgr.getListeners()).toEqual(before);
		expect(await stored(await post(app, "x"))).toBe("x+a");
		await app.configure({ server: { basePath: "/v2" } });
		const moved = await app.fetch(new Request("http://localhost/v2/data/entity/notes"));
		expect(moved.status).toBe(200);
	});

	test.each([
		[{ schema: {} }, "not_configurable"],
		[{ connection: {} }, "not_configurable"],
		[{ events: { history: {} } }, "not_configurable"],
		[{ server: { acess: "open" } }, "bad_config"],
		[{ plugins: "none" }, "bad_config"],
	])("refuses %j, and nothing changes", async (patch, code) => {
		const app = await started({ onBuilt: marking("a") });
		await expect(app.configure(patch as never)).rejects.toMatchObject({ code });
		expect(await stored(await post(app, "x"))).toBe("x+a");
	});

	test("carries out calls one after the other", async () => {
		const app = await started();
		const order: string[] = [];
		const slow = app.configure({
			async onBuilt() {
				await Promise.resolve();
				order.push("first");
			},
		});
		const fast = app.configure({ onBuilt: () => void order.push("second") });
		await Promise.all([slow, fast]);
		expect(order).toEqual(["first", "second"]);
	});

	test("is in force also when somebody builds the app again at the same moment", async () => {
		const app = await started();
		const building = app.build();
		const configuring = app.configure({ server: { access: "read-only" } });
		const again = building.then(() => app.build());
		await Promise.all([configuring, again]);
		expect((await post(app, "x")).status).toBe(403);
	});

	test("may be called, and waited for, by a listener of the change", async () => {
		const app = await started();
		app.emgr.once(
			AppEvents.AppConfigUpdatedEvent,
			() => app.configure({ server: { access: "open" } }).then(() => undefined),
			"sync",
		);
		await app.configure({ server: { access: "read-only" } });
		expect((await post(app, "x")).status).toBe(201);
	});

	test("is refused once the app is closed", async () => {
		const app = await started();
		await app.close();
		await expect(app.configure({ server: {} })).rejects.toMatchObject({ code: "app_closed" });
	});
});

describe("a build that waits for another", () => {
	test.each([
		["build", (app: App) => app.build()],
		["configure", (app: App) => app.configure({ server: {} })],
	])("is refused: %s in onBuilt, and in a listener of AppBuiltEvent", async (_, wait) => {
		const refused = { code: "build_within_build" };
		await expect(started({ onBuilt: async (app) => void (await wait(app)) })).rejects.toMatchObject(
			refused,
		);
		const app = await started();
		const errors: unknown[] = [];
		app.emgr.on(
			"app-built",
			async () => void (await wait(app).catch((e) => errors.push(e))),
			"sync",
		);
		await app.build();
		expect(errors).toEqual([expect.objectContaining(refused)]);
	});

	test("may begin when the first is done, also by what its hooks began", async () => {
		const later: (() => Promise<App>)[] = [];
		const app = await started({
			onBuilt(built) {
				later.push(AsyncResource.bind(() => built.configure({ server: { access: "read-only" } })));
			},
		});
		await later[0]?.();
		expect((await post(app, "x")).status).toBe(403);
	});
});

describe("a rebuild", () => {
	test("answers with the old build until the new one is there, whose listeners take over at once", async () => {
		let builds = 0;
		const gate = Promise.withResolvers<void>();
		const app = await started({
			async onBuilt(built) {
				builds++;
				await marking(`build-${builds}`)(built);
				if (builds === 2) await gate.promise;
			},
		});
		const rebuilding = app.build();
		// The new listener is registered by now, and waits.
		while (builds < 2) await Promise.resolve();
		expect(await stored(await post(app, "x"))).toBe("x+build-1");
		expect(app.emgr.getListeners()).toHaveLength(1);
		gate.resolve();
		await rebuilding;
		expect(await stored(await post(app, "x"))).toBe("x+build-2");
		expect(app.emgr.getListeners()).toHaveLength(1);
	});

	test("leaves to a request what it registers meanwhile", async () => {
		let heard = 0;
		let entered = Promise.withResolvers<void>();
		const gate = Promise.withResolvers<void>();
		let wait: Promise<void> = Promise.resolve();
		const app = await started({
			onServerInit(hono: Hono) {
				hono.get("/listen", (context) => {
					app.emgr.on("own.event", () => void heard++, "sync");
					return context.text("done");
				});
			},
			onBuilt() {
				entered.resolve();
				return wait;
			},
		});
		wait = gate.promise;
		entered = Promise.withResolvers<void>();
		const rebuilding = app.build();
		await entered.promise;
		await app.fetch(new Request("http://localhost/listen"));
		await app.emgr.emit("own.event", {});
		expect(heard).toBe(1);
		gate.resolve();
		await rebuilding;
		await app.build();
		await app.emgr.emit("own.event", {});
		expect(heard).toBe(2);
	});

	test("lets a request in flight end as it began, while the app changes five times", async () => {
		const gate = Promise.withResolvers<void>();
		const entered = Promise.withResolvers<void>();
		const app = await started({
			onServerInit(hono: Hono) {
				hono.get("/slow", async (context) => {
					entered.resolve();
					await gate.promise;
					return context.text("done");
				});
			},
		});
		const slow = app.fetch(new Request("http://localhost/slow"));
		await entered.promise;
		for (let turn = 0; turn < 5; turn++) await app.configure({ server: { cors: { origin: "*" } } });
		gate.resolve();
		const response = await slow;
		expect(await response.text()).toBe("done");
		expect(response.headers.get("access-control-allow-origin")).toBeNull();
	});

	test("keeps what was registered outside of hooks, and what subscribes while it runs", async () => {
		const app = await started({ onBuilt: marking("a") });
		const heard: string[] = [];
		app.emgr.on("app-built", () => void heard.push("built"), { id: "outside", mode: "sync" });
		await app.build();
		expect(heard).toEqual(["built"]);
	});

	test("lets what its hooks unsubscribe again be gone", async () => {
		const app = await started({
			onBuilt({ emgr }) {
				emgr.on("app-built", () => {}).unsubscribe();
				emgr.on("app-built", () => {}, { id: "same" });
				emgr.on("app-built", () => {}, { id: "same" });
			},
		});
		await app.build();
		expect(app.emgr.getListeners().map(({ id }) => id)).toEqual(["same"]);
	});
});

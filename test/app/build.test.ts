import { describe, expect, test } from "vitest";
import { AppEvents } from "../../src/app/app-events.ts";
import type { App, Plugin } from "../../src/app/app.ts";
import type { Config } from "../../src/app/config.ts";
import { createApp } from "../../src/app/create-app.ts";
import { DatabaseEvents } from "../../src/data/database-events.ts";
import type { AnyEvent } from "../../src/events/event-class.ts";
import { silentLogger } from "../../src/kernel/logger.ts";
import { nodePlatform } from "../../src/runtime/node/platform.ts";
import { spy } from "../../src/testing/spy.ts";
import { newBlog } from "../support/blog.ts";
import * as schema from "../support/scenario-schema.ts";
import { expectCommonHeaders, expectProblem } from "../support/scenario.ts";

const PING = ["GET", "/api/system/ping"] as const;
const READ = ["GET", "/api/data/entity/tags/1"] as const;

/** Hooks that note when they are called, and register a listener each. */
function noting(name: string, notes: string[]): Plugin {
	return {
		name,
		beforeBuild({ emgr }) {
			notes.push(`${name} beforeBuild`);
			emgr.on("app-request", () => {}, "sync");
		},
		onServerInit(hono, { emgr }) {
			notes.push(`${name} onServerInit`);
			hono.get(`/${name}`, (context) => context.text(name));
			emgr.on("app-request", () => {}, "sync");
		},
		async onBuilt({ emgr }) {
			await Promise.resolve();
			notes.push(`${name} onBuilt`);
			emgr.on("app-request", () => {}, "sync");
		},
	};
}

function withNotes(notes: string[]): Config {
	const { name: _, ...own } = noting("config", notes);
	return {
		...own,
		plugins: [noting("first", notes), noting("second", notes)],
		seed: () => void notes.push("seed"),
	};
}

describe("build", () => {
	test("goes through its hooks in order: plugins first, then the config", async () => {
		const notes: string[] = [];
		const { app } = newBlog({ config: withNotes(notes) });
		app.emgr.onEvent(AppEvents.AppBuiltEvent, () => void notes.push("app-built"), "sync");
		app.emgr.onEvent(AppEvents.AppFirstBoot, () => void notes.push("app-first-boot"), "sync");
		expect(await app.build()).toBe(app);
		expect(notes).toEqual([
			"first beforeBuild",
			"second beforeBuild",
			"config beforeBuild",
			"first onServerInit",
			"second onServerInit",
			"config onServerInit",
			"first onBuilt",
			"second onBuilt",
			"config onBuilt",
			"app-built",
			"seed",
			"app-first-boot",
		]);
	});

	test("is done once by those who only want the app to be ready", async () => {
		const notes: string[] = [];
		const { app } = newBlog({ config: { beforeBuild: () => void notes.push("beforeBuild") } });
		expect(await Promise.all([app.ready(), app.ready()])).toEqual([app, app]);
		expect(app.ready()).toBe(app);
		expect(notes).toEqual(["beforeBuild"]);
		await app.close();
		expect(() => app.ready()).toThrow(expect.objectContaining({ code: "app_closed" }));
	});

	test.for([2, 5])(
		"done %i times leaves each listener and each route exactly once",
		async (times) => {
			const { app, send } = newBlog({ config: withNotes([]) });
			app.emgr.on("app-request", () => {}, { mode: "sync", id: "mine" });
			for (let count = 0; count < times; count++) await app.build();
			const sources = app.emgr.getListeners().map(({ source }) => source);
			expect(sources.toSorted()).toEqual([
				"app",
				...["config", "plugin:first", "plugin:second"].flatMap((source) => [
					source,
					source,
					source,
				]),
			]);
			expect(app.describe().routes.filter(({ path }) => path === "/first")).toHaveLength(1);
			expect(await (await send(["GET", "/second"])).text()).toBe("second");
		},
	);

	test("runs once for all who call it at once", async () => {
		const notes: string[] = [];
		const { app } = newBlog({ config: withNotes(notes) });
		const built = await Promise.all([app.build(), app.build(), app.build()]);
		expect(new Set(built)).toEqual(new Set([app]));
		expect(notes.filter((note) => note === "seed")).toHaveLength(1);
		expect(notes.filter((note) => note === "config onBuilt")).toHaveLength(1);
	});

	test("that fails can be done again, and leaves nothing behind", async () => {
		let attempts = 0;
		const { app } = newBlog({
			config: {
				onBuilt({ emgr }) {
					emgr.on("app-request", () => {}, "sync");
					if (++attempts < 3) throw new Error("not yet");
				},
			},
		});
		await expect(app.build()).rejects.toThrow("not yet");
		expect(() => app.hono).toThrow(expect.objectContaining({ code: "not_built" }));
		await expect(app.build()).rejects.toThrow("not yet");
		await app.build();
		expect(app.emgr.getListeners()).toHaveLength(1);
	});

	test("waits for routes that take their time, and fails with them", async () => {
		let attempts = 0;
		const { app, send } = newBlog({
			config: {
				async onServerInit(hono) {
					await Promise.resolve();
					if (++attempts === 1) throw new Error("no routes today");
					hono.get("/late", (context) => context.text("late"));
				},
			},
		});
		await expect(app.build()).rejects.toThrow("no routes today");
		await app.build();
		expect(await (await send(["GET", "/late"])).text()).toBe("late");
	});

	test("is done by the first request", async () => {
		const { app, send } = newBlog();
		expect((await send(READ)).status).toBe(200);
		expect(app.hono).toBeDefined();
	});

	test("that fails makes the request a problem, and the next request tries again", async () => {
		let attempts = 0;
		const { send, log } = newBlog({
			config: {
				onBuilt() {
					if (++attempts === 1) throw new Error("secret");
				},
			},
		});
		const failed = await send(READ);
		expect(failed.status).toBe(500);
		expectProblem(await failed.text(), failed);
		expectCommonHeaders(failed);
		expect(log.of("error")).toMatchObject([{ fields: { error: new Error("secret") } }]);
		expect((await send(READ)).status).toBe(200);
	});

	test("done again lets no request pass without its hooks", async () => {
		const rebuilt = Promise.withResolvers<void>();
		let builds = 0;
		const { app, send } = newBlog({
			config: {
				async onBuilt({ emgr }) {
					if (++builds === 2) await rebuilt.promise;
					emgr.onEvent(AppEvents.AppRequest, () => new Response("guarded"), "sync");
				},
			},
		});
		await app.build();
		const building = app.build();
		const answer = send(READ);
		rebuilt.resolve();
		await building;
		expect(await (await answer).text()).toBe("guarded");
	});

	test("done again that fails lets no request pass either", async () => {
		let builds = 0;
		const { app, send } = newBlog({
			config: {
				onBuilt({ emgr }) {
					if (++builds === 2) throw new Error("broken reload");
					emgr.onEvent(AppEvents.AppRequest, () => new Response("guarded"), "sync");
				},
			},
		});
		await app.build();
		await expect(app.build()).rejects.toThrow("broken reload");
		expect(await (await send(READ)).text()).toBe("guarded");
	});
});

describe("seed", () => {
	test("runs once per database, its writes pass through the hooks", async () => {
		let seeds = 0;
		const { app } = newBlog({
			config: {
				async seed({ em }) {
					seeds++;
					await em.mutator("tags").insertOne({ name: "seeded" });
				},
				onBuilt({ emgr }) {
					emgr.on("data.tags.insert.before", () => ({ name: "changed" }), "sync");
				},
			},
		});
		await app.build();
		await app.build();
		expect(seeds).toBe(1);
		expect(await app.em.repository("tags").findMany({})).toMatchObject({
			data: [{ name: "changed" }],
		});
	});

	test("is given the environment", async () => {
		const given: unknown[] = [];
		const env = { PICTURES: "/srv/pictures" };
		const config: Config = { seed: (_app, { PICTURES }) => void given.push(PICTURES) };
		await newBlog({ env, config }).app.build();
		expect(given).toEqual(["/srv/pictures"]);
	});

	test("may send requests to the app", async () => {
		const { app } = newBlog({
			config: {
				async seed({ fetch }) {
					const request = new Request("http://localhost/api/data/entity/tags", {
						method: "POST",
						body: '{"name":"posted"}',
					});
					expect((await fetch(request)).status).toBe(201);
				},
			},
		});
		await app.build();
	});

	test("and the news of a build belong to no request, though the first one builds", async () => {
		const heard: unknown[] = [];
		const { app, send } = newBlog();
		const { MutatorInsertAfter } = DatabaseEvents;
		const note = (event: AnyEvent, slug: string): void => {
			heard.push([slug, event.context.request, event.context.actor]);
		};
		app.emgr.onEvent(AppEvents.AppBuiltEvent, note, "sync");
		app.emgr.onEvent(AppEvents.AppFirstBoot, note, "async");
		app.emgr.onEvent(MutatorInsertAfter, note, { mode: "async", entity: schema.tags, once: true });
		expect((await send(PING)).status).toBe(200);
		await app.emgr.drain();
		expect(heard.map(String).toSorted()).toEqual([
			"app-built,,",
			"app-first-boot,,",
			"mutator-insert-after,,",
		]);
	});

	test("that fails is told as it is, and can be repeated", async () => {
		let seeds = 0;
		const { app } = newBlog({
			config: {
				async seed({ em }) {
					if (++seeds === 1) throw new Error("no network for the pictures");
					await em.mutator("tags").insertOne({ name: "seeded" });
				},
			},
		});
		using events = spy(app.emgr);
		await expect(app.build()).rejects.toThrow(
			"The seed failed: no network for the pictures. What it had stored until then",
		);
		expect(events.count(AppEvents.AppFirstBoot)).toBe(0);
		await app.build();
		expect(seeds).toBe(2);
		expect(events.count(AppEvents.AppFirstBoot)).toBe(1);
	});

	test("does not run where there are rows already, and says so", async () => {
		let seeds = 0;
		const { app, database, log } = newBlog({ config: { seed: () => void seeds++ } });
		const earlier = createApp(
			{ connection: database, schema },
			nodePlatform({ logger: silentLogger }),
		);
		await earlier.build();
		await earlier.em.mutator("tags").insertOne({ name: "mine" });
		await database.all({ sql: "delete from burdock_meta", params: [] });
		await app.build();
		expect(seeds).toBe(0);
		expect(log.of("warn")).toMatchObject([
			{ message: "The database is not empty: the seed was not run." },
		]);
	});
});

describe("close", () => {
	test("waits for deferred work, emits AppShutdown, closes the database, once", async () => {
		const { app, database } = newBlog();
		await app.build();
		const order: string[] = [];
		const close = database.close.bind(database);
		database.close = () => {
			order.push("database closed");
			return close();
		};
		app.emgr.on("slow.work", async () => {
			await new Promise((resolve) => setImmediate(resolve));
			await app.em.repository("tags").findOne(1);
			order.push("work done");
		});
		app.emgr.onEvent(AppEvents.AppShutdown, async () => {
			await app.em.repository("tags").findOne(1);
			order.push("app-shutdown");
		});
		await app.emgr.emit("slow.work");
		const [first, second] = await Promise.all([app.close(), app.close()]);
		expect(first).toEqual({ drained: true, pending: 0 });
		expect(second).toBe(first);
		expect(order).toEqual(["work done", "app-shutdown", "database closed"]);
	});

	test("gives up at the deadline, and says how much was left", async () => {
		const { app } = newBlog({ config: { limits: { drain: 5 } } });
		await app.build();
		app.emgr.on("endless.work", () => new Promise(() => {}));
		await app.emgr.emit("endless.work");
		expect(await app.close()).toEqual({ drained: false, pending: 1 });
	});

	test("of an app that was never built opens nothing", async () => {
		const { app, database } = newBlog();
		expect(await app.close()).toEqual({ drained: true, pending: 0 });
		expect(database.trips).toBe(0);
	});

	test("refuses requests from then on with a 503 problem, whatever they ask", async () => {
		const { app, send } = newBlog();
		await app.build();
		const closing = app.close();
		for (const request of [PING, READ, ["GET", "/nothing"]] as const) {
			const response = await send(request);
			expect(response.status).toBe(503);
			expectCommonHeaders(response);
			const text = await response.text();
			expectProblem(text, response);
			expect(JSON.parse(text)).toMatchObject({ code: "app_closed" });
		}
		await closing;
		expect((await send(PING)).status).toBe(503);
		await expect(app.build()).rejects.toMatchObject({ code: "app_closed" });
	});

	test("during a build waits for it", async () => {
		const { app } = newBlog();
		const building = app.build();
		await app.close();
		await expect(building).resolves.toBe(app);
	});

	test("and build, many times over, leave no listener and no error behind", async () => {
		for (let round = 0; round < 20; round++) {
			const { app, send } = newBlog({ config: withNotes([]) });
			const work: Promise<unknown>[] = [app.build(), send(PING), app.build(), send(PING)];
			if (round % 2 === 0) work.push(app.close());
			for (const result of await Promise.allSettled(work)) {
				if (result.status === "rejected")
					expect(result.reason).toMatchObject({ code: "app_closed" });
			}
			await app.close();
		}
	});
});

test("describe tells what the app is", async () => {
	const { app } = newBlog();
	await (await app.build()).build();
	expect(app.describe()).toMatchObject({
		runtime: "node",
		database: { engine: "embedded libSQL", location: ":memory:" },
		entities: [
			{ name: "authors", label: "authors" },
			{ name: "posts" },
			{ name: "tags" },
			{ name: "postTags" },
		],
		listeners: 0,
		access: "open (local only)",
	});
	expect(app.describe().routes).toContainEqual({
		method: "GET",
		path: "/api/data/entity/:entity/:id",
	});
});

test("a build waits for what its hooks return, in order", async () => {
	const order: string[] = [];
	const slow = (name: string): Plugin => ({
		name,
		async beforeBuild(_app: App) {
			order.push(`${name} begins`);
			await new Promise((resolve) => setImmediate(resolve));
			order.push(`${name} ends`);
		},
	});
	await newBlog({ config: { plugins: [slow("a"), slow("b")] } }).app.build();
	expect(order).toEqual(["a begins", "a ends", "b begins", "b ends"]);
});

test.for([
	["two words", 1],
	[{ get: () => "secret" }, 1],
	["s3cret", 0],
	["", 0],
	[undefined, 0],
] as const)("a build warns of the token %j in %i lines", async ([token, lines]) => {
	const { app, log } = newBlog({ env: { BURDOCK_TOKEN: token } });
	await app.build();
	const warnings = log.of("warn").filter(({ message }) => message.startsWith("BURDOCK_TOKEN"));
	expect(warnings).toHaveLength(lines);
});

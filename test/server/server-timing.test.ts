import { describe, expect, onTestFinished, test } from "vitest";
import { AppEvents } from "../../src/app/app-events.ts";
import type { Config } from "../../src/app/config.ts";
import { silentLogger } from "../../src/kernel/logger.ts";
import { NodeServer } from "../../src/runtime/node/node-server.ts";
import { blog } from "../support/blog.ts";

/** What `burdock dev` starts, or with nothing of its own, `burdock start`. */
async function served(config: Config, options: { readonly serverTiming?: true } = {}) {
	const server = await NodeServer.start(
		{ connection: { url: ":memory:" }, ...config },
		{ port: 0, signals: "ignore", logger: silentLogger, ...options },
	);
	onTestFinished(async () => {
		await server.close();
	});
	return server;
}

/** Metrics by name, with their description. */
function metrics(response: Response): ReadonlyMap<string, string | undefined> {
	const header = response.headers.get("server-timing") ?? "";
	const found = [...header.matchAll(/([^\s;,]+);dur=([\d.]+)(?:;desc="([^"\\]*)")?(?:, |$)/g)];
	expect(found.map(([whole]) => whole).join("")).toBe(header);
	return new Map(found.map(([, name = "", , description]) => [name, description]));
}

describe("Server-Timing", () => {
	test("names, over a socket, the listeners that ran for the request", async () => {
		const server = await served(
			{
				onBuilt({ emgr }) {
					emgr.onEvent(AppEvents.AppRequest, () => {}, { mode: "sync", id: "at once" });
					emgr.onEvent(AppEvents.AppBeforeResponse, async () => {}, {
						mode: "sync",
						id: "config:awaited/ü",
					});
					emgr.onEvent(AppEvents.AppRequest, () => {}, { id: "later" });
				},
			},
			{ serverTiming: true },
		);
		for (const path of ["/health", "/nothing", "/api/data"]) {
			const response = await fetch(server.url + path);
			expect(Object.fromEntries(metrics(response))).toEqual({
				total: undefined,
				at_once: "app-request",
				config_awaited__: "app-before-response",
			});
		}
	});

	test("is not sent unless it is asked for, as by burdock start", async () => {
		const server = await served({
			onBuilt({ emgr }) {
				emgr.onEvent(AppEvents.AppRequest, () => {}, "sync");
			},
		});
		const response = await fetch(`${server.url}/health`);
		expect(response.headers.has("server-timing")).toBe(false);
	});

	test("counts the calls of one listener together, and of each event apart", async () => {
		const { app, send } = await blog({ platform: { serverTiming: true } });
		app.emgr.on("data.tags.insert.*", () => {}, { mode: "sync", id: "l" });
		const response = await send([
			"POST",
			"/api/data/entity/tags",
			[
				{ id: 8, name: "x" },
				{ id: 9, name: "y" },
			],
		]);
		expect(response.status).toBe(201);
		const header = response.headers.get("server-timing") ?? "";
		const described = [...header.matchAll(/l;dur=[\d.]+;desc="([^"]+)"/g)];
		expect(described).toHaveLength(3);
		expect(new Set(described.map(([, slug]) => slug))).toEqual(
			new Set(["mutator-insert-before", "mutator-insert-commit", "mutator-insert-after"]),
		);
	});

	test("goes on where a listener puts another request in place", async () => {
		const { app, send } = await blog({ platform: { serverTiming: true } });
		app.emgr.onEvent(
			AppEvents.AppRequest,
			({ params }) => new Request(params.request.url.replace("/old", "/api/data/entity/tags")),
			{ mode: "sync", id: "rewrite" },
		);
		app.emgr.on("data.tags.find-many.before", () => {}, { mode: "sync", id: "inside" });
		const found = metrics(await send(["GET", "/old"]));
		expect([...found.keys()].toSorted()).toEqual(["inside", "rewrite", "total"]);
	});

	test("keeps requests apart", async () => {
		const { app, send } = await blog({ platform: { serverTiming: true } });
		app.emgr.on("data.tags.find-many.before", async () => Promise.resolve(), {
			mode: "sync",
			id: "tags",
		});
		app.emgr.on("data.posts.find-many.before", async () => Promise.resolve(), {
			mode: "sync",
			id: "posts",
		});
		const responses = await Promise.all(
			["tags", "posts"].map((name) => send(["GET", `/api/data/entity/${name}`])),
		);
		expect(responses.map((response) => [...metrics(response).keys()])).toEqual([
			["total", "tags"],
			["total", "posts"],
		]);
	});

	test("names the 20 slowest listeners at most", async () => {
		const { app, send } = await blog({ platform: { serverTiming: true } });
		for (let n = 0; n < 30; n++) {
			app.emgr.onEvent(AppEvents.AppRequest, () => {}, { mode: "sync", id: `l${n}` });
		}
		const response = await send(["GET", "/health"]);
		expect(metrics(response).size).toBe(21);
		const times = [...(response.headers.get("server-timing") ?? "").matchAll(/l\d+;dur=([\d.]+)/g)];
		const numbers = times.map(([, time]) => Number(time));
		expect(numbers).toEqual(numbers.toSorted((one, other) => other - one));
	});

	test("comes after what a route said itself, once, however often it sends its response", async () => {
		const kept = new Response(null, { status: 204, headers: { "server-timing": "db;dur=5" } });
		const { send } = await blog({
			platform: { serverTiming: true },
			config: {
				onServerInit(hono) {
					hono.get("/kept", () => kept);
				},
			},
		});
		for (let time = 0; time < 2; time++) {
			const response = await send(["GET", "/kept"]);
			expect(response.headers.get("server-timing")).toMatch(/^db;dur=5, total;dur=[\d.]+$/);
		}
	});

	test("times listeners that throw, and says so of failures as well", async () => {
		const { app, send } = await blog({ platform: { serverTiming: true } });
		app.emgr.onEvent(
			AppEvents.AppRequest,
			() => {
				throw new Error("no");
			},
			{ mode: "sync", id: "fails" },
		);
		const response = await send(["GET", "/health"]);
		expect(response.status).toBe(500);
		expect([...metrics(response).keys()]).toEqual(["total", "fails"]);
	});
});

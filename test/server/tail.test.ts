import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { App } from "../../src/app/app.ts";
import type { Config } from "../../src/app/config.ts";
import { Event } from "../../src/events/event.ts";
import type { TailLine, TailedEvent } from "../../src/events/tailed-event.ts";
import { testApp, type TestAppOptions } from "../support/test-app.ts";

const posts = sqliteTable("posts", {
	id: integer().primaryKey({ autoIncrement: true }),
	title: text().notNull(),
	password: text(),
	note: text(),
});

/** An app with posts, and ways to follow it. */
async function followed(config: Config = {}, platform: TestAppOptions["platform"] = {}) {
	const entities = { posts: { hidden: ["note"] } };
	const test = await testApp({ schema: { posts }, entities, ...config }, { platform });
	const ask = async (
		query = "",
		{ host = "localhost", ...headers }: Readonly<Record<string, string>> = {},
	): Promise<Response> =>
		test.app.fetch(new Request(`http://${host}/api/system/events${query}`, { headers }));
	return { ...test, ask, follow: async (query?: string) => new Reading(await ask(query)) };
}

/** Reads the lines of a response, one chunk after the other. */
class Reading {
	readonly response: Response;
	readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
	readonly #decoder = new TextDecoder();

	constructor(response: Response) {
		if (response.status !== 200) throw new Error(`The answer is ${response.status}.`);
		this.response = response;
		this.#reader = (response.body as ReadableStream<Uint8Array>).getReader();
	}

	/** The next chunk, without its last line end; undefined at the end. */
	async chunk(): Promise<string | undefined> {
		const { value, done } = await this.#reader.read();
		return done ? undefined : this.#decoder.decode(value).replace(/\n$/, "");
	}

	/** The next so many lines that are not blank. */
	async lines(count: number): Promise<readonly TailLine[]> {
		const lines: TailLine[] = [];
		while (lines.length < count) {
			const chunk = await this.chunk();
			if (chunk === undefined) throw new Error(`It ended after ${lines.length} lines.`);
			for (const line of chunk.split("\n")) {
				if (line !== "") lines.push(JSON.parse(line) as TailLine);
			}
		}
		return lines;
	}

	async events(count: number): Promise<readonly TailedEvent[]> {
		return (await this.lines(count)) as readonly TailedEvent[];
	}

	close(): Promise<void> {
		return this.#reader.cancel();
	}
}

function listeners(app: App): number {
	return app.emgr.getListeners().length;
}

async function problem(response: Response) {
	const { status } = response;
	const { code, errors } = (await response.json()) as { code: string; errors?: unknown };
	return { status, code, ...(errors === undefined ? {} : { errors }) };
}

afterEach(() => void vi.useRealTimers());

describe("GET /api/system/events", () => {
	it("tells events as they happen, one JSON object a line, after a blank line", async () => {
		const { app, follow } = await followed();
		const reading = await follow("?ref=orders.*");
		expect(reading.response.headers.get("content-type")).toBe("application/x-ndjson");
		expect(reading.response.headers.get("cache-control")).toBe("no-store");
		expect(reading.response.headers.get("x-request-id")).toMatch(/\w/);
		expect(await reading.chunk()).toBe("");
		app.emgr.on("orders.paid", async (_event, _slug, ctx) => {
			await ctx.emit("orders.sent", {}, { path: "orders/1" });
		});
		const scope = app.emgr.scope({ actor: { id: "ada" } });
		const before = Date.now();
		const paid = await scope.run(() => app.emgr.emit("orders.paid", { total: 42n }));
		await scope.executeAsyncs();
		const [first, second] = await reading.events(2);
		expect(first).toEqual({
			id: paid.context.id,
			time: new Date(paid.context.time).toISOString(),
			slug: "orders.paid",
			topic: "orders.paid",
			actor: "ada",
			depth: 0,
			params: { total: "42" },
		});
		expect(paid.context.time).toBeGreaterThanOrEqual(before);
		expect(second).toMatchObject({ slug: "orders.sent", path: "orders/1", actor: "ada", depth: 1 });
	});

	it("tells of writes by slug and topic, also the attempt of one that is refused later", async () => {
		const { follow, request } = await followed();
		const reading = await follow("?ref=data.posts.insert.*");
		await request("POST", "/api/data/entity/posts", { title: "Burrs" });
		await request("POST", "/api/data/entity/posts", { id: 1, title: "Again" });
		expect((await reading.events(6)).map(({ slug, path }) => [slug, path])).toEqual([
			["mutator-insert-before", undefined],
			["mutator-insert-commit", undefined],
			["mutator-insert-after", "posts/1"],
			["mutator-insert-before", undefined],
			["mutator-insert-commit", undefined],
			["mutator-insert-failed", undefined],
		]);
	});

	it("does not tell an event that a listener refuses", async () => {
		const { app, follow } = await followed();
		app.emgr.on("orders.paid", () => Promise.reject(new Error("no")), "sync");
		const reading = await follow("?ref=orders.*");
		await app.emgr.emit("orders.paid", {}).catch(() => {});
		await app.emgr.emit("orders.open", {});
		expect((await reading.events(1))[0]?.slug).toBe("orders.open");
	});

	it("tells neither secrets nor hidden fields, nor what an app or an entity holds", async () => {
		const { follow, request, app } = await followed();
		const reading = await follow("?ref=(data.posts.insert.after|app.request|login.**)");
		await request("POST", "/api/data/entity/posts", { title: "a", password: "p4ss", note: "n0te" });
		await app.emgr.emit("login.tried", {
			Authorization: "Bearer t0ken",
			deep: [{ token: "t0ken" }],
		});
		const told = await reading.events(3);
		expect(told.map(({ params }) => params)).toEqual([
			{ request: { method: "POST", url: "http://localhost/api/data/entity/posts" } },
			{
				entity: "posts",
				entityId: 1,
				data: { id: 1, title: "a", password: "[redacted]", note: "[redacted]" },
				changed: { title: "a", password: "[redacted]", note: "[redacted]" },
			},
			{ Authorization: "[redacted]", deep: [{ token: "[redacted]" }] },
		]);
		expect(JSON.stringify(told)).not.toMatch(/p4ss|n0te|t0ken/);
	});

	it("tells an event that several refs name once", async () => {
		const { app, follow } = await followed();
		const reading = await follow("?ref=orders.*&ref=orders.paid&ref=users.*");
		for (const name of ["orders.paid", "tags.new", "users.new"]) await app.emgr.emit(name, {});
		expect((await reading.events(2)).map(({ slug }) => slug)).toEqual(["orders.paid", "users.new"]);
	});

	it.each([
		["?ref=orders.(", "ref", /pattern "orders\.\(" is not valid/],
		["?ref=", "ref", /it has an empty segment/],
		["?ref=mutator-insert-befor", "ref", /Did you mean mutator-insert-before/],
		["?reff=orders.*", "reff", /Did you mean ref/],
		[`?${"ref=a.b&".repeat(33)}`, "ref", /over 32 times/],
	])("refuses %s", async (query, path, message) => {
		const { app, ask } = await followed();
		expect(await problem(await ask(query))).toEqual({
			status: 400,
			code: "bad_parameters",
			errors: [expect.objectContaining({ path, message: expect.stringMatching(message) })],
		});
		expect(listeners(app)).toBe(0);
	});

	it("stops listening when the reader leaves", async () => {
		const { app, follow } = await followed();
		app.emgr.on("orders.*", () => {});
		const readings = await Promise.all([follow(), follow(), follow()]);
		expect(listeners(app)).toBe(4);
		for (const reading of readings) await reading.close();
		expect(listeners(app)).toBe(1);
	});

	it("leaves nothing open after HEAD", async () => {
		const { app } = await followed();
		const url = "http://localhost/api/system/events";
		const response = await app.fetch(new Request(url, { method: "HEAD" }));
		expect([response.status, response.headers.get("content-type"), response.body]).toEqual([
			200,
			"application/x-ndjson",
			null,
		]);
		expect(listeners(app)).toBe(0);
	});

	it("has room for a hundred readers, and for another when one has left", async () => {
		const { ask, follow } = await followed();
		const readings = await Promise.all(Array.from({ length: 100 }, () => follow()));
		const refused = await ask();
		expect(refused.headers.get("retry-after")).toBe("1");
		expect(await problem(refused)).toEqual({ status: 429, code: "too_many_tails" });
		await readings[0]?.close();
		expect((await ask()).status).toBe(200);
	});

	it("tells a slow reader how much it lost, and lets nobody wait for it", async () => {
		const { app, follow } = await followed();
		const reading = await follow("?ref=orders.*");
		for (let n = 0; n < 1000; n++) await app.emgr.emit("orders.paid", { n });
		const lines = await reading.lines(257);
		expect(lines[0]).toEqual({ dropped: 744 });
		expect(lines[1]).toMatchObject({ params: { n: 744 } });
		expect(lines.at(-1)).toMatchObject({ params: { n: 999 } });
		await app.emgr.emit("orders.paid", { n: 1000 });
		expect(await reading.lines(1)).toMatchObject([{ params: { n: 1000 } }]);
	});

	it("says every 15 seconds that it is still there, and leaves no timer behind", async () => {
		const { app, follow } = await followed();
		vi.useFakeTimers();
		const reading = await follow("?ref=orders.*");
		expect(await reading.chunk()).toBe("");
		for (const _ of [1, 2]) {
			const beat = reading.chunk();
			await vi.advanceTimersByTimeAsync(14_999);
			expect(await Promise.race([beat, Promise.resolve("nothing yet")])).toBe("nothing yet");
			await vi.advanceTimersByTimeAsync(1);
			expect(await beat).toBe("");
		}
		const next = reading.lines(1);
		await app.emgr.emit("orders.paid", {});
		expect(await next).toMatchObject([{ slug: "orders.paid" }]);
		const waiting = reading.chunk();
		await vi.advanceTimersByTimeAsync(1);
		expect(vi.getTimerCount()).toBe(1);
		await reading.close();
		expect(await waiting).toBeUndefined();
		expect(vi.getTimerCount()).toBe(0);
		expect(listeners(app)).toBe(0);
	});

	it("stops listening when an event cannot be told", async () => {
		class Unspeakable extends Event<{ readonly n: number }> {
			static override slug = "unspeakable";
			override get path(): string {
				throw new Error("no path");
			}
		}
		const { app, follow } = await followed();
		const reading = await follow();
		await reading.chunk();
		const next = reading.chunk();
		await app.emgr.emit(new Unspeakable({ n: 1 }));
		await expect(next).rejects.toThrow("no path");
		expect(listeners(app)).toBe(0);
	});

	it("ends when the app closes", async () => {
		const { app, follow } = await followed();
		const reading = await follow();
		await reading.chunk();
		const last = reading.chunk();
		await app.close();
		expect(await last).toBeUndefined();
	});

	it("goes on while the app takes over a change of its config", async () => {
		const { app, follow } = await followed();
		const reading = await follow("?ref=(orders.*|app.config.updated)");
		await app.configure({ server: { access: "read-only" } });
		await app.emgr.emit("orders.paid", {});
		expect((await reading.events(2)).map(({ topic }) => topic)).toEqual([
			"app.config.updated",
			"orders.paid",
		]);
	});
});

describe("who may follow the events", () => {
	const token = { BURDOCK_TOKEN: "s3cret" };
	const right = { authorization: "Bearer s3cret" };
	const wrong = { authorization: "Bearer guess" };
	const foreign = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };
	const proxied = { "x-forwarded-for": "203.0.113.7" };
	const everywhere = { server: { cors: { origin: "*" } } } as const;

	it.each([
		["the program itself", {}, {}, {}, 200],
		["this machine", {}, { exposure: "loopback" }, {}, 200],
		["a program, for nobody knows whom, with an access rule", closed(), {}, {}, 403],
		["somebody behind a proxy of this machine", {}, { exposure: "loopback" }, proxied, 403],
		["this machine, whatever the access rule", closed(), { exposure: "loopback" }, {}, 200],
		["this machine, by another name", {}, { exposure: "loopback" }, { host: "evil.example" }, 403],
		[
			"this machine, by another name, with open access",
			{ server: { access: "open" } },
			{ exposure: "loopback" },
			{ host: "evil.example" },
			403,
		],
		["a page of another site", {}, { exposure: "loopback" }, foreign, 403],
		["a page that only tells its origin", {}, {}, { origin: "https://evil.example" }, 403],
		["a page of another site that CORS lets in", everywhere, {}, foreign, 403],
		["a page of this server", {}, {}, { "sec-fetch-site": "same-origin" }, 200],
		["anybody, without credentials", {}, { exposure: "public", env: token }, {}, 401],
		["anybody, though access is open", open(), { exposure: "public", env: token }, {}, 401],
		["anybody, with a wrong token", {}, { exposure: "public", env: token }, wrong, 403],
		["anybody, where there is no token", {}, { exposure: "public" }, right, 403],
		["the holder of the token", {}, { exposure: "public", env: token }, right, 200],
		[
			"the holder of the token, by another name",
			{},
			{ exposure: "loopback", env: token },
			{ host: "blog.example", ...right },
			200,
		],
	] as const)("%s", async (_, config, platform, headers, status) => {
		const { app, ask } = await followed(config, platform);
		const response = await ask("?ref=**", headers);
		expect(response.status).toBe(status);
		expect(listeners(app)).toBe(status === 200 ? 1 : 0);
		if (status === 401) expect(response.headers.get("www-authenticate")).toMatch(/^Bearer/);
		if (status === 403) expect((await problem(response)).code).toBe("operator_only");
	});

	function open(): Config {
		return { server: { access: "open" } };
	}

	function closed(): Config {
		return { server: { access: () => false } };
	}
});

describe("events.policy", () => {
	it("hides events from whoever follows", async () => {
		const { app, ask, follow } = await followed({
			events: { policy: (_, resource) => !resource.startsWith("payments.") },
		});
		const reading = await follow("?ref=**");
		for (const name of ["payments.card", "orders.paid"]) await app.emgr.emit(name, {});
		expect((await reading.events(1))[0]?.slug).toBe("orders.paid");
		expect(await problem(await ask("?ref=payments.*"))).toEqual({
			status: 422,
			code: "policy_denied",
		});
	});

	it("learns who follows: local, or token", async () => {
		const actors: string[] = [];
		const { ask } = await followed(
			{ events: { policy: (_action, _resource, actor) => actors.push(actor.id) > 0 } },
			{ env: { BURDOCK_TOKEN: "s3cret" } },
		);
		await ask();
		await ask("", { authorization: "Bearer s3cret" });
		expect([...new Set(actors)]).toEqual(["local", "token"]);
	});

	it("lets nobody else listen, and nobody send, unless the config has one", async () => {
		const { app, request } = await followed({
			onServerInit: (hono, { emgr }) => {
				hono.post("/send", async () => {
					const actor = { id: "token" };
					await emgr.as(actor).emit("orders.paid", {});
					return new Response();
				});
			},
		});
		for (const id of ["token", "local", "ada"]) {
			expect(() => app.emgr.as({ id }).subscribe("orders.*")).toThrow(/policy does not let/);
		}
		expect(await problem(await request("POST", "/send"))).toEqual({
			status: 422,
			code: "policy_denied",
		});
	});

	it("has to be a function", async () => {
		const events = { policy: "all" } as never;
		await expect(testApp({ events })).rejects.toThrow(/events\.policy is not a function/);
	});
});

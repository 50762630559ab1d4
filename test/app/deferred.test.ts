import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { AppEvents } from "../../src/app/app-events.ts";
import type { RequestContext } from "../../src/app/app.ts";
import { blog, type Blog, type ShortRequest } from "../support/blog.ts";

const INSERT: ShortRequest = ["POST", "/api/data/entity/tags", { name: "new" }];
const insert = (name: string): ShortRequest => ["POST", "/api/data/entity/tags", { name }];

/** A context of each kind of runtime, and how to end a request in it. */
const RUNTIMES: readonly (readonly [
	string,
	() => { context: RequestContext; end: () => unknown },
])[] = [
	["nothing", () => ({ context: {}, end: () => wait(1) })],
	[
		"afterResponse",
		() => {
			const starts: (() => void)[] = [];
			return {
				context: { afterResponse: (start) => void starts.push(start) },
				end: () => {
					for (const start of starts) start();
				},
			};
		},
	],
	[
		"waitUntil",
		() => {
			const works: Promise<unknown>[] = [];
			return {
				context: { waitUntil: (work) => void works.push(work) },
				end: () => Promise.all(works),
			};
		},
	],
];

describe.for(RUNTIMES)("where a runtime gives %s", ([, runtime]) => {
	test("async listeners run after the response, with the final event", async () => {
		const { app, send } = await blog();
		const order: string[] = [];
		app.emgr.on("data.tags.insert.before", () => ({ name: "changed" }), "sync");
		app.emgr.on("data.tags.insert.before", async (event) => {
			order.push(`before ${(event.params as { data: { name: string } }).data.name}`);
		});
		app.emgr.on("data.tags.insert.after", () => void order.push("after"));
		const { context, end } = runtime();
		const answered = Promise.resolve(send(INSERT, context)).then((response) => {
			order.push("response");
			return response;
		});
		expect(await (await answered).json()).toMatchObject({ data: { name: "changed" } });
		await end();
		expect(order).toEqual(["response", "before changed", "after"]);
	});

	test("work that async listeners defer in turn is done as well", async () => {
		const { app, send } = await blog();
		const heard: string[] = [];
		app.emgr.on("first.step", () => void heard.push("first"));
		app.emgr.on("second.step", () => void heard.push("second"));
		app.emgr.on("data.tags.insert.after", async (_event, _slug, { emit }) => {
			await emit("first.step");
			await emit("second.step");
		});
		const { context, end } = runtime();
		await send(INSERT, context);
		await end();
		await app.emgr.drain();
		expect(heard).toEqual(["first", "second"]);
	});

	test("an async listener that fails is logged, and harms nobody", async () => {
		const { app, send, log } = await blog();
		const heard: string[] = [];
		app.emgr.on("data.tags.insert.after", () => Promise.reject(new Error("lost")), {
			id: "mailer",
		});
		app.emgr.on("data.tags.insert.after", () => void heard.push("other"));
		const { context, end } = runtime();
		expect((await send(INSERT, context)).status).toBe(201);
		await end();
		await app.emgr.drain();
		expect(heard).toEqual(["other"]);
		expect(log.of("error")).toMatchObject([
			{ fields: { listener: "mailer", event: "mutator-insert-after", error: new Error("lost") } },
		]);
	});

	test("what is emitted after the response, too, is heard", async () => {
		const go = Promise.withResolvers<void>();
		const heard = Promise.withResolvers<string>();
		const { app, send } = await blog({
			config: {
				onServerInit(hono, { emgr }) {
					hono.get("/stream", () => {
						const late = async function* () {
							yield new TextEncoder().encode("early ");
							await go.promise;
							await emgr.emit("stream.ended");
							yield new TextEncoder().encode("late");
						};
						return new Response(ReadableStream.from(late()));
					});
				},
			},
		});
		app.emgr.on("stream.ended", (event) => heard.resolve(event.slug));
		const { context, end } = runtime();
		const response = await send(["GET", "/stream"], context);
		await end();
		go.resolve();
		expect(await response.text()).toBe("early late");
		expect(await heard.promise).toBe("stream.ended");
	});

	test("work that a route leaves running is kept", async () => {
		const go = Promise.withResolvers<void>();
		const { app, send } = await blog({
			config: {
				onServerInit: (hono) => {
					hono.get("/later", (context) => {
						context.executionCtx.waitUntil(go.promise);
						return context.text("now");
					});
				},
			},
		});
		const { context, end } = runtime();
		expect(await (await send(["GET", "/later"], context)).text()).toBe("now");
		const order: string[] = [];
		const closed = app.close().then((result) => {
			order.push("closed");
			return result;
		});
		await wait(1);
		order.push("done");
		go.resolve();
		await end();
		expect(await closed).toEqual({ drained: true, pending: 0 });
		if (!context.waitUntil) expect(order).toEqual(["done", "closed"]);
	});
});

test("work after a response that fails is logged", async () => {
	const { app, send, log } = await blog({
		config: {
			onServerInit: (hono) => {
				hono.get("/later", (context) => {
					context.executionCtx.waitUntil(Promise.reject(new Error("lost")));
					return context.text("now");
				});
			},
		},
	});
	await send(["GET", "/later"]);
	await app.close();
	expect(log.of("error")).toMatchObject([{ message: "Work in the background failed." }]);
});

describe("two requests at once", () => {
	/** Starts two inserts that wait for each other in a Before listener. */
	async function interleaved({ app, send }: Blog, contexts: readonly RequestContext[]) {
		const both = Promise.withResolvers<void>();
		let waiting = 0;
		app.emgr.on(
			"data.tags.insert.before",
			async () => {
				if (++waiting === 2) both.resolve();
				await both.promise;
			},
			"sync",
		);
		return Promise.all(
			["one", "two"].map((name, index) =>
				send(
					[...insert(name), { "x-request-id": `request-${name}` }] as unknown as ShortRequest,
					contexts[index],
				),
			),
		);
	}

	test("run nothing of each other", async () => {
		const made = await blog();
		const heard: string[] = [];
		made.app.emgr.on("data.tags.insert.after", (event) => {
			heard.push((event.params as { data: { name: string } }).data.name);
		});
		const starts: (() => void)[][] = [[], []];
		await interleaved(
			made,
			starts.map((own) => ({ afterResponse: (start: () => void) => void own.push(start) })),
		);
		expect(starts.map((own) => own.length)).toEqual([1, 1]);
		expect(heard).toEqual([]);
		starts[1]?.[0]?.();
		expect(heard).toEqual(["two"]);
		starts[0]?.[0]?.();
		expect(heard).toEqual(["two", "one"]);
	});

	test("each have their own request, ids and signal in every listener, also after an await", async () => {
		const made = await blog();
		const seen: unknown[] = [];
		made.app.emgr.on("late.news", (event, _slug, ctx) => {
			const { meta, request } = event.context;
			seen.push([
				event.params,
				meta.requestId,
				request?.headers.get("x-request-id"),
				ctx.request === request,
			]);
		});
		made.app.emgr.on(
			"data.tags.insert.after",
			async (event) => {
				await wait(1);
				await made.app.emgr.emit(
					"late.news",
					(event.params as { data: { name: string } }).data.name,
				);
			},
			"sync",
		);
		await interleaved(made, [{}, {}]);
		await made.app.emgr.drain();
		expect(new Set(seen)).toEqual(
			new Set(["one", "two"].map((name) => [name, `request-${name}`, `request-${name}`, true])),
		);
	});
});

describe("a listener's context", () => {
	test("knows the app, the request, and emits in its name", async () => {
		const { app, send } = await blog();
		const seen: unknown[] = [];
		app.emgr.on("child.event", (event) => void seen.push(event.context.causation.path), "sync");
		app.emgr.onEvent(
			AppEvents.AppRequest,
			async (event, slug, ctx) => {
				seen.push(slug, ctx.app === app, ctx.request === event.params.request);
				await ctx.emit("child.event");
			},
			{ mode: "sync", id: "parent" },
		);
		await send(["GET", "/health"]);
		expect(seen).toEqual(["app-request", true, true, ["parent"]]);
	});

	test("outside of a request, deferred work starts by itself", async () => {
		const { app } = await blog();
		const heard = Promise.withResolvers<unknown>();
		app.emgr.on("data.tags.insert.after", (event) => heard.resolve(event.context.request));
		await app.em.mutator("tags").insertOne({ name: "new" });
		expect(await heard.promise).toBeUndefined();
	});
});

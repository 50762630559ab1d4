import { afterEach, describe, expect, it, vi } from "vitest";
import { defineService } from "../../src/kernel/service.ts";
import type { EventScope, ScopeOptions } from "../../src/events/index.ts";
import { noContext } from "../../src/kernel/platform.ts";
import {
	failure,
	manager,
	Other,
	Plain,
	posts,
	Saving,
	saving,
	signal,
	storage,
} from "./stand-ins.ts";

afterEach(() => {
	vi.useRealTimers();
});

describe("a scope", () => {
	it("owns its queue: nothing of one is run by another or by the root", async () => {
		const { emgr } = manager();
		const calls: string[] = [];
		emgr.onEvent(Plain, (event, _slug, { actor }) => {
			calls.push(`${event.params.n} by ${actor?.id ?? "nobody"}`);
		});
		const one = emgr.scope({ actor: { id: "one" } });
		const two = emgr.scope({ actor: { id: "two" } });
		await one.emit(new Plain({ n: 1 }));
		await two.emit(new Plain({ n: 2 }));
		expect([one.pending, two.pending, emgr.pending]).toEqual([1, 1, 2]);
		await two.executeAsyncs();
		expect(calls).toEqual(["2 by two"]);
		await emgr.executeAsyncs();
		expect(calls).toEqual(["2 by two"]);
		await one.executeAsyncs();
		expect(calls).toEqual(["2 by two", "1 by one"]);
		expect(emgr.pending).toBe(0);
	});

	it("does not start by itself before it was flushed, and does afterwards", async () => {
		vi.useFakeTimers();
		const { emgr } = manager();
		const calls: number[] = [];
		emgr.onEvent(Plain, (event) => void calls.push(event.params.n));
		const kept: Promise<unknown>[] = [];
		const scope = emgr.scope({ waitUntil: (work) => void kept.push(work) });
		await scope.emit(new Plain({ n: 1 }));
		await vi.runAllTimersAsync();
		expect(calls).toEqual([]);
		await scope.executeAsyncs();
		expect([calls, kept.length]).toEqual([[1], 0]);
		await scope.emit(new Plain({ n: 2 }));
		expect([calls, kept.length]).toEqual([[1], 1]);
		await vi.runAllTimersAsync();
		await kept[0];
		expect(calls).toEqual([1, 2]);
	});

	it("runs what async listeners defer in turn, in the same flush", async () => {
		const { emgr } = manager();
		const calls: string[] = [];
		emgr.onEvent(Plain, async (event, _slug, { emit }) => {
			calls.push(`plain ${event.params.n}`);
			await Promise.resolve();
			if (event.params.n < 3) await emit(new Plain({ n: event.params.n + 1 }));
			else await emit(new Other());
		});
		emgr.onEvent(Other, () => void calls.push("other"));
		const scope = emgr.scope();
		await scope.emit(new Plain({ n: 1 }));
		await scope.executeAsyncs();
		expect(calls).toEqual(["plain 1", "plain 2", "plain 3", "other"]);
		expect(scope.pending).toBe(0);
	});

	it("starts what is deferred during its flush, also while another listener hangs", async () => {
		vi.useFakeTimers();
		const { emgr } = manager();
		const calls: string[] = [];
		emgr.onEvent(Plain, () => new Promise(() => {}));
		emgr.onEvent(Plain, (_event, _slug, { emit }) => void emit(new Other()));
		emgr.onEvent(Other, () => void calls.push("other"));
		const scope = emgr.scope();
		await scope.emit(new Plain({ n: 1 }));
		void scope.executeAsyncs();
		await vi.runAllTimersAsync();
		expect(calls).toEqual(["other"]);
	});

	it("hands the executor the running promises, round by round", async () => {
		const { emgr } = manager();
		emgr.onEvent(Plain, () => Promise.reject(new Error("reported, not passed on")), {
			onError: () => {},
		});
		emgr.onEvent(Plain, (_event, _slug, ctx) => ctx.emit(new Other()).then(() => {}));
		emgr.onEvent(Other, () => {});
		const rounds: number[] = [];
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.executeAsyncs(async (running) => {
			rounds.push(running.length);
			expect(await Promise.allSettled(running)).toEqual(
				running.map(() => ({ status: "fulfilled", value: undefined })),
			);
		});
		expect(rounds).toEqual([2, 1]);
	});

	it("rejects a flush when the executor does, and keeps what came later", async () => {
		const { emgr } = manager();
		const calls: number[] = [];
		emgr.onEvent(Plain, (event) => void calls.push(event.params.n));
		const scope = emgr.scope();
		await scope.emit(new Plain({ n: 1 }));
		const flushed = scope.executeAsyncs(() => Promise.reject(new Error("executor")));
		await scope.emit(new Plain({ n: 2 }));
		await expect(flushed).rejects.toThrow("executor");
		await scope.executeAsyncs();
		expect(calls).toEqual([1, 2]);
	});

	it("does not wait for an executor that does not wait", async () => {
		const { emgr } = manager();
		const gate = signal();
		emgr.onEvent(Plain, (_event, _slug, { defer }) => {
			defer(gate.promise);
			return gate.promise;
		});
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.executeAsyncs(() => {});
		expect(emgr.pending).toBe(2);
		gate.resolve();
		expect(await emgr.drain()).toEqual({ drained: true, pending: 0 });
	});

	it("tells its events and listeners who, what and why", async () => {
		const { emgr } = manager({ clock: { now: () => 42 } });
		const options: ScopeOptions = {
			actor: { id: "a" },
			request: new Request("http://localhost/"),
			signal: new AbortController().signal,
			meta: { from: "scope", both: "scope" },
			env: { key: 1 },
		};
		const scope = emgr.scope(options);
		let ctx: unknown;
		emgr.onEvent(Plain, (_event, _slug, given) => void (ctx = given), "sync");
		const event = await scope.emit(Plain, { n: 1 }, { meta: { both: "event" } });
		const { actor, request, signal: abort } = options;
		expect(event.context).toMatchObject({ actor, request, signal: abort, time: 42 });
		expect(event.context.meta).toEqual({ from: "scope", both: "event" });
		expect(ctx).toMatchObject({ actor, request });
		expect(scope.env).toEqual({ key: 1 });
	});

	it("aborts ctx.signal when its own signal is aborted", async () => {
		const { emgr } = manager();
		const abort = new AbortController();
		const scope = emgr.scope({ signal: abort.signal });
		let given: AbortSignal | undefined;
		emgr.onEvent(Plain, (_event, _slug, ctx) => void (given = ctx.signal), "sync");
		await scope.emit(new Plain({ n: 1 }));
		expect(given?.aborted).toBe(false);
		abort.abort();
		expect(given?.aborted).toBe(true);
	});

	it("dispatches without a promise until a handler returns one", async () => {
		const { emgr } = manager();
		const scope = emgr.scope();
		const event = new Plain({ n: 1 });
		expect(scope.dispatch(event)).toBe(event);
		emgr.onEvent(Plain, async () => {}, "sync");
		expect(await scope.dispatch(event)).toBe(event);
	});
});

describe("the current scope", () => {
	it("is found by emgr, also after an await, without mixing up requests", async () => {
		const { emgr } = manager({ context: storage() });
		const calls: string[] = [];
		emgr.onEvent(Plain, (event, _slug, { actor }) => {
			calls.push(`${event.params.n} by ${actor?.id ?? "nobody"}`);
		});
		const scopes = ["one", "two"].map((id) => emgr.scope({ actor: { id } }));
		await Promise.all(
			scopes.map((scope, at) =>
				scope.run(async () => {
					await Promise.resolve();
					await emgr.emit(new Plain({ n: at }));
					expect(scope.pending).toBe(1);
				}),
			),
		);
		await scopes[1]?.run(() => emgr.executeAsyncs());
		expect(calls).toEqual(["1 by two"]);
		await scopes[0]?.executeAsyncs();
		expect(calls).toEqual(["1 by two", "0 by one"]);
	});

	it("is entered again by deferred listeners of a flush that runs outside of it", async () => {
		const { emgr } = manager({ context: storage() });
		const actors: unknown[] = [];
		emgr.onEvent(Plain, async () => {
			await Promise.resolve();
			await emgr.emit(new Other());
		});
		emgr.onEvent(Other, (event) => void actors.push(event.context.actor), "sync");
		const scope = emgr.scope({ actor: { id: "a" } });
		await scope.emit(new Plain({ n: 1 }));
		await scope.executeAsyncs();
		expect(actors).toEqual([{ id: "a" }]);
	});

	it("is that of the listener in whose synchronous part an emit is made, without a context", async () => {
		for (const context of [undefined, noContext<EventScope>()]) {
			const { emgr } = manager(context === undefined ? {} : { context });
			const actors: unknown[] = [];
			emgr.onEvent(Plain, () => emgr.emit(new Other()).then(() => {}), "sync");
			emgr.onEvent(Other, (event) => void actors.push(event.context.actor), "sync");
			await emgr.scope({ actor: { id: "a" } }).emit(new Plain({ n: 1 }));
			expect(actors).toEqual([{ id: "a" }]);
		}
	});

	it("is kept by an origin for all events of a write", async () => {
		for (const context of [undefined, storage()]) {
			const { emgr } = manager(context === undefined ? {} : { context });
			const scope = emgr.scope({ actor: { id: "a" } });
			const origins: ReturnType<typeof emgr.origin>[] = [];
			emgr.onEvent(Plain, () => void origins.push(emgr.origin()), { mode: "sync", id: "writer" });
			await scope.emit(new Plain({ n: 1 }));
			const [origin] = origins;
			expect(origin?.scope).toBe(scope);
			expect(origin?.frame?.listenerId).toBe("writer");
			if (origin === undefined) return;
			emgr.onEvent(Other, () => {}, { mode: "sync" });
			const event = new Other();
			expect(emgr.dispatchFrom(origin, event)).toBe(event);
			expect(event.context).toMatchObject({
				actor: { id: "a" },
				causation: { depth: 1, path: ["writer"] },
			});
			expect(emgr.dispatchFrom(origin, new Plain({ n: 2 }))).toBeInstanceOf(Plain);
		}
	});
});

describe("outside of any scope", () => {
	it("deferred work starts by itself on the next macrotask", async () => {
		vi.useFakeTimers();
		for (const context of [undefined, storage()]) {
			const { emgr } = manager(context === undefined ? {} : { context });
			const calls: number[] = [];
			emgr.onEvent(Plain, (event) => void calls.push(event.params.n));
			await emgr.emit(new Plain({ n: 1 }));
			await emgr.emit(new Plain({ n: 2 }));
			expect([calls, emgr.pending]).toEqual([[], 2]);
			await vi.runAllTimersAsync();
			expect([calls, emgr.pending]).toEqual([[1, 2], 0]);
			await emgr.emit(new Plain({ n: 3 }));
			await vi.runAllTimersAsync();
			expect(calls).toEqual([1, 2, 3]);
		}
	});

	it("a listener that hangs keeps no later one from starting", async () => {
		vi.useFakeTimers();
		for (const context of [undefined, storage()]) {
			const { emgr } = manager(context === undefined ? {} : { context });
			const calls: string[] = [];
			emgr.onEvent(Other, () => new Promise(() => {}));
			emgr.onEvent(Plain, () => void calls.push("plain"));
			await emgr.emit(new Other());
			await vi.runAllTimersAsync();
			await emgr.emit(new Plain({ n: 1 }));
			await vi.runAllTimersAsync();
			expect(calls).toEqual(["plain"]);
		}
	});

	it("what a flush by hand has not waited for yet, it waits for when it started by itself", async () => {
		vi.useFakeTimers();
		const { emgr } = manager();
		const [slow, late] = [signal(), signal()];
		emgr.onEvent(Plain, async (_event, _slug, { emit }) => {
			await emit(new Other());
			await slow.promise;
		});
		emgr.onEvent(Other, () => late.promise);
		await emgr.emit(new Plain({ n: 1 }));
		const ended = vi.fn<() => void>();
		const flush = emgr.executeAsyncs().then(ended);
		await vi.runAllTimersAsync();
		slow.resolve();
		await vi.runAllTimersAsync();
		expect(ended).not.toHaveBeenCalled();
		late.resolve();
		await flush;
	});

	it("emit waits for it where nothing runs later, also in listeners of its own", async () => {
		for (const context of [undefined, storage()]) {
			const { emgr } = manager({
				deferral: "await",
				...(context === undefined ? {} : { context }),
			});
			const calls: string[] = [];
			emgr.onEvent(Plain, async (_event, _slug, { emit }) => {
				await Promise.resolve();
				await emit(new Other());
				calls.push("plain");
			});
			emgr.onEvent(Other, async () => {
				await Promise.resolve();
				calls.push("other");
			});
			const event = new Plain({ n: 1 });
			expect(await emgr.dispatch(event)).toBe(event);
			expect(calls).toEqual(["other", "plain"]);
			expect(emgr.pending).toBe(0);
		}
	});

	it("emgr.executeAsyncs runs it by hand", async () => {
		for (const context of [undefined, storage()]) {
			const { emgr } = manager(context === undefined ? {} : { context });
			const calls: number[] = [];
			emgr.onEvent(Plain, (event) => void calls.push(event.params.n));
			await emgr.emit(new Plain({ n: 1 }));
			await emgr.executeAsyncs();
			expect(calls).toEqual([1]);
			await emgr.executeAsyncs();
		}
	});
});

describe("ctx", () => {
	it("can be taken apart", async () => {
		const Mailer = defineService<{ send(): string }>("mailer");
		const services = new Map<unknown, unknown>([[Mailer, { send: () => "sent" }]]);
		const { emgr, log } = manager({
			app: () => ({ name: "blog" }),
			resolve: <T>(token: unknown) => services.get(token) as T,
		});
		const seen: unknown[] = [];
		emgr.onEvent(
			Plain,
			async (_event, _slug, { app, emit, get, defer, log: own, signal: abort, actor, request }) => {
				await Promise.resolve();
				seen.push(app, get(Mailer).send(), abort.aborted, actor, request);
				own.info("A line.");
				defer(emit(new Other()));
			},
			{ mode: "sync", id: "l" },
		);
		await emgr.emit(new Plain({ n: 1 }));
		expect(seen).toEqual([{ name: "blog" }, "sent", false, undefined, undefined]);
		expect(log.lines).toEqual([
			{ level: "info", message: "A line.", fields: { listener: "l", event: "plain" } },
		]);
	});

	it("says that there are no services, naming the listener", async () => {
		const { emgr } = manager();
		emgr.onEvent(Plain, (_event, _slug, { get }) => void get(Map), { mode: "sync", id: "l" });
		expect(await failure(() => emgr.emit(new Plain({ n: 1 })))).toMatchObject({
			code: "no_services",
		});
	});

	it("defer keeps the runtime waiting, and its rejection is reported", async () => {
		const { emgr, log } = manager();
		const kept: Promise<unknown>[] = [];
		const gate = signal();
		emgr.onEvent(
			Plain,
			(_event, _slug, { defer }) => {
				defer(gate.promise);
			},
			"sync",
		);
		const scope = emgr.scope({ waitUntil: (work) => void kept.push(work) });
		await scope.emit(new Plain({ n: 1 }));
		expect([kept.length, emgr.pending]).toEqual([1, 1]);
		const flushed = scope.executeAsyncs();
		gate.reject(new Error("deferred"));
		await flushed;
		await kept[0];
		expect(log.of("error")).toEqual(["A listener failed."]);
		expect(emgr.pending).toBe(0);
	});
});

describe("drain", () => {
	it("waits for the root's queue, running flushes, scopes nobody flushed, and deferred promises", async () => {
		const { emgr } = manager();
		const gate = signal();
		const calls: string[] = [];
		emgr.onEvent(Plain, async (event, _slug, { defer }) => {
			await gate.promise;
			defer(Promise.resolve().then(() => void calls.push(`deferred ${event.params.n}`)));
			calls.push(`ran ${event.params.n}`);
		});
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.scope().emit(new Plain({ n: 2 }));
		const flushing = emgr.scope();
		await flushing.emit(new Plain({ n: 3 }));
		const flushed = flushing.executeAsyncs();
		const drained = emgr.drain();
		gate.resolve();
		expect(await drained).toEqual({ drained: true, pending: 0 });
		await flushed;
		expect(calls.toSorted()).toEqual([
			"deferred 1",
			"deferred 2",
			"deferred 3",
			"ran 1",
			"ran 2",
			"ran 3",
		]);
	});

	it("gives up at its deadline and says how much is left", async () => {
		vi.useFakeTimers();
		const { emgr } = manager();
		const gate = signal();
		emgr.onEvent(Plain, () => gate.promise);
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.emit(new Plain({ n: 2 }));
		const drained = emgr.drain({ timeout: 50 });
		await vi.advanceTimersByTimeAsync(50);
		expect(await drained).toEqual({ drained: false, pending: 2 });
		gate.resolve();
		expect(await emgr.drain({ timeout: 50 })).toEqual({ drained: true, pending: 0 });
		expect(vi.getTimerCount()).toBe(0);
	});

	it.each([Infinity, 2 ** 31])("waits for %d ms as well as for few", async (timeout) => {
		const { emgr } = manager();
		const gate = signal();
		emgr.onEvent(Plain, () => gate.promise);
		await emgr.emit(new Plain({ n: 1 }));
		const drained = emgr.drain({ timeout });
		setTimeout(() => gate.resolve(), 10);
		expect(await drained).toEqual({ drained: true, pending: 0 });
	});

	it("with nothing to do ends at once", async () => {
		const { emgr } = manager();
		expect(await emgr.drain({ timeout: 0 })).toEqual({ drained: true, pending: 0 });
	});
});

describe("entity events", () => {
	it("carry their topic and path", () => {
		const event = saving(posts, 7);
		expect([event.slug, event.topic, event.path, event.entityName]).toEqual([
			"saving",
			"data.posts.save.before",
			"posts/7",
			"posts",
		]);
		expect(Saving.topicFor("x")).toBe("data.x.save.before");
	});
});

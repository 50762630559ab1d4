import { afterEach, describe, expect, it, vi } from "vitest";
import { AdHocEvent, defineEvent, Event, EventManager } from "../../src/events/index.ts";
import type { AnyEvent } from "../../src/events/index.ts";
import {
	Anything,
	Committing,
	failure,
	Happened,
	manager,
	Other,
	Piped,
	Plain,
	signal,
	wrong,
} from "./stand-ins.ts";

afterEach(() => {
	vi.useRealTimers();
});

describe("sync listeners", () => {
	it("run one after the other, each waited for", async () => {
		const { emgr } = manager();
		const steps: string[] = [];
		const gate = signal();
		emgr.onEvent(
			Plain,
			async () => {
				steps.push("first starts");
				await gate.promise;
				steps.push("first ends");
			},
			"sync",
		);
		emgr.onEvent(Plain, () => void steps.push("second"), "sync");
		const emitted = emgr.emit(new Plain({ n: 1 }));
		expect(steps).toEqual(["first starts"]);
		gate.resolve();
		await emitted;
		expect(steps).toEqual(["first starts", "first ends", "second"]);
	});

	it("wait for anything that can be awaited", async () => {
		const { emgr } = manager();
		const thenable = {
			// oxlint-disable-next-line unicorn/no-thenable -- a thenable is what is tested
			then: (resolve: (reply: string) => void) => resolve("later"),
		};
		emgr.onEvent(Piped, () => wrong(thenable), "sync");
		emgr.onEvent(Piped, () => "now", "sync");
		const event = await emgr.emit(new Piped({ text: "a" }));
		expect(event.params).toEqual({ text: "a-later-now" });
	});

	it.each([
		["resolves twice", (resolve: (value?: unknown) => void) => (resolve(), resolve())],
		["resolves and rejects", (resolve: () => void, reject: () => void) => (resolve(), reject())],
		[
			"resolves and throws",
			(resolve: () => void) => {
				resolve();
				throw new Error("too late");
			},
		],
	])("are called once after a thenable that %s", async (_, then) => {
		const { emgr, log } = manager();
		// oxlint-disable-next-line unicorn/no-thenable -- a thenable is what is tested
		const thenable = () => wrong({ then });
		const calls: string[] = [];
		emgr.onEvent(Plain, thenable, "sync");
		emgr.onEvent(Plain, () => void calls.push("sync"), "sync");
		emgr.onEvent(Plain, thenable, "sync");
		emgr.onEvent(Plain, () => void calls.push("async"));
		await emgr.emit(new Plain({ n: 1 }), undefined, { settle: true });
		expect(calls).toEqual(["sync", "async"]);
		expect(await emgr.drain()).toEqual({ drained: true, pending: 0 });
		expect(log.lines).toEqual([]);
	});

	it("abort the emit with what they throw, and nobody after them is called", async () => {
		for (const fails of [
			() => {
				throw new Error("refused");
			},
			() => Promise.reject(new Error("refused")),
			async () => {
				await Promise.resolve();
				throw new Error("refused");
			},
		]) {
			const { emgr, log } = manager();
			const later = vi.fn<() => void>();
			emgr.onEvent(Plain, later);
			emgr.onEvent(Plain, fails, { mode: "sync", id: "guard" });
			emgr.onEvent(Plain, later, "sync");
			const error = await failure(() => emgr.emit(new Plain({ n: 1 })));
			expect(error).toMatchObject({ message: "refused" });
			expect(emgr.listenerOf(error)).toBe("guard");
			await emgr.executeAsyncs();
			expect(later).not.toHaveBeenCalled();
			expect(log.lines).toEqual([]);
		}
	});

	it("abort with a value that is no error as well", async () => {
		const { emgr } = manager();
		const response = new Response("no", { status: 403 });
		emgr.onEvent(
			Plain,
			() => {
				throw response;
			},
			"sync",
		);
		expect(await failure(() => emgr.emit(new Plain({ n: 1 })))).toBe(response);
	});

	it("still abort when somebody observes errors", async () => {
		const observed: unknown[][] = [];
		const { emgr } = manager({ onError: (...args) => void observed.push(args) });
		const own = vi.fn<() => void>();
		const error = new Error("refused");
		const event = new Plain({ n: 1 });
		emgr.onEvent(
			Plain,
			() => {
				throw error;
			},
			{ mode: "sync", id: "guard", onError: own },
		);
		expect(await failure(() => emgr.emit(event))).toBe(error);
		expect(own.mock.calls).toEqual([[event, error]]);
		expect(observed).toEqual([[event, error, expect.objectContaining({ id: "guard" })]]);
	});

	it("abort with their own error when an observer throws, which is logged", async () => {
		const { emgr, log } = manager({
			onError: () => {
				throw new Error("observer");
			},
		});
		emgr.onEvent(Plain, () => Promise.reject(new Error("refused")), "sync");
		expect(await failure(() => emgr.emit(new Plain({ n: 1 })))).toMatchObject({
			message: "refused",
		});
		expect(log.of("error")).toEqual(["An observer of failures failed itself."]);
	});

	it("names the innermost listener that threw", async () => {
		const { emgr } = manager();
		emgr.onEvent(Plain, () => emgr.emit(new Other()).then(() => {}), { mode: "sync", id: "outer" });
		emgr.onEvent(Other, () => Promise.reject(new Error("x")), { mode: "sync", id: "inner" });
		const error = await failure(() => emgr.emit(new Plain({ n: 1 })));
		expect(emgr.listenerOf(error)).toBe("inner");
		expect(emgr.listenerOf("text")).toBeUndefined();
		expect(emgr.listenerOf(new Error("another"))).toBeUndefined();
	});
});

describe("replies", () => {
	it("make a clone that later listeners and the emitter get", async () => {
		const { emgr } = manager();
		const seen: AnyEvent[] = [];
		const original = new Piped({ text: "a" });
		emgr.onEvent(Piped, async () => "b", "sync");
		emgr.onEvent(Piped, (event) => void seen.push(event), "sync");
		emgr.onEvent(Piped, () => "c", "sync");
		const event = await emgr.emit(original);
		expect(event).toBeInstanceOf(Piped);
		expect([event.params.text, event.returned]).toEqual(["a-b-c", true]);
		expect([original.params.text, original.returned]).toEqual(["a", false]);
		expect(seen.map(({ params }) => params)).toEqual([{ text: "a-b" }]);
	});

	it("reach async listeners, registered before or after", async () => {
		const { emgr } = manager();
		const seen: string[] = [];
		emgr.onEvent(Piped, (event) => void seen.push(event.params.text));
		emgr.onEvent(Piped, () => "b", "sync");
		await emgr.emit(new Piped({ text: "a" }));
		await emgr.executeAsyncs();
		expect(seen).toEqual(["a-b"]);
	});

	it("survive when they are falsy; undefined is no reply", async () => {
		for (const value of [0, "", false, null, Number.NaN]) {
			const { emgr } = manager();
			emgr.onEvent(Anything, () => value, "sync");
			expect((await emgr.emit(new Anything({ value: "start" }))).params.value).toBe(value);
			emgr.onEvent(Anything, async () => value, "sync");
			emgr.onEvent(Anything, () => undefined, "sync");
			expect((await emgr.emit(new Anything({ value: "start" }))).params.value).toBe(value);
		}
	});

	it("are dropped when refused, reported, and the event goes on as it was", async () => {
		const reported: unknown[][] = [];
		const { emgr } = manager({ onInvalidReturn: (...args) => void reported.push(args) });
		emgr.onEvent(Piped, () => wrong(7), { mode: "sync", id: "bad" });
		emgr.onEvent(Piped, async () => wrong({}), { mode: "sync", id: "worse" });
		emgr.onEvent(Piped, () => "ok", "sync");
		const event = await emgr.emit(new Piped({ text: "a" }));
		expect(event.params.text).toBe("a-ok");
		expect(reported).toMatchObject([
			[{ slug: "piped" }, { expected: "string", given: "number" }, { id: "bad" }],
			[{ slug: "piped" }, { expected: "string", given: "object" }, { id: "worse" }],
		]);
	});

	it("to an event that takes none are reported in the log and change nothing", async () => {
		const { emgr, log } = manager();
		emgr.onEvent(Plain, () => wrong({ n: 2 }), "sync");
		const original = new Plain({ n: 1 });
		expect(await emgr.emit(original)).toBe(original);
		expect(log.of("warn")).toEqual(["The reply of a listener was dropped."]);
	});

	it("abort when validate throws something else, and an observer's throw doesn't", async () => {
		class Strict extends Event<number, number> {
			static override slug = "strict";
			override validate(): void {
				throw new TypeError("broken validate");
			}
		}
		const { emgr } = manager({
			onInvalidReturn: () => {
				throw new Error("observer");
			},
		});
		const subscription = emgr.onEvent(Strict, () => 1, { mode: "sync", id: "a" });
		for (const add of [() => 1, async () => 1]) {
			const other = emgr.onEvent(Strict, add, "sync");
			const error = await failure(() => emgr.emit(new Strict(1)));
			expect(error).toBeInstanceOf(TypeError);
			expect(emgr.listenerOf(error)).toBe("a");
			other.unsubscribe();
		}
		subscription.unsubscribe();
		emgr.onEvent(Piped, () => wrong(1), "sync");
		expect((await emgr.emit(new Piped({ text: "a" }))).params.text).toBe("a");
	});

	it("that make a new event instead of a clone carry everything over as well", async () => {
		class Fresh extends Event<number, number> {
			static override slug = "fresh";
			override validate(reply: number): this {
				return new Fresh(reply) as this;
			}
		}
		const { emgr } = manager();
		emgr.onEvent(
			Fresh,
			(event) => {
				event.preventDefault();
				return 2;
			},
			"sync",
		);
		const original = new Fresh(1);
		const event = await emgr.emit(original);
		expect([event.params, event.returned, event.defaultPrevented]).toEqual([2, true, true]);
		expect(event.context).toBe(original.context);
	});

	it("of async listeners are ignored and reported once per listener", async () => {
		const { emgr, log } = manager();
		emgr.onEvent(Piped, () => "ignored", { id: "a" });
		emgr.onEvent(Piped, async () => "ignored", { id: "b" });
		for (let i = 0; i < 3; i++) {
			const event = await emgr.emit(new Piped({ text: "a" }));
			expect(event.params.text).toBe("a");
		}
		await emgr.executeAsyncs();
		expect(log.lines.map(({ message, fields }) => [message, fields["listener"]])).toEqual([
			["The reply of an async listener was ignored.", "a"],
			["The reply of an async listener was ignored.", "b"],
		]);
	});
});

describe("stop and preventDefault", () => {
	it("stop skips later sync listeners, and async ones still hear the event", async () => {
		for (const wait of [undefined, Promise.resolve()]) {
			const { emgr } = manager();
			const calls: string[] = [];
			emgr.onEvent(
				Piped,
				async (event) => {
					await wait;
					event.stop();
					return "b";
				},
				"sync",
			);
			emgr.onEvent(Piped, () => void calls.push("skipped"), "sync");
			emgr.onEvent(Piped, (event) => void calls.push(event.params.text));
			const event = await emgr.emit(new Piped({ text: "a" }));
			await emgr.executeAsyncs();
			expect(event.stopped).toBe(true);
			expect(calls).toEqual(["a-b"]);
		}
	});

	it("stop ends one emit, not the next one of the same event", () => {
		const { emgr } = manager();
		const later = vi.fn<() => void>();
		emgr.onEvent(Plain, (event) => event.stop(), { mode: "sync", once: true });
		emgr.onEvent(Plain, later, "sync");
		const event = new Plain({ n: 1 });
		void emgr.dispatch(event);
		void emgr.dispatch(event);
		expect(later).toHaveBeenCalledTimes(1);
	});

	it("stop in a listener that returns no promise skips the next one", () => {
		const { emgr } = manager();
		const skipped = vi.fn<() => void>();
		emgr.onEvent(Plain, (event) => event.stop(), "sync");
		emgr.onEvent(Plain, skipped, "sync");
		void emgr.dispatch(new Plain({ n: 1 }));
		expect(skipped).not.toHaveBeenCalled();
	});

	it("preventDefault lets everybody run and is carried over clones", async () => {
		const { emgr } = manager();
		const seen: boolean[] = [];
		emgr.onEvent(
			Piped,
			(event) => {
				event.preventDefault();
				return "b";
			},
			"sync",
		);
		emgr.onEvent(Piped, (event) => void seen.push(event.defaultPrevented), "sync");
		emgr.onEvent(Piped, async () => "c", "sync");
		const original = new Piped({ text: "a" });
		const event = await emgr.emit(original);
		expect(seen).toEqual([true]);
		expect([event.defaultPrevented, event.params.text]).toEqual([true, "a-b-c"]);
		expect(new Piped({ text: "a" }).defaultPrevented).toBe(false);
	});
});

describe("facts", () => {
	it("catch, report and keep what listeners throw, and all others still run", async () => {
		const { emgr, log } = manager();
		const calls: string[] = [];
		const fail = (message: string) => () => {
			throw new Error(message);
		};
		emgr.onEvent(Happened, fail("one"), { mode: "sync", id: "one" });
		emgr.onEvent(Happened, () => Promise.reject(new Error("two")), { mode: "sync", id: "two" });
		emgr.onEvent(Happened, () => void calls.push("sync"), "sync");
		emgr.onEvent(Happened, fail("three"), { mode: "sync", id: "three" });
		emgr.onEvent(Happened, () => Promise.reject(new Error("four")), { mode: "sync", id: "four" });
		emgr.onEvent(Happened, () => void calls.push("async"));
		const event = await emgr.emit(new Happened({ n: 1 }));
		await emgr.executeAsyncs();
		expect(calls).toEqual(["sync", "async"]);
		expect(event.errors.map(({ listener, error }) => [listener, (error as Error).message])).toEqual(
			[
				["one", "one"],
				["two", "two"],
				["three", "three"],
				["four", "four"],
			],
		);
		expect(log.of("error")).toHaveLength(4);
		expect(new Happened({ n: 1 }).errors).toEqual([]);
	});

	it("keep the throw of the only listener, with and without a promise", async () => {
		for (const handler of [
			() => Promise.reject(new Error("x")),
			() => {
				throw new Error("x");
			},
		]) {
			const { emgr } = manager();
			emgr.onEvent(Happened, handler, "sync");
			expect((await emgr.emit(new Happened({ n: 1 }))).errors).toHaveLength(1);
		}
	});

	it("are kept of async listeners, too, once they have run, whatever the event is", async () => {
		const { emgr } = manager();
		const error = new Error("x");
		emgr.onEvent(Plain, () => Promise.reject(error), { id: "late" });
		const event = await emgr.emit(new Plain({ n: 1 }));
		expect(event.errors).toEqual([]);
		await emgr.executeAsyncs();
		expect(event.errors).toEqual([{ listener: "late", error }]);
		const settled = await emgr.emit(Plain, { n: 2 }, { settle: true });
		expect(settled.errors).toEqual([{ listener: "late", error }]);
	});
});

describe("async listeners", () => {
	it("are isolated from each other and from the emitter", async () => {
		const observed: unknown[] = [];
		const { emgr } = manager({ onError: (_event, error) => void observed.push(error) });
		const calls: string[] = [];
		const own: unknown[] = [];
		const thrown = new Error("thrown");
		const rejected = new Error("rejected");
		emgr.onEvent(
			Plain,
			() => {
				throw thrown;
			},
			{ onError: (_event, error) => void own.push(error) },
		);
		emgr.onEvent(Plain, () => Promise.reject(rejected), { id: "rejects" });
		emgr.onEvent(Plain, () => void calls.push("third"));
		await emgr.emit(new Plain({ n: 1 }));
		expect(calls).toEqual([]);
		await emgr.executeAsyncs();
		expect(calls).toEqual(["third"]);
		expect(observed).toEqual([thrown, rejected]);
		expect(own).toEqual([thrown]);
		expect(emgr.listenerOf(rejected)).toBe("rejects");
	});

	it("run in parallel", async () => {
		const { emgr } = manager();
		const gate = signal();
		const steps: string[] = [];
		emgr.onEvent(Plain, async () => {
			await gate.promise;
			steps.push("first");
		});
		emgr.onEvent(Plain, () => {
			steps.push("second");
			gate.resolve();
		});
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.executeAsyncs();
		expect(steps).toEqual(["second", "first"]);
	});

	it.each([
		() => {
			throw new Error("observer");
		},
		() => Promise.reject(new Error("observer")),
	])("a flush survives an observer that throws, or rejects", async (onError) => {
		const { emgr, log } = manager({ onError: onError as () => void });
		emgr.onEvent(Plain, () => Promise.reject(new Error("x")));
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.executeAsyncs();
		expect(log.of("error")).toEqual(["An observer of failures failed itself."]);
	});

	it("are waited for with settle, and still can't reject", async () => {
		const { emgr, log } = manager();
		const calls: string[] = [];
		emgr.onEvent(Plain, async () => {
			await Promise.resolve();
			calls.push("done");
		});
		emgr.onEvent(Plain, () => Promise.reject(new Error("x")));
		await emgr.emit(new Plain({ n: 1 }), undefined, { settle: true });
		expect(calls).toEqual(["done"]);
		expect(log.of("error")).toHaveLength(1);
		emgr.onEvent(Plain, async () => {}, "sync");
		await emgr.emit(Plain, { n: 1 }, { settle: true });
		expect(calls).toEqual(["done", "done"]);
		expect(emgr.pending).toBe(0);
	});
});

describe("a snapshot", () => {
	it("keeps what is added and removed during an emit out of it", async () => {
		for (const wait of [undefined, Promise.resolve()]) {
			const { emgr } = manager();
			const calls: string[] = [];
			const removed = (): void => void calls.push("removed");
			emgr.onEvent(
				Plain,
				(): void | Promise<void> => {
					emgr.off(Plain, removed);
					emgr.onEvent(Plain, () => void calls.push("added"), "sync");
					emgr.onEvent(Plain, () => void calls.push("added async"));
					return wait;
				},
				{ mode: "sync", once: true },
			);
			emgr.onEvent(Plain, removed, "sync");
			await emgr.emit(new Plain({ n: 1 }));
			expect(calls).toEqual(["removed"]);
			await emgr.emit(new Plain({ n: 2 }));
			await emgr.executeAsyncs();
			expect(calls).toEqual(["removed", "added", "added async"]);
		}
	});
});

describe("emit", () => {
	it("always returns a promise; dispatch only when a handler returned one", async () => {
		const { emgr } = manager();
		const event = new Plain({ n: 1 });
		expect(emgr.emit(event)).toBeInstanceOf(Promise);
		expect(emgr.dispatch(event)).toBe(event);
		const plain = emgr.onEvent(Plain, () => {}, "sync");
		expect(emgr.emit(event)).toBeInstanceOf(Promise);
		expect(emgr.dispatch(event)).toBe(event);
		plain.unsubscribe();
		emgr.onEvent(
			Plain,
			() => {
				throw new Error("now");
			},
			{ mode: "sync", id: "x" },
		);
		expect(() => emgr.dispatch(event)).toThrow("now");
		await expect(emgr.emit(event)).rejects.toThrow("now");
		emgr.onEvent(Plain, async () => {}, { mode: "sync", id: "x" });
		expect(emgr.dispatch(event)).toBeInstanceOf(Promise);
	});

	it("keeps falsy params, by class, by name and ad hoc", async () => {
		const Value = defineEvent<unknown>("some.value");
		const emgr = new EventManager([Value]);
		const heard: unknown[] = [];
		emgr.on("some.*", (event) => void heard.push(event.params), "sync");
		for (const value of [0, "", false, null]) {
			await emgr.emit(Value, value);
			await emgr.emit("some.value", value);
			await emgr.emit("some.other", value);
		}
		expect(heard).toEqual([0, 0, 0, "", "", "", false, false, false, null, null, null]);
	});

	it("by name makes the registered class, or an ad-hoc event of a dotted name", async () => {
		const { emgr } = manager();
		expect(await emgr.emit("plain", { n: 1 })).toBeInstanceOf(Plain);
		const event = await emgr.emit("order.paid", { id: "a" });
		expect(event).toBeInstanceOf(AdHocEvent);
		expect([event.slug, event.topic, event.params]).toEqual([
			"order.paid",
			"order.paid",
			{ id: "a" },
		]);
		expect(await failure(() => emgr.emit("plane", {}))).toMatchObject({ code: "unknown_event" });
	});

	it("refuses names that are empty, malformed, or look like a pattern", async () => {
		const { emgr } = manager();
		emgr.onAny(() => {}, "sync");
		for (const name of ["", "a..b", "user.*", "*", "a.(b|c)", ".a", `a.${"x".repeat(300)}`]) {
			expect(await failure(() => emgr.emit(name, 1))).toMatchObject({
				code: "bad_event_name",
				kind: "invalid",
			});
		}
	});

	it("refuses a reply to an ad-hoc event", async () => {
		const { emgr, log } = manager();
		emgr.on("order.paid", () => ({ id: "changed" }), "sync");
		expect((await emgr.emit("order.paid", { id: "a" })).params).toEqual({ id: "a" });
		expect(log.of("warn")).toHaveLength(1);
	});

	it("calls a params function once, and only when somebody listens", async () => {
		const { emgr } = manager();
		const make = vi.fn<() => { n: number }>(() => ({ n: 1 }));
		for (const emit of [
			() => emgr.emit(Plain, make),
			() => emgr.emit("plain", make),
			() => emgr.emit("ad.hoc", make),
		]) {
			make.mockClear();
			const unheard = await emit();
			expect(make).not.toHaveBeenCalled();
			expect([unheard.params, unheard.params]).toEqual([{ n: 1 }, { n: 1 }]);
			expect(make).toHaveBeenCalledTimes(1);
			make.mockClear();
			const subscriptions = [1, 2].map(() => emgr.onAny(() => {}, "sync"));
			expect((await emit()).params).toEqual({ n: 1 });
			expect(make).toHaveBeenCalledTimes(1);
			for (const subscription of subscriptions) subscription.unsubscribe();
		}
	});

	it("rejects with what a params function throws", async () => {
		const { emgr } = manager();
		emgr.onAny(() => {}, "sync");
		await expect(
			emgr.emit(Plain, () => {
				throw new Error("no params");
			}),
		).rejects.toThrow("no params");
	});

	it("gives the event path, meta and the signal of its options", async () => {
		const { emgr } = manager();
		const abort = new AbortController();
		const event = await emgr.emit(
			Plain,
			{ n: 1 },
			{ path: "things/1", meta: { why: "test" }, signal: abort.signal },
		);
		expect([event.path, event.context.meta, event.context.signal]).toEqual([
			"things/1",
			{ why: "test" },
			abort.signal,
		]);
	});

	it("refuses an empty path", async () => {
		const { emgr } = manager();
		expect(await failure(() => emgr.emit(Plain, { n: 1 }, { path: "" }))).toMatchObject({
			code: "bad_event_path",
			kind: "invalid",
			retryable: false,
		});
	});

	it("rejects with the signal's reason, before and between listeners", async () => {
		const { emgr } = manager();
		const abort = new AbortController();
		const reason = new Error("gone");
		const later = vi.fn<() => void>();
		emgr.onEvent(Plain, async () => abort.abort(reason), { mode: "sync", id: "first" });
		emgr.onEvent(Plain, later, "sync");
		emgr.onEvent(Plain, later);
		const options = { signal: abort.signal };
		expect(await failure(() => emgr.emit(Plain, { n: 1 }, options))).toBe(reason);
		expect(await failure(() => emgr.emit(Plain, { n: 1 }, options))).toBe(reason);
		await emgr.executeAsyncs();
		expect(later).not.toHaveBeenCalled();
	});

	it("rejects at once, whatever the listener that it waits for does", async () => {
		const { emgr } = manager();
		const abort = new AbortController();
		const hanging = signal();
		const later = vi.fn<() => void>();
		emgr.onEvent(Plain, () => hanging.promise, "sync");
		emgr.onEvent(Plain, later, "sync");
		const emitted = failure(() => emgr.emit(Plain, { n: 1 }, { signal: abort.signal }));
		abort.abort("gone");
		expect(await emitted).toBe("gone");
		hanging.resolve();
		await new Promise((resolve) => setTimeout(resolve, 0));
		expect(later).not.toHaveBeenCalled();
	});

	it("rejects also when the last listener aborts it", async () => {
		for (const wait of [undefined, Promise.resolve()]) {
			const { emgr } = manager();
			const abort = new AbortController();
			emgr.onEvent(
				Plain,
				() => {
					abort.abort(new Error("gone"));
					return wait;
				},
				"sync",
			);
			await expect(emgr.emit(Plain, { n: 1 }, { signal: abort.signal })).rejects.toThrow("gone");
		}
	});
});

describe("timeout", () => {
	it("of a sync listener rejects the emit, aborts its signal and ignores its result", async () => {
		vi.useFakeTimers();
		const { emgr } = manager();
		const late = signal();
		let aborted: AbortSignal | undefined;
		emgr.onEvent(
			Plain,
			(_event, _slug, ctx) => {
				aborted = ctx.signal;
				return late.promise;
			},
			{ mode: "sync", id: "slow", timeout: 100 },
		);
		const emitted = failure(() => emgr.emit(new Plain({ n: 1 })));
		await vi.advanceTimersByTimeAsync(99);
		expect(aborted?.aborted).toBe(false);
		await vi.advanceTimersByTimeAsync(1);
		const error = await emitted;
		expect(error).toMatchObject({ code: "listener_timeout", kind: "unavailable", retryable: true });
		expect((error as Error).message).toMatch(/"slow".*100 ms/);
		expect(aborted?.aborted).toBe(true);
		late.reject(new Error("too late"));
		await vi.advanceTimersByTimeAsync(0);
	});

	it("of a fact's listener is kept, of an async one reported", async () => {
		vi.useFakeTimers();
		const { emgr, log } = manager();
		const never = new Promise<void>(() => {});
		emgr.onEvent(Happened, () => never, { mode: "sync", timeout: 10, id: "sync" });
		emgr.onEvent(Happened, () => never, { timeout: 10, id: "async" });
		const emitted = emgr.emit(new Happened({ n: 1 }));
		await vi.advanceTimersByTimeAsync(10);
		expect((await emitted).errors).toMatchObject([{ listener: "sync" }]);
		const flushed = emgr.executeAsyncs();
		await vi.advanceTimersByTimeAsync(10);
		await flushed;
		expect(log.lines.map(({ fields }) => fields["listener"])).toEqual(["sync", "async"]);
	});

	it("leaves no timer behind when the listener is in time", async () => {
		vi.useFakeTimers();
		const { emgr } = manager();
		emgr.onEvent(Piped, async () => "b", { mode: "sync", timeout: 1000 });
		emgr.onEvent(Piped, () => "c", { mode: "sync", timeout: 1000 });
		expect((await emgr.emit(new Piped({ text: "a" }))).params.text).toBe("a-b-c");
		expect(vi.getTimerCount()).toBe(0);
	});
});

describe("commit events", () => {
	it("run sync listeners that finish at once", () => {
		const { emgr } = manager();
		const calls: number[] = [];
		emgr.onEvent(Committing, (event) => void calls.push(event.params.n), "sync");
		void emgr.dispatch(new Committing({ n: 1 }));
		expect(calls).toEqual([1]);
	});
});

import { describe, expect, it, vi } from "vitest";
import { defineEvent, Event, EventError, EventManager } from "../../src/events/index.ts";
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
	posts,
	Saving,
	saving,
	signal,
	tags,
} from "./stand-ins.ts";

describe("onEvent", () => {
	it("calls the handler with the event, its slug and a context", async () => {
		const { emgr } = manager({ app: { name: "blog" } });
		const seen: unknown[][] = [];
		emgr.onEvent(Plain, (...args) => void seen.push(args), "sync");
		const event = new Plain({ n: 1 });
		await emgr.emit(event);
		expect(seen).toHaveLength(1);
		expect(seen[0]?.slice(0, 2)).toEqual([event, "plain"]);
		expect(seen[0]?.[2]).toMatchObject({ app: { name: "blog" } });
	});

	it("registers a class that is not registered yet", async () => {
		const emgr = new EventManager();
		expect(emgr.eventExists(Plain)).toBe(false);
		emgr.onEvent(Plain, () => {});
		expect(emgr.eventExists(Plain)).toBe(true);
		expect(emgr.eventExists("plain")).toBe(true);
		expect(emgr.eventExists(new Plain({ n: 1 }))).toBe(true);
		await emgr.emit(new Other());
		expect(emgr.eventExists("other")).toBe(true);
	});

	it("refuses a second class with the same slug", () => {
		class Plain2 extends Event<string> {
			static override slug = "plain";
		}
		const { emgr } = manager();
		expect(() => emgr.onEvent(Plain2, () => {})).toThrow(
			expect.objectContaining({ code: "duplicate_slug", kind: "conflict" }),
		);
		expect(() => emgr.registerEvents([Plain2])).toThrow(/Plain and Plain2/);
		expect(() => emgr.dispatch(new Plain2("x"))).toThrow(EventError);
	});

	it("refuses a class without a slug, or with one that looks like a pattern", () => {
		class Nameless extends Event {}
		const { emgr } = manager();
		expect(() => emgr.onEvent(Nameless, () => {})).toThrow(
			expect.objectContaining({ code: "bad_event_name", kind: "invalid" }),
		);
		expect(() => defineEvent("a.*")).toThrow(
			expect.objectContaining({ code: "bad_event_name", kind: "invalid" }),
		);
		expect(() => defineEvent("")).toThrow(/empty/);
	});

	it("registers records, arrays and single classes", () => {
		const emgr = new EventManager({ Plain }).registerEvents([Other]).registerEvent(Happened);
		expect([Plain, Other, Happened].every((one) => emgr.eventExists(one))).toBe(true);
		emgr.registerEvents({ Plain, Other });
	});

	for (const [config, reason] of [
		[{ mode: "later" }, "mode"],
		[{ order: Number.NaN }, "order"],
		[{ id: "" }, "id is empty"],
		[{ path: "" }, "path is empty"],
		[{ timeout: 0 }, "timeout"],
		[{ timeout: Number.NaN }, "timeout"],
		[{ timeout: Infinity }, "timeout"],
		[{ timeout: 2 ** 31 }, "timeout"],
		[{ entity: [] }, "no entity"],
		[{ where: 5 }, "where"],
	] as const) {
		it(`refuses ${JSON.stringify(config)}`, () => {
			const { emgr } = manager();
			expect(() => emgr.onEvent(Saving, () => {}, config as never)).toThrow(
				expect.objectContaining({
					code: "bad_listener",
					kind: "invalid",
					message: expect.stringContaining(reason) as string,
				}),
			);
			expect(emgr.getListeners()).toEqual([]);
		});
	}

	it("refuses a handler that is not a function, and an empty list of events", () => {
		const { emgr } = manager();
		expect(() => emgr.onEvent(Plain, undefined as never)).toThrow(/handler is not a function/);
		expect(() => emgr.on([], () => {})).toThrow(EventError);
	});
});

describe("on", () => {
	it("says so when there is no class or name at all, as with imports in a circle", async () => {
		const { emgr } = manager();
		expect(() => emgr.onEvent(undefined as never, () => {})).toThrow(
			expect.objectContaining({ code: "bad_pattern" }) as Error,
		);
		expect(await failure(() => emgr.emit(undefined as never))).toMatchObject({
			code: "bad_event_name",
		});
	});

	it("names an undotted slug that is not registered, and the nearest one that is", () => {
		const { emgr } = manager();
		expect(() => emgr.on("hapened", () => {})).toThrow(
			expect.objectContaining({
				code: "unknown_event",
				kind: "invalid",
				message: expect.stringMatching(/"hapened".*Did you mean happened\?/) as string,
			}),
		);
		expect(() => emgr.on("nothing-like-it", () => {})).toThrow(/"nothing-like-it"[^?]*$/);
		expect(() => emgr.on(["plain", "nope"], () => {})).toThrow(/"nope"/);
		expect(emgr.getListeners()).toEqual([]);
	});

	it("reports a bad pattern at once, never at emit", async () => {
		const { emgr } = manager();
		expect(() => emgr.on("a.[*(", () => {})).toThrow(
			expect.objectContaining({ code: "bad_pattern", kind: "invalid" }),
		);
		await emgr.emit(new Plain({ n: 1 }));
	});

	it("takes slugs, topics, globs, and dotted names that nobody registered", async () => {
		const { emgr } = manager();
		const heard: string[] = [];
		for (const ref of ["plain", "data.posts.save.before", "data.**", "data.*.save.*", "a.b"]) {
			emgr.on(ref, (_event, slug) => void heard.push(`${ref}: ${slug}`), "sync");
		}
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.emit(saving(posts));
		await emgr.emit(saving(tags));
		await emgr.emit("a.b", 1);
		expect(heard).toEqual([
			"plain: plain",
			"data.posts.save.before: saving",
			"data.**: saving",
			"data.*.save.*: saving",
			"data.**: saving",
			"data.*.save.*: saving",
			"a.b: a.b",
		]);
	});

	it("calls a listener of several refs once, however many of them match", async () => {
		const { emgr } = manager();
		const heard: string[] = [];
		emgr.on(
			["plain", "p*", "*", "saving", "data.**"],
			(_event, slug) => void heard.push(slug),
			"sync",
		);
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.emit(saving(posts));
		expect(heard).toEqual(["plain", "saving"]);
	});

	it("hears dotted names that become a class later", async () => {
		const { emgr } = manager();
		const heard: unknown[] = [];
		emgr.on("order.paid", (event) => void heard.push(event.params), "sync");
		await emgr.emit("order.paid", 1);
		const OrderPaid = defineEvent<number>("order.paid");
		await emgr.emit(OrderPaid, 2);
		await emgr.emit("order.paid", 3);
		expect(heard).toEqual([1, 2, 3]);
	});
});

describe("onAny", () => {
	it("hears everything, also events registered later", async () => {
		const emgr = new EventManager();
		const heard: string[] = [];
		emgr.onAny((_event, slug) => void heard.push(slug), "sync");
		emgr.registerEvent(Plain);
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.emit(new Other());
		await emgr.emit("some.name", {});
		expect(heard).toEqual(["plain", "other", "some.name"]);
	});

	it("with once hears one event in total", async () => {
		const { emgr } = manager();
		const heard: string[] = [];
		emgr.onAny((_event, slug) => void heard.push(slug), { mode: "sync", once: true });
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.emit(new Other());
		expect(heard).toEqual(["plain"]);
	});
});

describe("once", () => {
	it("is spent when its handler is called", async () => {
		const { emgr } = manager();
		const calls: number[] = [];
		const subscription = emgr.once(Plain, (event) => void calls.push(event.params.n), "sync");
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.emit(new Plain({ n: 2 }));
		expect(calls).toEqual([1]);
		expect(subscription.active).toBe(false);
		expect(emgr.has(Plain)).toBe(false);
	});

	it("is spent also when its handler throws", async () => {
		const { emgr } = manager();
		const handler = vi.fn<() => void>(() => {
			throw new Error("no");
		});
		emgr.once(Plain, handler, "sync");
		await failure(() => emgr.emit(new Plain({ n: 1 })));
		await emgr.emit(new Plain({ n: 2 }));
		expect(handler).toHaveBeenCalledTimes(1);
	});

	it("is spent when an async call is queued, not when the emit aborts before", async () => {
		const { emgr } = manager();
		const calls: number[] = [];
		let refuse = true;
		emgr.once(Plain, (event) => void calls.push(event.params.n));
		emgr.onEvent(
			Plain,
			() => {
				if (refuse) throw new Error("refused");
			},
			"sync",
		);
		await failure(() => emgr.emit(new Plain({ n: 1 })));
		refuse = false;
		await emgr.emit(new Plain({ n: 2 }));
		await emgr.emit(new Plain({ n: 3 }));
		await emgr.executeAsyncs();
		expect(calls).toEqual([2]);
	});

	it("is not spent by an earlier listener's throw or stop", async () => {
		const { emgr } = manager();
		const calls: number[] = [];
		emgr.onEvent(
			Plain,
			(event) => {
				if (event.params.n === 1) throw new Error("refused");
				if (event.params.n === 2) event.stop();
			},
			"sync",
		);
		emgr.once(Plain, (event) => void calls.push(event.params.n), "sync");
		await failure(() => emgr.emit(new Plain({ n: 1 })));
		for (const n of [2, 3, 4]) await emgr.emit(new Plain({ n }));
		expect(calls).toEqual([3]);
	});

	it("is not spent by a where, path or entity that says no", async () => {
		const { emgr } = manager();
		const calls: string[] = [];
		const record = (event: AnyEvent): void => void calls.push(event.path ?? "");
		emgr.once(Saving, record, { mode: "sync", where: (event) => event.path === "tags/2" });
		emgr.once(Saving, record, { mode: "sync", path: "posts/9" });
		emgr.once(Saving, record, { mode: "sync", entity: "comments" });
		await emgr.emit(saving(posts, 1));
		expect(emgr.getListeners()).toHaveLength(3);
		await emgr.emit(saving(tags, 2));
		await emgr.emit(saving(posts, 9));
		await emgr.emit(saving({ name: "comments" }, 3));
		expect(calls).toEqual(["tags/2", "posts/9", "comments/3"]);
		expect(emgr.getListeners()).toHaveLength(0);
	});

	it("hears only one of two emits that run at the same time", async () => {
		const { emgr } = manager();
		const calls: number[] = [];
		emgr.onEvent(Plain, async () => {}, "sync");
		emgr.once(Plain, (event) => void calls.push(event.params.n), "sync");
		await Promise.all([emgr.emit(new Plain({ n: 1 })), emgr.emit(new Plain({ n: 2 }))]);
		expect(calls).toEqual([1]);
	});
});

describe("off and Subscription", () => {
	it("unsubscribes only itself, however often it is called", async () => {
		const { emgr } = manager();
		const handler = vi.fn<() => void>();
		const first = emgr.onEvent(Plain, handler, "sync");
		const second = emgr.onEvent(Plain, handler, "sync");
		expect(first.id).not.toBe(second.id);
		first.unsubscribe();
		first.unsubscribe();
		expect([first.active, second.active]).toEqual([false, true]);
		await emgr.emit(new Plain({ n: 1 }));
		expect(handler).toHaveBeenCalledTimes(1);
	});

	it("ends with a using block, and with an aborted signal", () => {
		const { emgr } = manager();
		const abort = new AbortController();
		{
			using subscription = emgr.onEvent(Plain, () => {});
			expect(subscription.active).toBe(true);
		}
		emgr.onEvent(Plain, () => {}, { signal: abort.signal });
		expect(emgr.has(Plain)).toBe(true);
		abort.abort();
		expect(emgr.has(Plain)).toBe(false);
		expect(emgr.onEvent(Plain, () => {}, { signal: abort.signal }).active).toBe(false);
		expect(emgr.has(Plain)).toBe(false);
	});

	it("lets go of its signal when it ends before", () => {
		const { emgr } = manager();
		const { signal } = new AbortController();
		const left = new Set<unknown>();
		signal.addEventListener = (_type: string, listener: unknown) => void left.add(listener);
		signal.removeEventListener = (_type: string, listener: unknown) => void left.delete(listener);
		const subscription = emgr.onEvent(Plain, () => {}, { signal });
		expect(left.size).toBe(1);
		subscription.unsubscribe();
		expect(left.size).toBe(0);
	});

	it("off removes by ref and handler, or all of a ref", async () => {
		const { emgr } = manager();
		const kept = vi.fn<() => void>();
		const gone = vi.fn<() => void>();
		emgr.onEvent(Plain, gone, "sync");
		emgr.on("plain", kept, "sync");
		emgr.off(Plain, gone);
		emgr.off("plain", () => {});
		emgr.off("never.heard.of");
		await emgr.emit(new Plain({ n: 1 }));
		expect([kept.mock.calls.length, gone.mock.calls.length]).toEqual([1, 0]);
		emgr.off(Plain);
		expect(emgr.has(Plain)).toBe(false);
	});

	it("off takes a pattern verbatim and finds the handler of a once", () => {
		const { emgr } = manager();
		const handler = (): void => {};
		emgr.once("data.**", handler);
		emgr.onAny(handler);
		emgr.off("data.*", handler);
		expect(emgr.getListeners()).toHaveLength(2);
		emgr.off("data.**", handler);
		expect(emgr.getListeners().map(({ refs }) => refs)).toEqual([["*"]]);
		emgr.off("*", handler);
		expect(emgr.getListeners()).toEqual([]);
	});

	it("off takes one ref of several away, and the listener with the last", async () => {
		const { emgr } = manager();
		const heard: string[] = [];
		const subscription = emgr.on(
			["plain", "other", "a.*"],
			(_event, slug) => void heard.push(slug),
			"sync",
		);
		emgr.off("plain");
		emgr.off("a.*");
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.emit("a.b");
		await emgr.emit(new Other());
		expect(heard).toEqual(["other"]);
		emgr.off("other");
		expect(subscription.active).toBe(false);
	});
});

describe("id", () => {
	it("replaces the listener of the same id, which keeps its turn", async () => {
		const { emgr } = manager();
		const calls: string[] = [];
		const old = emgr.onEvent(Plain, () => void calls.push("old"), { mode: "sync", id: "a" });
		emgr.onEvent(Plain, () => void calls.push("b"), { mode: "sync", id: "b" });
		const now = emgr.onEvent(Plain, () => void calls.push("new"), { mode: "sync", id: "a" });
		old.unsubscribe();
		expect([old.active, now.active]).toEqual([false, true]);
		await emgr.emit(new Plain({ n: 1 }));
		expect(calls).toEqual(["new", "b"]);
	});

	it("replaces across events, since ids are unique", () => {
		const { emgr } = manager();
		emgr.onEvent(Plain, () => {}, { id: "a" });
		emgr.onEvent(Other, () => {}, { id: "a" });
		expect([emgr.has(Plain), emgr.has(Other)]).toEqual([false, true]);
	});

	it("keeps the old listener when the new one is refused", () => {
		const { emgr } = manager();
		emgr.onEvent(Plain, () => {}, { id: "a" });
		expect(() => emgr.on("unknown", () => {}, { id: "a" })).toThrow(EventError);
		expect(emgr.has(Plain)).toBe(true);
	});
});

describe("order", () => {
	it("runs ascending, ties in order of registration, whatever they are registered as", async () => {
		const { emgr } = manager();
		const calls: string[] = [];
		const add = (name: string, order?: number) => ({
			handler: () => void calls.push(name),
			config: { mode: "sync" as const, ...(order === undefined ? {} : { order }) },
		});
		for (const [ref, { handler, config }] of [
			["*", add("any 0")],
			["plain", add("slug 5", 5)],
			["pl*", add("glob 0")],
			["plain", add("slug 0", 0)],
			["plain", add("slug -1", -1)],
			["*", add("last", Infinity)],
			["*", add("first", -Infinity)],
			["plain", add("slug 5 again", 5)],
		] as const) {
			emgr.on(ref, handler, config);
		}
		await emgr.emit(new Plain({ n: 1 }));
		expect(calls).toEqual([
			"first",
			"slug -1",
			"any 0",
			"glob 0",
			"slug 0",
			"slug 5",
			"slug 5 again",
			"last",
		]);
	});
});

describe("entity, path and where", () => {
	it("narrows to an entity given by name, object, table or several", async () => {
		const table = {};
		const { emgr } = manager({ entityName: (ref) => (ref === table ? "posts" : undefined) });
		const heard: string[] = [];
		for (const [name, entity] of [
			["name", "posts"],
			["object", posts],
			["table", table],
			["array", ["comments", posts]],
			["other", tags],
			["unknown", {}],
		] as const) {
			emgr.onEvent(Saving, () => void heard.push(name), { mode: "sync", entity });
		}
		await emgr.emit(saving(posts));
		expect(heard).toEqual(["name", "object", "table", "array"]);
		expect([emgr.has(Saving, "posts"), emgr.has(Saving, "tags"), emgr.has(Saving, "x")]).toEqual([
			true,
			true,
			false,
		]);
		expect(emgr.has(Saving)).toBe(true);
	});

	it("with an entity hears no event without one", async () => {
		const { emgr } = manager();
		const handler = vi.fn<() => void>();
		emgr.on("*", handler, { mode: "sync", entity: "posts" });
		expect(emgr.has(Plain)).toBe(false);
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.emit("a.b");
		await emgr.emit(saving(posts));
		expect(handler).toHaveBeenCalledTimes(1);
	});

	it("counts a topic of some entity as interest in the class", () => {
		const { emgr } = manager();
		const subscription = emgr.on("data.posts.save.before", () => {}, "sync");
		expect([emgr.has(Saving), emgr.has(Saving, "posts"), emgr.has(Saving, "tags")]).toEqual([
			true,
			true,
			false,
		]);
		subscription.unsubscribe();
		expect([emgr.has(Saving), emgr.has(Saving, "posts")]).toEqual([false, false]);
		emgr.on("data.posts.**", () => {}, "sync");
		emgr.on("media.**", () => {}, "sync");
		expect([emgr.has(Saving), emgr.has(Saving, "tags"), emgr.has(Plain)]).toEqual([
			true,
			false,
			false,
		]);
	});

	it("asks for the path before where, and where only for what is left", async () => {
		const { emgr } = manager();
		const asked: string[] = [];
		const handler = vi.fn<() => void>();
		emgr.onEvent(Saving, handler, {
			mode: "sync",
			entity: posts,
			path: "posts/2",
			where: (event) => {
				asked.push(event.path ?? "");
				return true;
			},
		});
		await emgr.emit(saving(tags, 2));
		await emgr.emit(saving(posts, 1));
		await emgr.emit(saving(posts, 2));
		expect(asked).toEqual(["posts/2"]);
		expect(handler).toHaveBeenCalledTimes(1);
	});

	it("takes the path that the emitter gives", async () => {
		const { emgr } = manager();
		const handler = vi.fn<() => void>();
		emgr.onEvent(Plain, handler, { mode: "sync", path: "things/1" });
		await emgr.emit(Plain, { n: 1 });
		await emgr.emit(Plain, { n: 1 }, { path: "things/2" });
		await emgr.emit(Plain, { n: 1 }, { path: "things/1" });
		await emgr.emit(new Plain({ n: 1 }), undefined, { path: "things/1" });
		expect(handler).toHaveBeenCalledTimes(2);
	});

	it("treats a throw of where like one of the handler", async () => {
		const { emgr, log } = manager();
		const where = (): boolean => {
			throw new Error("where");
		};
		const subscription = emgr.onEvent(Plain, () => {}, { mode: "sync", where });
		expect(await failure(() => emgr.emit(new Plain({ n: 1 })))).toMatchObject({ message: "where" });
		subscription.unsubscribe();
		emgr.onEvent(Plain, () => {}, { where });
		await emgr.emit(new Plain({ n: 1 }));
		expect(log.of("error")).toEqual(["A listener failed."]);
	});

	it("says whether somebody wants the row as it was", () => {
		const { emgr } = manager();
		expect(emgr.wantsPrevious(Saving, "posts")).toBe(false);
		emgr.onEvent(Saving, () => {}, { entity: posts, previous: true });
		expect([emgr.wantsPrevious(Saving, "posts"), emgr.wantsPrevious(Saving, "tags")]).toEqual([
			true,
			false,
		]);
	});
});

describe("commit events", () => {
	it("refuse async listeners, by class, slug, glob, or as the default mode", () => {
		const { emgr } = manager();
		const refused = expect.objectContaining({ code: "sync_only", kind: "invalid" }) as unknown;
		expect(() => emgr.onEvent(Committing, () => {})).toThrow(refused as Error);
		expect(() => emgr.onEvent(Committing, () => {}, "async")).toThrow(refused as Error);
		expect(() => emgr.on("committing", () => {}, {})).toThrow(refused as Error);
		expect(() => emgr.on("comm*", () => {})).toThrow(refused as Error);
		emgr.onEvent(Committing, () => {}, "sync");
	});

	it("are not heard by async listeners of a glob", async () => {
		const { emgr } = manager();
		const handler = vi.fn<() => void>();
		emgr.onAny(handler);
		expect(emgr.has(Committing)).toBe(false);
		await emgr.emit(new Committing({ n: 1 }));
		await emgr.executeAsyncs();
		expect(handler).not.toHaveBeenCalled();
	});

	it("refuse a promise, whose rejection goes nowhere", async () => {
		const { emgr } = manager();
		emgr.onEvent(Committing, () => Promise.reject(new Error("late")), { mode: "sync", id: "slow" });
		const error = await failure(() => emgr.dispatch(new Committing({ n: 1 })));
		expect(error).toMatchObject({ code: "promise_in_commit" });
		expect((error as Error).message).toContain('"slow"');
	});
});

describe("explain and getListeners", () => {
	it("shows every event with its listeners as they run", () => {
		const { emgr } = manager({}, [Plain, Saving]);
		void emgr.withSource("audit", () => {
			emgr.onAny(() => {}, { id: "any", mode: "sync", order: 9 });
		});
		emgr.onEvent(Saving, () => {}, { id: "slow", entity: [posts, "tags"], where: () => true });
		emgr.on(["plain", "open.name"], () => {}, { id: "two", mode: "sync", once: true, path: "x" });
		const any = {
			id: "any",
			mode: "sync",
			order: 9,
			refs: ["*"],
			where: false,
			once: false,
			source: "audit",
		};
		const two = {
			id: "two",
			mode: "sync",
			order: 0,
			refs: ["plain", "open.name"],
			path: "x",
			where: false,
			once: true,
			source: "app",
		};
		const slow = {
			id: "slow",
			mode: "async",
			order: 0,
			refs: ["saving"],
			entity: ["posts", "tags"],
			where: true,
			once: false,
			source: "app",
		};
		expect(emgr.explain()).toEqual([
			{ event: "plain", listeners: [two, any] },
			{ event: "saving", topic: "data.*.save.before", listeners: [any, slow] },
			{ event: "open.name", listeners: [two, any] },
		]);
		expect(emgr.explain(Plain).map(({ event }) => event)).toEqual(["plain"]);
		expect(emgr.explain("o*.**").map(({ event }) => event)).toEqual(["open.name"]);
		expect(emgr.getListeners().map(({ id }) => id)).toEqual(["any", "slow", "two"]);
	});

	it("removes what a source registered, also after an await", async () => {
		const { emgr } = manager();
		emgr.onEvent(Plain, () => {}, { id: "app" });
		await emgr.withSource("plugin", async () => {
			emgr.onEvent(Plain, () => {}, { id: "first" });
			await Promise.resolve();
			emgr.onEvent(Plain, () => {}, { id: "second" });
		});
		expect(() =>
			emgr.withSource("plugin", () => {
				throw new Error("build failed");
			}),
		).toThrow("build failed");
		emgr.onEvent(Plain, () => {}, { id: "later" });
		emgr.offSource("plugin");
		expect(emgr.getListeners().map(({ id, source }) => `${source} ${id}`)).toEqual([
			"app app",
			"app later",
		]);
	});

	it("knows the source of a listener also when two sources register at the same time", async () => {
		const { emgr } = manager();
		const [first, second] = [signal(), signal()];
		const one = emgr.withSource("one", () => first.promise);
		const two = emgr.withSource("two", () => second.promise);
		first.resolve();
		await one;
		emgr.onEvent(Plain, () => {}, { id: "during two" });
		second.resolve();
		await two;
		emgr.onEvent(Plain, () => {}, { id: "after both" });
		expect(emgr.getListeners().map(({ source }) => source)).toEqual(["two", "app"]);
	});

	it("takes listeners as data", async () => {
		const handler = vi.fn<() => void>();
		const { emgr } = manager({
			listeners: [
				{ ref: Anything, handler, config: "sync" },
				{ ref: "p*", handler },
			],
		});
		expect(emgr.getListeners().map(({ mode, refs }) => [mode, ...refs])).toEqual([
			["sync", "anything"],
			["async", "p*"],
		]);
		await emgr.emit(new Piped({ text: "a" }));
		await emgr.executeAsyncs();
		expect(handler).toHaveBeenCalledTimes(1);
	});
});

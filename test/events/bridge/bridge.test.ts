import { afterEach, describe, expect, it, vi } from "vitest";
import { EventManager, InProcessBus, defineEvent } from "../../../src/events/index.ts";
import type {
	AnyEvent,
	BridgeOptions,
	EventAdapter,
	EventEnvelope,
} from "../../../src/events/index.ts";
import { z } from "zod";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import {
	Closing,
	Committing,
	failure,
	LocalSaving,
	manager,
	Piped,
	Plain,
	posts,
	Saving,
	signal,
	storage,
	wrong,
} from "../stand-ins.ts";

afterEach(() => {
	vi.useRealTimers();
});

const envelope = {
	specversion: "1.0",
	id: "remote-1",
	source: "/other",
	type: "order.paid",
	time: "2026-11-01T12:00:00Z",
	data: { n: 1 },
	origin: "another",
};

/** An adapter whose other end a test holds. */
function held(adapter: Partial<EventAdapter> = {}) {
	const sent: EventEnvelope[] = [];
	let receive: (input: unknown) => void = () => {};
	return {
		sent,
		receive: (input: unknown) => receive(input),
		adapter: {
			publish: (one) => void sent.push(one),
			subscribe: (callback) => void (receive = callback),
			...adapter,
		} satisfies EventAdapter,
	};
}

/** Two managers on one bus. */
function pair(ref: string = "**") {
	const bus = new InProcessBus();
	const [a, b] = [manager(), manager()];
	const bridges = [a, b].map(({ emgr }) => emgr.connect(bus.adapter(), { publish: ref }));
	return { bus, a: a.emgr, b: b.emgr, logs: [a.log, b.log], bridges };
}

const numberOf = ({ params }: AnyEvent) => (params as { n: number }).n;

describe("a bridge", () => {
	it("carries events to the listeners of another manager, and only those it was told to", async () => {
		const { a, b } = pair("order.*");
		const heard: AnyEvent[] = [];
		const paid = b.next("order.paid");
		b.onAny((event) => void heard.push(event), "sync");
		await a.emit("user.created", { n: 0 });
		const sent = await a.emit("order.paid", { n: 1 }, { path: "orders/1" });
		const event = await paid;
		expect(heard).toEqual([event]);
		expect(event).toMatchObject({ slug: "order.paid", path: "orders/1", params: { n: 1 } });
		expect(event.context.id).toBe(sent.context.id);
		expect(event.context.time).toBe(sent.context.time);
		expect(event.context.meta).toEqual({ origin: expect.any(String), source: "burdock" });
		expect(event.context.causation).toMatchObject({ rootId: sent.context.id, depth: 0 });
	});

	it("publishes the event as sync listeners left it, and not one that was refused", async () => {
		const { emgr } = manager();
		const { adapter, sent } = held();
		emgr.connect(adapter, { publish: Piped });
		emgr.onEvent(Piped, () => "b", { mode: "sync", once: true });
		await emgr.emit(new Piped({ text: "a" }));
		emgr.onEvent(
			Piped,
			() => {
				throw new Error("no");
			},
			"sync",
		);
		await failure(() => emgr.emit(new Piped({ text: "c" })));
		expect(sent.map(({ data }) => data)).toEqual([{ text: "a-b" }]);
	});

	it("runs sync and async listeners, each event in a scope of its own", async () => {
		const { emgr } = manager({ context: storage() });
		const { adapter, receive } = held();
		emgr.connect(adapter, { publish: "order.*", source: "/here" });
		const ran: unknown[] = [];
		emgr.on("order.paid", (event) => void ran.push(["async", event.context.meta]));
		emgr.on("order.paid", (event) => void ran.push(["sync", event.context.meta]), "sync");
		receive(envelope);
		await emgr.drain();
		const meta = { origin: "another", source: "/other" };
		expect(ran).toEqual([
			["sync", meta],
			["async", meta],
		]);
	});

	it("drops its own echo, on all bridges of the manager", async () => {
		const bus = new InProcessBus();
		const { emgr } = manager();
		const other = manager().emgr;
		for (let n = 0; n < 2; n++) emgr.connect(bus.adapter(), { publish: "order.*" });
		other.connect(bus.adapter(), { publish: "order.*", receive: "order.paid" });
		let heard = 0;
		emgr.on("order.paid", () => void heard++, "sync");
		const answered = emgr.next("order.shipped");
		other.once("order.paid", (_, __, { emit }) => emit("order.shipped", {}), "sync");
		await emgr.emit("order.paid", {});
		await answered;
		expect(heard).toBe(1);
	});

	it("does not send on what came in, but what listeners make of it", async () => {
		const { emgr } = manager();
		const [first, second] = [held(), held()];
		for (const { adapter } of [first, second]) emgr.connect(adapter, { publish: "order.*" });
		emgr.on("order.paid", (_, __, { emit }) => emit("order.shipped", {}), "sync");
		first.receive(envelope);
		await emgr.drain();
		for (const { sent } of [first, second]) {
			expect(sent.map(({ type }) => type)).toEqual(["order.shipped"]);
		}
		expect(JSON.parse(first.sent[0]?.causation ?? "")).toEqual(["remote-1", expect.any(String)]);
	});

	it("ends a ping-pong of two managers, as a loop of one ends", async () => {
		const { a, b, bridges } = pair();
		const errors: unknown[] = [];
		const tooDeep = signal();
		for (const [emgr, other] of [
			["ping.sent", "pong.sent"],
			["pong.sent", "ping.sent"],
		].map(([from, to], at) => [at === 0 ? a : b, [from, to]] as const)) {
			const [from = "", to = ""] = other;
			emgr.on(from, async (_, __, { emit }) => {
				await emit(to, {}).catch((error: unknown) => {
					errors.push(error);
					tooDeep.resolve();
				});
			});
		}
		await b.emit("ping.sent", {});
		await tooDeep.promise;
		expect(errors).toEqual([expect.objectContaining({ code: "emit_too_deep" })]);
		const sent = bridges.map(({ counts }) => counts.published);
		expect(sent[0]! + sent[1]!).toBe(17);
	});

	it("makes an event of its class again, checked against the schema", async () => {
		const Counted = defineEvent("count.made", z.object({ n: z.number().default(7) }));
		const { emgr, log } = manager({}, [Plain, Counted]);
		const { adapter, receive } = held();
		emgr.connect(adapter, { publish: [Plain, Counted] });
		const heard: unknown[] = [];
		emgr.onEvent(Plain, (event) => void heard.push(event), "sync");
		emgr.onEvent(Counted, (event) => void heard.push(event.params.n), "sync");
		receive({ ...envelope, type: "plain" });
		receive({ ...envelope, type: "count.made", data: {} });
		receive({ ...envelope, type: "count.made", data: { n: "many" } });
		await emgr.drain();
		expect(heard).toEqual([expect.any(Plain), 7]);
		expect(log.lines).toMatchObject([
			{ level: "error", fields: { event: "count.made", error: { code: "event_invalid" } } },
		]);
	});

	it("gives events of entities an entity: the manager's, or one with its name", async () => {
		const known = { name: "posts", table: "posts" };
		const { emgr, log } = manager({ findEntity: (name) => (name === "posts" ? known : undefined) });
		const { adapter, receive } = held();
		emgr.connect(adapter, { publish: "data.**" });
		const heard: unknown[] = [];
		emgr.onEvent(Saving, (event) => void heard.push(event.params.entity), "sync");
		emgr.onEvent(Saving, (event) => void heard.push(event.path), { mode: "sync", entity: posts });
		const saving = { ...envelope, type: "saving" };
		receive({ ...saving, data: { entity: "posts", data: {}, id: 3 } });
		receive({ ...saving, data: { entity: "tags", data: {} } });
		for (const data of [
			undefined,
			null,
			1,
			[],
			{},
			{ entity: { name: "posts" } },
			{ entity: "" },
		]) {
			receive({ ...saving, data });
		}
		await emgr.drain();
		expect(heard).toEqual([known, "posts/3", { name: "tags" }]);
		expect(log.of("error")).toHaveLength(7);
	});

	it("gives an event of a row its path, also where nobody knows the entity", async () => {
		const known = { name: "posts", pathOf: (id: unknown) => `posts/${String(id)}` };
		const { emgr, log } = manager(
			{ findEntity: (name) => (name === "posts" ? known : undefined) },
			[DatabaseEvents.MutatorInsertAfter],
		);
		const { adapter, receive } = held();
		emgr.connect(adapter, { publish: "none.at.all", receive: "data.**" });
		const paths: unknown[] = [];
		emgr.on("data.**", (event) => void paths.push(event.path), "sync");
		const inserted = { ...envelope, type: "mutator-insert-after" };
		receive({ ...inserted, subject: "tags/1", data: { entity: "tags", entityId: 1, data: {} } });
		receive({ ...inserted, data: { entity: "tags", entityId: 1, data: {} } });
		receive({ ...inserted, subject: "tags/1", data: { entity: "posts", entityId: 2, data: {} } });
		receive({ ...inserted, data: { entity: "posts", entityId: null, data: {} } });
		await emgr.drain();
		expect(paths).toEqual(["tags/1", undefined, "posts/2", undefined]);
		expect(log.lines).toEqual([]);
	});

	it("lets in only what `receive` says, whatever the envelope says of its topic", async () => {
		const { emgr, log } = manager();
		const { adapter, receive } = held();
		const bridge = emgr.connect(adapter, { publish: "**", receive: ["order.*", "data.posts.**"] });
		const heard: string[] = [];
		emgr.onAny((event) => void heard.push(event.topic), "sync");
		receive({ ...envelope, type: "user.created", topic: "order.paid" });
		receive({ ...envelope, type: "plain", topic: "order.paid" });
		receive({ ...envelope, type: "unheard", topic: "order.paid" });
		receive({ ...envelope, type: "saving", data: { entity: "tags", data: {} } });
		receive({ ...envelope, type: "saving", data: { entity: "posts", data: {} } });
		receive(JSON.stringify(envelope));
		await emgr.drain();
		expect(heard).toEqual(["data.posts.save.before", "order.paid"]);
		expect(bridge.counts.received).toBe(2);
		expect(log.lines).toEqual([]);
	});

	it.each(["\0", "posts\0", "posts\n", "posts.x", "*", "(posts|users)", "x".repeat(300)])(
		"takes %j for no entity, whose topic could pass for others",
		async (entity) => {
			const { emgr, log } = manager();
			const { adapter, receive } = held();
			emgr.connect(adapter, { publish: "none.at.all", receive: "data.posts.**" });
			const heard: string[] = [];
			for (const ref of ["**", "data.posts.**", "data.users.*.before"]) {
				emgr.on(ref, (event) => void heard.push(event.topic), "sync");
			}
			receive({ ...envelope, type: "saving", data: { entity, data: {} } });
			await emgr.drain();
			expect(heard).toEqual([]);
			expect(log.of("error")).toHaveLength(1);
		},
	);

	it("reports and drops what it cannot read, and an undotted name that nobody registered", async () => {
		const { emgr, log } = manager();
		const { adapter, receive } = held();
		const bridge = emgr.connect(adapter, { publish: "*" });
		for (const input of [undefined, "{", { ...envelope, type: "plane" }, 1n]) receive(input);
		expect(log.lines.map(({ fields }) => (fields.error as { code: string }).code)).toEqual([
			"bad_envelope",
			"bad_envelope",
			"unknown_event",
			"bad_envelope",
		]);
		expect(String(log.lines[2]?.fields.error)).toContain("Did you mean plain?");
		expect(bridge.counts).toEqual({ published: 0, received: 0, failed: 4 });
	});

	it("reports a class that cannot be made of what came, and a listener that refuses it", async () => {
		class Picky extends Plain {
			static override slug = "picky.made";
			constructor(params: { readonly n: number }) {
				super(params);
				if (params.n === undefined) throw new TypeError("no n");
			}
		}
		const { emgr, log } = manager({}, [Plain, Picky]);
		const { adapter, receive } = held();
		emgr.connect(adapter, { publish: "**" });
		emgr.onEvent(Plain, () => Promise.reject(new Error("refused")), "sync");
		receive({ ...envelope, type: "picky.made", data: {} });
		receive({ ...envelope, type: "plain" });
		await emgr.drain();
		expect(log.lines.map(({ message }) => message)).toEqual([
			"An envelope was dropped.",
			"An event from outside was aborted.",
		]);
	});

	it("neither publishes nor lets in what means something only where it happens", async () => {
		const { emgr, log } = manager({}, [Plain, LocalSaving, Closing]);
		const { adapter, sent, receive } = held();
		const bridge = emgr.connect(adapter, { publish: ["**", "data.*.save.before"] });
		const heard: AnyEvent[] = [];
		await emgr.emit(new Closing());
		await emgr.emit(new LocalSaving({ entity: posts, data: {} }));
		await emgr.emit(new Plain({ n: 1 }));
		expect(sent.map(({ type }) => type)).toEqual(["plain"]);
		emgr.onAny((event) => void heard.push(event), "sync");
		const data = { entity: "posts", data: {} };
		for (const type of ["closing", "app.closing", "local-saving", "data.posts.save.before"]) {
			receive({ ...envelope, type, data });
		}
		receive({ ...envelope, type: "data.posts.saved" });
		await emgr.drain();
		expect(heard.map(({ slug }) => slug)).toEqual(["data.posts.saved"]);
		expect(log.lines.map(({ fields }) => (fields.error as { code: string }).code)).toEqual(
			Array(4).fill("bad_envelope"),
		);
		expect(bridge.counts).toEqual({ published: 1, received: 1, failed: 4 });
	});

	it("does not complain of local events that it would not let in anyway", async () => {
		const { emgr, log } = manager({}, [Closing]);
		const { adapter, receive } = held();
		emgr.connect(adapter, { publish: "order.*" });
		for (const type of ["closing", "app.closing"]) receive({ ...envelope, type });
		expect(log.lines).toEqual([]);
	});

	it.each<readonly [string, BridgeOptions]>([
		["its class", { publish: Closing }],
		["its slug", { publish: "closing" }],
		["its topic", { publish: "app.closing" }],
		["the topic of one entity", { publish: "data.posts.save.before" }],
		["one name of several", { publish: ["order.*", "closing"] }],
		["a name that is let in", { publish: "order.*", receive: ["order.*", Closing] }],
	])("refuses to connect a local event by %s", async (_, options) => {
		const { emgr } = manager({}, [LocalSaving, Closing]);
		const error = await failure(() => emgr.connect(held().adapter, options));
		expect(error).toMatchObject({ code: "bad_adapter", kind: "invalid" });
		expect(String(error)).toMatch(/only in the process/);
		expect(emgr.getListeners()).toEqual([]);
	});

	it("carries an event of the app whose name is the topic of none that is local", async () => {
		const Closed = defineEvent<{ readonly n: number }>("app.closing");
		const { emgr } = manager({}, [Closing, Closed]);
		const { adapter, sent, receive } = held();
		emgr.connect(adapter, { publish: Closed });
		await emgr.emit(Closed, { n: 1 });
		const heard = emgr.next(Closed);
		receive({ ...envelope, type: "app.closing" });
		expect((await heard).params).toEqual({ n: 1 });
		expect(sent).toHaveLength(1);
	});

	it("is of use to one who only listens, and removes what it has registered", async () => {
		const { emgr } = manager();
		const { adapter, sent } = held();
		const bridge = emgr.connect(adapter, { publish: Committing });
		expect(emgr.getListeners()).toMatchObject([{ id: bridge.id, mode: "record" }]);
		emgr.off(Committing);
		emgr.emitSync(new Committing({ n: 1 }));
		expect(sent).toHaveLength(1);
		await bridge.close();
		expect([bridge.active, emgr.getListeners()]).toEqual([false, []]);
	});

	it.each([
		["no adapter", undefined, {}, "bad_adapter"],
		["an adapter that cannot publish", { subscribe: () => {} }, {}, "bad_adapter"],
		["a source that is no URI", { publish: () => {} }, { source: "a b" }, "bad_adapter"],
		["an empty source", { publish: () => {} }, { source: "" }, "bad_adapter"],
		["a pattern to publish", { publish: () => {} }, { publish: "a.(b" }, "bad_pattern"],
		["a pattern to receive", { publish: () => {} }, { receive: "a..b" }, "bad_pattern"],
		["nothing to publish", { publish: () => {} }, { publish: [] }, "bad_listener"],
	] as const)("refuses %s", async (_, adapter, options, code) => {
		const { emgr } = manager();
		const error = await failure(() => emgr.connect(wrong(adapter), { publish: "*", ...options }));
		expect(error).toMatchObject({ code, kind: "invalid" });
		expect(emgr.getListeners()).toEqual([]);
	});
});

describe("a transport that fails", () => {
	const broken: EventAdapter = {
		publish: () => {
			throw new Error("publish");
		},
		subscribe: () => {
			throw new Error("subscribe");
		},
		stop: () => {
			throw new Error("stop");
		},
		history: () => {
			throw new Error("history");
		},
	};
	const rejecting: EventAdapter = {
		publish: () => Promise.reject(new Error("publish")),
		subscribe: () => Promise.reject(new Error("subscribe")),
		stop: () => Promise.reject(new Error("stop")),
	};

	it.each([
		["throws", broken],
		["rejects", rejecting],
	] as const)(
		"and %s in every method harms nobody, and is reported each time",
		async (_, adapter) => {
			const { emgr, log } = manager({ history: {} });
			const heard: number[] = [];
			emgr.onEvent(Plain, (event) => void heard.push(event.params.n), "sync");
			emgr.onEvent(Plain, (event) => void heard.push(-event.params.n));
			const bridge = emgr.connect(adapter, { publish: "**" });
			expect(await failure(() => bridge.ready)).toMatchObject({ code: "adapter_failed" });
			await emgr.emit(new Plain({ n: 1 }));
			await emgr.emit(new Plain({ n: 2 }), undefined, { settle: true });
			await emgr.drain();
			expect(new Set(heard)).toEqual(new Set([-1, -2, 1, 2]));
			expect(await emgr.history()).toHaveLength(2);
			await bridge.close();
			const causes = log.lines.map(({ fields }) => (fields.error as Error).cause as Error);
			expect(causes.map(({ message }) => message)).toEqual([
				"subscribe",
				"publish",
				"publish",
				"stop",
			]);
			expect(bridge.counts.failed).toBe(4);
		},
	);

	it("is told to onError, with the event and the bridge's listener", async () => {
		const told: unknown[] = [];
		const { emgr } = manager({
			onError: (event, error, listener) => told.push(event.slug, error, listener.id),
		});
		const bridge = emgr.connect(rejecting, { publish: "order.*" });
		await emgr.emit("order.paid", {}, { settle: true });
		expect(told).toEqual([
			"order.paid",
			expect.objectContaining({ code: "adapter_failed" }),
			bridge.id,
		]);
	});

	it("keeps no emitter waiting, unless it settles; drain waits as well", async () => {
		const { promise, resolve } = signal();
		const { emgr } = manager();
		const { adapter } = held({ publish: () => promise });
		emgr.connect(adapter, { publish: "order.*" });
		await emgr.emit("order.paid", {});
		const done: string[] = [];
		const settled = emgr.emit("order.paid", {}, { settle: true }).then(() => done.push("settled"));
		const drained = emgr.drain().then(() => done.push("drained"));
		expect(await emgr.drain({ timeout: 0 })).toEqual({ drained: false, pending: 2 });
		expect(done).toEqual([]);
		resolve();
		await Promise.all([settled, drained]);
		expect(done.toSorted()).toEqual(["drained", "settled"]);
	});

	it("may answer with a thenable that is no promise, whatever its then returns", async () => {
		const { emgr, log } = manager();
		const thenable = {
			// oxlint-disable-next-line unicorn/no-thenable -- a thenable is what is tested
			then: (resolve: (value: unknown) => void) => resolve(1),
		};
		const { adapter } = held({ publish: () => wrong(thenable) });
		const bridge = emgr.connect(adapter, { publish: "order.*" });
		await emgr.emit("order.paid", {}, { settle: true });
		await emgr.drain();
		expect([log.lines, bridge.counts.published]).toEqual([[], 1]);
	});

	it("is waited for where nobody keeps the runtime alive", async () => {
		const { promise, resolve } = signal();
		const { emgr } = manager({ deferral: "await" });
		const { adapter } = held({ publish: () => promise });
		emgr.connect(adapter, { publish: "order.*" });
		let done = false;
		const emitted = emgr.emit("order.paid", {}).then(() => (done = true));
		await Promise.resolve();
		expect(done).toBe(false);
		resolve();
		await emitted;
	});

	it("is handed to waitUntil by a scope", async () => {
		const { promise, resolve } = signal();
		const { emgr } = manager();
		const { adapter } = held({ publish: () => promise });
		emgr.connect(adapter, { publish: "order.*" });
		const work: Promise<unknown>[] = [];
		await emgr.scope({ waitUntil: (one) => work.push(one) }).emit("order.paid", {});
		expect(work).toHaveLength(1);
		resolve();
		await Promise.all(work);
	});

	it("and hangs piles up no more than a thousand publishes", async () => {
		const { emgr, log } = manager();
		const bridge = emgr.connect(held({ publish: () => new Promise(() => {}) }).adapter, {
			publish: "order.*",
		});
		for (let n = 0; n < 1005; n++) await emgr.emit("order.paid", { n });
		expect(log.of("error")).toHaveLength(5);
		expect(bridge.counts.failed).toBe(5);
	});

	it("reports an event that no envelope can hold, and goes on", async () => {
		const { emgr, log } = manager();
		const { adapter, sent } = held();
		emgr.connect(adapter, { publish: "order.*" });
		await emgr.emit("order.paid", "x".repeat(300_000));
		await emgr.emit("order.paid", "y");
		expect(sent.map(({ data }) => data)).toEqual(["y"]);
		expect(log.lines[0]?.fields.error).toMatchObject({ cause: { code: "bad_envelope" } });
	});
});

describe("closing a bridge", () => {
	it("waits for what is being published, then ends the subscription and the adapter", async () => {
		const { promise, resolve } = signal();
		const ended: string[] = [];
		const { emgr } = manager();
		const { adapter, receive } = held({
			publish: () => promise.then(() => ended.push("published")),
			stop: () => void ended.push("stopped"),
		});
		const { subscribe } = adapter;
		const bridge = emgr.connect(
			{
				...adapter,
				subscribe: (callback) => (subscribe(callback), () => void ended.push("ended")),
			},
			{ publish: "order.*" },
		);
		await bridge.ready;
		await emgr.emit("order.paid", {});
		const closed = Promise.all([bridge.close(), bridge.close(), emgr.stop()]);
		expect(bridge.active).toBe(false);
		receive(envelope);
		resolve();
		await closed;
		expect(ended).toEqual(["published", "ended", "stopped"]);
		expect(bridge.counts).toMatchObject({ published: 1, received: 0 });
	});

	it("waits no longer than it may for a transport that hangs", async () => {
		vi.useFakeTimers();
		const hanging = (): Promise<void> => new Promise(() => {});
		const { emgr } = manager();
		const stop = vi.fn<() => Promise<void>>(hanging);
		const adapter: EventAdapter = { publish: hanging, subscribe: hanging, stop };
		const bridge = emgr.connect(adapter, { publish: "order.*" });
		void emgr.emit("order.paid", {});
		const closed = bridge.close({ timeout: 300 });
		await vi.advanceTimersByTimeAsync(299);
		expect(stop).not.toHaveBeenCalled();
		await vi.advanceTimersByTimeAsync(1);
		await closed;
		expect([stop.mock.calls.length, bridge.active]).toEqual([1, false]);
		expect(vi.getTimerCount()).toBe(0);
	});

	it("waits for nothing that never began, and ends a subscription that comes too late", async () => {
		vi.useFakeTimers();
		const { promise, resolve } = signal<() => void>();
		const end = vi.fn<() => void>();
		const { emgr } = manager();
		const bridge = emgr.connect(held({ subscribe: () => promise }).adapter, { publish: "order.*" });
		await bridge.close();
		resolve(end);
		await bridge.ready;
		expect(end).toHaveBeenCalledOnce();
	});

	it("comes at the end of a block, and with the listeners of whoever connected it", async () => {
		const { emgr } = manager();
		const { adapter, receive } = held();
		const outer = emgr.connect(adapter, { publish: "order.*" });
		{
			await using inner = emgr.connect(held().adapter, { publish: "order.*" });
			expect(inner.active).toBe(true);
		}
		expect(emgr.getListeners()).toHaveLength(1);
		const bridge = emgr.withSource("plugin:a", () =>
			emgr.connect(adapter, { publish: "order.*" }),
		) as typeof outer;
		emgr.offSource("plugin:a");
		expect([outer.active, bridge.active]).toEqual([true, false]);
		receive(envelope);
		expect(bridge.counts.received).toBe(0);
	});

	it("stops the adapter once, whether it is closed or its listener is removed", async () => {
		const { emgr } = manager();
		const stops: string[] = [];
		const connect = (name: string) =>
			emgr.withSource(name, () =>
				emgr.connect(
					{ publish: () => {}, stop: () => void stops.push(name) },
					{ publish: "order.*" },
				),
			) as ReturnType<typeof emgr.connect>;
		const [removed, closed] = [connect("removed"), connect("closed")];
		emgr.offSource("removed");
		await removed.close();
		await Promise.all([closed.close(), closed.close()]);
		await emgr.stop();
		expect(stops).toEqual(["removed", "closed"]);
	});
});

describe("the bus of one process", () => {
	it("passes copies as a wire does, to every other end, in order", async () => {
		const bus = new InProcessBus();
		const managers = [manager().emgr, manager().emgr, manager().emgr];
		const heard: unknown[][] = managers.map(() => []);
		for (const [at, emgr] of managers.entries()) {
			emgr.connect(bus.adapter(), { publish: "order.*" });
			emgr.on("order.*", (event) => void heard[at]?.push(numberOf(event)), "sync");
		}
		const last = managers[2]?.next("order.*", { where: (event) => numberOf(event) === 3 });
		const params = { n: 1 };
		await managers[0]?.emit("order.paid", params);
		params.n = 99;
		await managers[0]?.emit("order.paid", { n: 2 });
		await managers[1]?.emit("order.paid", { n: 3 });
		await last;
		expect(heard).toEqual([
			[1, 2, 3],
			[1, 2, 3],
			[1, 2, 3],
		]);
	});
});

it("an event class without params can be carried", async () => {
	const Beat = defineEvent("heart.beat");
	const bus = new InProcessBus();
	const [a, b] = [new EventManager([Beat]), new EventManager([Beat])];
	for (const emgr of [a, b]) emgr.connect(bus.adapter(), { publish: Beat });
	const beat = b.next(Beat);
	await a.emit(Beat);
	expect(await beat).toBeInstanceOf(Beat);
});

import { describe, expect, it } from "vitest";
import type { EventManager, EventManagerOptions } from "../../../src/events/index.ts";
import { failure, manager, Committing, Plain, posts, Saving, saving, wrong } from "../stand-ins.ts";

type History = NonNullable<EventManagerOptions["history"]>;

function remembering(history: History = {}, options: EventManagerOptions = {}): EventManager {
	return manager({ history, ...options }).emgr;
}

async function numbers(emgr: EventManager, query?: Parameters<EventManager["history"]>[0]) {
	return (await emgr.history(query)).map(({ params }) => (params as { n: number }).n);
}

async function emitMany(emgr: EventManager, count: number): Promise<void> {
	for (let n = 1; n <= count; n++) await emgr.emit(new Plain({ n }));
}

describe("the history", () => {
	it("tells of events that nobody listens to, oldest first", async () => {
		const emgr = remembering({}, { clock: { now: () => 1000 } });
		await emgr.emit("order.paid", { id: "a1" }, { path: "orders/a1", meta: { via: "test" } });
		const event = await emgr.emit(new Plain({ n: 2 }));
		expect(await emgr.history()).toEqual([
			{
				id: expect.stringMatching(/^[\da-f]{24}$/),
				slug: "order.paid",
				topic: "order.paid",
				path: "orders/a1",
				time: 1000,
				params: { id: "a1" },
				meta: { via: "test" },
			},
			{
				id: event.context.id,
				slug: "plain",
				topic: "plain",
				time: 1000,
				params: { n: 2 },
				meta: {},
			},
		]);
	});

	it("knows who acted", async () => {
		const emgr = remembering();
		await emgr.scope({ actor: { id: "u1" } }).emit(new Plain({ n: 1 }));
		expect((await emgr.history())[0]?.actor).toEqual({ id: "u1" });
	});

	it("has the event as sync listeners left it, and nothing of what happens to it later", async () => {
		const emgr = remembering();
		const params = { data: { title: "a" }, entity: posts };
		emgr.onEvent(Saving, () => ({ title: "final" }), "sync");
		emgr.onEvent(Saving, (event) => Object.assign(event.params.data as object, { title: "later" }));
		const event = await emgr.emit(new Saving(params), undefined, { settle: true });
		expect((event.params.data as { title: string }).title).toBe("later");
		expect((await emgr.history())[0]?.params).toMatchObject({ data: { title: "final" } });
	});

	it("cannot be changed by who asks for it", async () => {
		const emgr = remembering();
		await emgr.emit("order.paid", { at: new Date(5), lines: [{ n: 1 }] });
		const [record] = await emgr.history();
		const params = record?.params as { at: Date; lines: { n: number }[] };
		expect(() => params.lines.push({ n: 2 })).toThrow(TypeError);
		expect(() => Object.assign(record as object, { slug: "other" })).toThrow(TypeError);
		params.at.setTime(99);
		expect((await emgr.history())[0]?.params).toEqual({ at: new Date(5), lines: [{ n: 1 }] });
	});

	it("does not tell of an event that was refused", async () => {
		const emgr = remembering();
		emgr.onEvent(
			Plain,
			() => {
				throw new Error("no");
			},
			"sync",
		);
		await failure(() => emgr.emit(new Plain({ n: 1 })));
		expect(await emgr.history()).toEqual([]);
	});

	it("gives the last 100, or the last `limit`; 0 is none", async () => {
		const emgr = remembering();
		await emitMany(emgr, 150);
		expect(await emgr.history()).toHaveLength(100);
		expect(await numbers(emgr, { limit: 3 })).toEqual([148, 149, 150]);
		expect(await emgr.history({ limit: 0 })).toEqual([]);
		expect(await emgr.history({ limit: Infinity })).toHaveLength(150);
	});

	it("forgets the oldest beyond its size, and is 1 000 by default", async () => {
		const small = remembering({ size: 3 });
		await emitMany(small, 2);
		expect(await numbers(small)).toEqual([1, 2]);
		await emitMany(small, 8);
		expect(await numbers(small)).toEqual([6, 7, 8]);
		expect(await numbers(small, { limit: 2 })).toEqual([7, 8]);
		const usual = remembering();
		await emitMany(usual, 1001);
		expect((await numbers(usual, { limit: 2000 })).length).toBe(1000);
	});

	it.each([
		["a slug", "plain", 1],
		["a topic", "data.posts.save.before", 1],
		["a glob of topics", "data.**", 1],
		["a glob of names", "order.(paid|refunded)", 2],
		["a class", Plain, 1],
		["several", ["order.*", Plain], 3],
		["everything", "*", 4],
		["nothing there", "order.shipped", 0],
	])("can be asked for %s", async (_, ref, count) => {
		const emgr = remembering();
		await emgr.emit("order.paid", {});
		await emgr.emit("order.refunded", {});
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.emit(saving(posts, 1));
		expect(await emgr.history({ ref })).toHaveLength(count);
	});

	it("can be asked for a path, and since a time", async () => {
		let now = 0;
		const emgr = remembering({}, { clock: { now: () => now } });
		for (now = 10; now <= 40; now += 10) {
			await emgr.emit("order.paid", { n: now }, { path: `orders/${now % 20}` });
		}
		expect(await numbers(emgr, { path: "orders/10" })).toEqual([10, 30]);
		expect(await numbers(emgr, { since: 30 })).toEqual([30, 40]);
		expect(await numbers(emgr, { since: new Date(20), path: "orders/0", limit: 1 })).toEqual([40]);
	});

	it("keeps the order of what happened when the clock jumps back", async () => {
		let now = 100;
		const emgr = remembering({}, { clock: { now: () => now } });
		for (const time of [100, 50, 200, 10]) {
			now = time;
			await emgr.emit("tick.tock", { n: time });
		}
		expect(await numbers(emgr)).toEqual([100, 50, 200, 10]);
		expect(await numbers(emgr, { since: 60 })).toEqual([100, 200]);
		expect(await numbers(emgr, { limit: 2 })).toEqual([200, 10]);
	});

	it("remembers the topics it was told to, and none of the redacted values", async () => {
		const emgr = remembering({ topics: ["user.*", Plain], redact: ["Password", "token"] });
		await emgr.emit("order.paid", {});
		await emgr.emit(
			"user.login",
			{ name: "a", PASSWORD: "b", in: [{ token: "c" }] },
			{ meta: { token: 1 } },
		);
		await emgr.emit(new Plain({ n: 1 }));
		const records = await emgr.history();
		expect(records.map(({ slug }) => slug)).toEqual(["user.login", "plain"]);
		expect(records[0]).toMatchObject({
			params: { name: "a", PASSWORD: "[redacted]", in: [{ token: "[redacted]" }] },
			meta: { token: "[redacted]" },
		});
	});

	it("tells of classes whose listeners must finish at once", () => {
		const emgr = remembering();
		emgr.emitSync(new Committing({ n: 1 }));
		return expect(numbers(emgr)).resolves.toEqual([1]);
	});

	it("is no listener and refuses to answer when it is off", async () => {
		const { emgr } = manager();
		expect(emgr.getListeners()).toEqual([]);
		expect(emgr.has(Plain)).toBe(false);
		expect(await failure(() => emgr.history())).toMatchObject({
			code: "no_history",
			kind: "invalid",
		});
	});

	it("stays when all listeners of its topics are removed", async () => {
		const emgr = remembering();
		emgr.off("**");
		await emitMany(emgr, 1);
		expect(await numbers(emgr)).toEqual([1]);
	});

	it.each([
		["a size of 0", { size: 0 }, "bad_history"],
		["a negative size", { size: -1 }, "bad_history"],
		["a size that is no number", { size: wrong("1") }, "bad_history"],
		["redact that is no list", { redact: wrong("password") }, "bad_history"],
		["topics that cannot be read", { topics: "a.(b" }, "bad_pattern"],
		["a topic that nobody registered", { topics: "nothing" }, "unknown_event"],
	] as const)("refuses %s", async (_, history: History, code) => {
		expect(await failure(() => remembering(history))).toMatchObject({ code, kind: "invalid" });
	});

	it.each([
		["a negative limit", { limit: -1 }, "bad_history"],
		["a limit that is not a number", { limit: NaN }, "bad_history"],
		["a limit of another type", { limit: wrong("3") }, "bad_history"],
		["since no time", { since: new Date("never") }, "bad_history"],
		["a pattern that cannot be read", { ref: "a..b" }, "bad_pattern"],
	] as const)("refuses to be asked for %s", async (_, query, code) => {
		const error = await failure(() => remembering().history(query));
		expect(error).toMatchObject({ code, kind: "invalid" });
	});
});

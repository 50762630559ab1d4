import { describe, expect, it } from "vitest";
import type { ChannelOptions } from "../../../src/events/index.ts";
import { Committing, failure, manager, Plain, wrong } from "../stand-ins.ts";

type Manager = ReturnType<typeof manager>["emgr"];

/** Emits events from `from` to `to`, without waiting for any; tells which were waited for. */
function emitAll(emgr: Manager, from: number, to: number): boolean[] {
	const waits: boolean[] = [];
	for (let n = from; n <= to; n++) {
		waits.push(emgr.dispatch(new Plain({ n })) instanceof Promise);
	}
	return waits;
}

async function numbersOf(channel: AsyncIterable<Plain>): Promise<number[]> {
	const numbers: number[] = [];
	for await (const event of channel) numbers.push(event.params.n);
	return numbers;
}

describe("a full channel", () => {
	it("holds 64 events unless it is told otherwise, and ends then", () => {
		const { emgr } = manager();
		using channel = emgr.subscribe(Plain);
		emitAll(emgr, 1, 64);
		expect([channel.size, channel.closed]).toEqual([64, false]);
		emitAll(emgr, 65, 65);
		expect([channel.size, channel.closed]).toEqual([64, true]);
	});

	it("that ends delivers what it holds, tells once that it lost something, and is at its end", async () => {
		const { emgr, log } = manager();
		const channel = emgr.subscribe(Plain, { buffer: 2, overflow: "error", id: "slow" });
		expect(emitAll(emgr, 1, 4)).toEqual([false, false, false, false]);
		expect(emgr.getListeners()).toEqual([]);
		expect((await channel.receive())?.params.n).toBe(1);
		expect((await channel.receive())?.params.n).toBe(2);
		expect(await failure(() => channel.receive())).toMatchObject({
			name: "EventError",
			code: "channel_overflow",
			kind: "unavailable",
			retryable: true,
			message: 'The channel "slow" ended: more than 2 events were waiting.',
		});
		expect([await channel.receive(), await channel.receive()]).toEqual([undefined, undefined]);
		expect(log.lines).toEqual([]);
	});

	it("that ends makes a loop over it throw, after what it holds", async () => {
		const { emgr } = manager();
		const channel = emgr.subscribe(Plain, { buffer: 2 });
		emitAll(emgr, 1, 3);
		const seen: number[] = [];
		const error = await failure(async () => {
			for await (const event of channel) seen.push(event.params.n);
		});
		expect([seen, error]).toMatchObject([[1, 2], { code: "channel_overflow" }]);
		expect(await numbersOf(channel)).toEqual([]);
	});

	it("drops the oldest, and counts", async () => {
		const { emgr } = manager();
		const channel = emgr.subscribe(Plain, { buffer: 2, overflow: "drop-oldest" });
		expect(emitAll(emgr, 1, 5)).toEqual([false, false, false, false, false]);
		expect([channel.size, channel.dropped, channel.closed]).toEqual([2, 3, false]);
		channel.close();
		expect(await numbersOf(channel)).toEqual([4, 5]);
	});

	it("drops the newest, and counts", async () => {
		const { emgr } = manager();
		const channel = emgr.subscribe(Plain, { buffer: 2, overflow: "drop-newest" });
		emitAll(emgr, 1, 5);
		expect([channel.size, channel.dropped]).toEqual([2, 3]);
		await channel.receive();
		emitAll(emgr, 6, 6);
		channel.close();
		expect([await numbersOf(channel), channel.dropped]).toEqual([[2, 6], 3]);
	});

	it("makes its emitters wait for room, in turn", async () => {
		const { emgr } = manager();
		using channel = emgr.subscribe(Plain, { buffer: 2, overflow: "wait" });
		const done: number[] = [];
		const emits = [1, 2, 3, 4].map(async (n) => {
			await emgr.emit(new Plain({ n }));
			done.push(n);
		});
		await Promise.all(emits.slice(0, 2));
		expect([done, channel.size, channel.dropped]).toEqual([[1, 2], 4, 0]);
		expect((await channel.receive())?.params.n).toBe(1);
		await emits[2];
		expect(done).toEqual([1, 2, 3]);
		expect((await channel.receive())?.params.n).toBe(2);
		await emits[3];
		expect((await channel.receive())?.params.n).toBe(3);
		expect((await channel.receive())?.params.n).toBe(4);
		expect(emitAll(emgr, 5, 7)).toEqual([false, false, true]);
	});

	it("stalls no other channel and no listener, not even where its emitter waits", async () => {
		const { emgr } = manager();
		using slow = emgr.subscribe(Plain, { buffer: 1, overflow: "wait" });
		using stuck = emgr.subscribe(Plain, { buffer: 1 });
		using other = emgr.subscribe(Plain);
		const heard: string[] = [];
		emgr.onEvent(Plain, ({ params }) => void heard.push(`sync ${params.n}`), "sync");
		emgr.onEvent(Plain, ({ params }) => void heard.push(`async ${params.n}`));
		const scope = emgr.scope();
		await scope.emit(new Plain({ n: 1 }));
		const waiting = scope.emit(new Plain({ n: 2 }));
		await scope.executeAsyncs();
		expect(heard).toEqual(["sync 1", "sync 2", "async 1", "async 2"]);
		expect([slow.size, stuck.size, other.size]).toEqual([2, 1, 2]);
		await slow.receive();
		expect((await waiting).params.n).toBe(2);
	});

	it("lets its emitters go when it is closed, and delivers their events, too", async () => {
		const { emgr } = manager();
		const channel = emgr.subscribe(Plain, { buffer: 1, overflow: "wait" });
		const emits = [1, 2, 3].map((n) => emgr.emit(new Plain({ n })));
		channel.close();
		await Promise.all(emits);
		expect(await numbersOf(channel)).toEqual([1, 2, 3]);
	});

	it("lets an emitter go that has a signal of its own", async () => {
		const { emgr } = manager();
		using channel = emgr.subscribe(Plain, { buffer: 1, overflow: "wait" });
		await emgr.emit(new Plain({ n: 1 }));
		const abort = new AbortController();
		const emit = failure(() => emgr.emit(Plain, { n: 2 }, { signal: abort.signal }));
		abort.abort(new Error("Enough."));
		expect(await emit).toEqual(new Error("Enough."));
		expect(channel.size).toBe(2);
	});

	it("never makes wait where all must finish at once: there it ends", async () => {
		const { emgr } = manager();
		const channel = emgr.subscribe(Committing, { buffer: 1, overflow: "wait" });
		emgr.emitSync(new Committing({ n: 1 }));
		emgr.emitSync(new Committing({ n: 2 }));
		expect([channel.size, channel.closed]).toEqual([1, true]);
		await channel.receive();
		expect(await failure(() => channel.receive())).toMatchObject({ code: "channel_overflow" });
	});
});

describe("subscribe", () => {
	it.each([0, -1, 1.5, NaN, Infinity, "64", null])("refuses a buffer of %s", (buffer) => {
		expectRefusal({ buffer: wrong(buffer) });
	});

	it.each(["block", "", null, 1])("refuses the overflow %s", (overflow) => {
		expectRefusal({ overflow: wrong(overflow) });
	});

	function expectRefusal(options: ChannelOptions<Plain>): void {
		const { emgr } = manager();
		expect(() => emgr.subscribe(Plain, options)).toThrow(
			expect.objectContaining({
				name: "EventError",
				code: "bad_channel",
				kind: "invalid",
				retryable: false,
			}),
		);
		expect(emgr.getListeners()).toEqual([]);
	}
});

import { getEventListeners } from "node:events";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Channel } from "../../../src/events/index.ts";
import {
	failure,
	manager,
	Other,
	Piped,
	Plain,
	posts,
	Saving,
	saving,
	tags,
} from "../stand-ins.ts";

afterEach(() => {
	vi.useRealTimers();
});

const numbers = (events: readonly (Plain | undefined)[]) => events.map((event) => event?.params.n);

/** Everything that is left in a channel which is closed. */
async function rest<E>(channel: AsyncIterable<E>): Promise<E[]> {
	const events: E[] = [];
	for await (const event of channel) events.push(event);
	return events;
}

describe("a channel", () => {
	it("gets events in the order in which they were emitted", async () => {
		const { emgr } = manager();
		const channel = emgr.subscribe(Plain);
		for (let n = 1; n <= 5; n++) await emgr.emit(new Plain({ n }));
		expect(channel.size).toBe(5);
		channel.close();
		expect(numbers(await rest(channel))).toEqual([1, 2, 3, 4, 5]);
	});

	it("gets the final event at once: behind sync listeners, ahead of async ones", async () => {
		const { emgr } = manager();
		const channel = emgr.subscribe("piped");
		const sizes: (readonly [string, number])[] = [];
		emgr.onEvent(Piped, () => void sizes.push(["async", channel.size]));
		emgr.onEvent(Piped, () => (sizes.push(["sync", channel.size]), "b"), "sync");
		void emgr.dispatch(new Piped({ text: "a" }));
		expect([sizes, channel.size]).toEqual([[["sync", 0]], 1]);
		await emgr.executeAsyncs();
		expect((await channel.receive())?.params).toEqual({ text: "a-b" });
		expect(sizes).toEqual([
			["sync", 0],
			["async", 1],
		]);
	});

	it("hears what a sync listener stopped, and not what one refused", async () => {
		const { emgr } = manager();
		const channel = emgr.subscribe(Plain);
		emgr.onEvent(
			Plain,
			(event) => {
				if (event.params.n === 2) throw new Error("No.");
				event.stop();
			},
			"sync",
		);
		await emgr.emit(new Plain({ n: 1 }));
		await failure(() => emgr.emit(new Plain({ n: 2 })));
		channel.close();
		expect(numbers(await rest(channel))).toEqual([1]);
	});

	it("makes params wanted that are only made for somebody", async () => {
		const { emgr } = manager();
		const make = vi.fn<() => { n: number }>(() => ({ n: 1 }));
		using channel = emgr.subscribe(Plain);
		await emgr.emit(Plain, make);
		expect([make.mock.calls.length, channel.size, emgr.has(Plain)]).toEqual([1, 1, true]);
	});

	it("listens to classes, slugs, topics, globs and several of these, once for each event", async () => {
		const { emgr } = manager();
		using one = emgr.subscribe(Other);
		using several = emgr.subscribe([Plain, "other", "oth*"]);
		using topic = emgr.subscribe("data.posts.save.before");
		using all = emgr.subscribe("*");
		await emgr.emit(new Other());
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.emit(saving(posts));
		await emgr.emit("open.name", 1);
		expect([one, several, topic, all].map(({ size }) => size)).toEqual([1, 2, 1, 4]);
	});

	it("narrows by where, path and entity", async () => {
		const { emgr } = manager();
		using where = emgr.subscribe(Saving, { where: (event) => event.params.id === 2 });
		using path = emgr.subscribe(Saving, { path: "posts/1" });
		using entity = emgr.subscribe("saving", { entity: tags });
		for (const event of [saving(posts, 1), saving(posts, 2), saving(tags, 1)]) {
			await emgr.emit(event);
		}
		const paths = [where, path, entity].map(async (channel) => (await channel.receive())?.path);
		expect(await Promise.all(paths)).toEqual(["posts/2", "posts/1", "tags/1"]);
		expect([where, path, entity].map(({ size }) => size)).toEqual([0, 0, 0]);
	});

	it("is shown among the listeners, by its id", () => {
		const { emgr } = manager();
		using named = emgr.subscribe("plain", { id: "numbers" });
		using unnamed = emgr.subscribe(Plain);
		expect(named.id).toBe("numbers");
		expect(emgr.getListeners().map(({ id, mode }) => [id, mode])).toEqual([
			["numbers", "record"],
			[unnamed.id, "record"],
		]);
	});

	it("does not open for what there is not", () => {
		const { emgr } = manager();
		expect(() => emgr.subscribe("plane")).toThrow(/There is no event "plane"/);
		expect(() => emgr.subscribe("a..b")).toThrow(/not valid/);
		expect(emgr.getListeners()).toEqual([]);
	});
});

describe("receive", () => {
	it("takes what is there, or waits for it", async () => {
		const { emgr } = manager();
		using channel = emgr.subscribe(Plain);
		await emgr.emit(new Plain({ n: 1 }));
		expect((await channel.receive())?.params.n).toBe(1);
		const later = channel.receive();
		await emgr.emit(new Plain({ n: 2 }));
		expect([(await later)?.params.n, channel.size]).toEqual([2, 0]);
	});

	it("serves those who wait in turn", async () => {
		const { emgr } = manager();
		using channel = emgr.subscribe(Plain, { buffer: 1 });
		const order: string[] = [];
		const calls = ["a", "b", "c"].map(async (name) => {
			const event = await channel.receive();
			order.push(`${name}${event?.params.n}`);
		});
		for (let n = 1; n <= 3; n++) void emgr.dispatch(new Plain({ n }));
		await Promise.all(calls);
		expect(order).toEqual(["a1", "b2", "c3"]);
	});

	it("gives up after its timeout, and takes no event then", async () => {
		vi.useFakeTimers();
		const { emgr } = manager();
		using channel = emgr.subscribe(Plain);
		const late = failure(() => channel.receive({ timeout: 50 }));
		const patient = channel.receive({ timeout: 200 });
		await vi.advanceTimersByTimeAsync(50);
		expect(await late).toMatchObject({
			name: "EventError",
			code: "channel_timeout",
			kind: "unavailable",
			retryable: true,
		});
		await emgr.emit(new Plain({ n: 1 }));
		expect((await patient)?.params.n).toBe(1);
		expect(vi.getTimerCount()).toBe(0);
	});

	it("gives up when aborted, and takes no event then", async () => {
		const { emgr } = manager();
		using channel = emgr.subscribe(Plain);
		const abort = new AbortController();
		const reason = new Error("Enough.");
		const given = failure(() => channel.receive({ signal: abort.signal }));
		const patient = channel.receive();
		abort.abort(reason);
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.emit(new Plain({ n: 2 }));
		expect([await given, (await patient)?.params.n]).toEqual([reason, 1]);
		expect(await failure(() => channel.receive({ signal: abort.signal }))).toBe(reason);
		expect((await channel.receive())?.params.n).toBe(2);
	});

	it("leaves no timer and no abort listener behind, and starts no timer for what is there", async () => {
		vi.useFakeTimers();
		const { emgr } = manager();
		using channel = emgr.subscribe(Plain);
		const { signal } = new AbortController();
		const waiting = channel.receive({ timeout: 1000, signal });
		expect([vi.getTimerCount(), getEventListeners(signal, "abort").length]).toEqual([1, 1]);
		void emgr.dispatch(new Plain({ n: 1 }));
		expect([vi.getTimerCount(), getEventListeners(signal, "abort").length]).toEqual([0, 0]);
		await waiting;
		void emgr.dispatch(new Plain({ n: 2 }));
		void channel.receive({ timeout: 1000, signal });
		expect([vi.getTimerCount(), getEventListeners(signal, "abort").length]).toEqual([0, 0]);
	});

	it.each([0, -1, NaN, Infinity, 2 ** 31])("refuses a timeout of %s", async (timeout) => {
		const { emgr } = manager();
		using channel = emgr.subscribe(Plain);
		await emgr.emit(new Plain({ n: 1 }));
		const error = await failure(() => channel.receive({ timeout }));
		expect(error).toMatchObject({ name: "EventError", code: "bad_channel", kind: "invalid" });
		expect(channel.size).toBe(1);
	});
});

describe("close", () => {
	it("lets buffered events be received first, and then comes the end, each time", async () => {
		const { emgr } = manager();
		const channel = emgr.subscribe(Plain);
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.emit(new Plain({ n: 2 }));
		expect(channel.closed).toBe(false);
		channel.close();
		channel.close();
		await emgr.emit(new Plain({ n: 3 }));
		expect([channel.closed, channel.size, emgr.has(Plain)]).toEqual([true, 2, false]);
		const received = [channel.receive(), channel.receive(), channel.receive(), channel.receive()];
		expect(numbers(await Promise.all(received))).toEqual([1, 2, undefined, undefined]);
	});

	it("ends the waiting of all who receive", async () => {
		const { emgr } = manager();
		const channel = emgr.subscribe(Plain);
		const waiting = [channel.receive(), channel.receive()];
		channel.close();
		expect(await Promise.all(waiting)).toEqual([undefined, undefined]);
	});

	it("keeps out what an emit brings that had begun before", async () => {
		const { emgr } = manager();
		const { promise, resolve } = Promise.withResolvers<void>();
		emgr.onEvent(Plain, () => promise, "sync");
		const channel = emgr.subscribe(Plain);
		const emitted = emgr.emit(new Plain({ n: 1 }));
		channel.close();
		resolve();
		await emitted;
		expect([channel.size, await channel.receive()]).toEqual([0, undefined]);
	});

	it("happens at the end of a block, by using", async () => {
		const { emgr } = manager();
		let channel: Channel<Plain>;
		{
			using one = emgr.subscribe(Plain);
			channel = one;
			expect(channel.closed).toBe(false);
		}
		expect([channel.closed, await channel.receive(), emgr.getListeners()]).toEqual([
			true,
			undefined,
			[],
		]);
	});

	it("happens by a signal, now or before", async () => {
		const { emgr } = manager();
		const abort = new AbortController();
		const channel = emgr.subscribe(Plain, { signal: abort.signal });
		const waiting = channel.receive();
		abort.abort();
		expect([channel.closed, await waiting]).toEqual([true, undefined]);
		const late = emgr.subscribe(Plain, { signal: abort.signal });
		expect([late.closed, await late.receive(), emgr.getListeners()]).toEqual([true, undefined, []]);
	});

	it("leaves nothing on the signal", () => {
		const { emgr } = manager();
		const { signal } = new AbortController();
		emgr.subscribe(Plain, { signal }).close();
		expect(getEventListeners(signal, "abort")).toEqual([]);
	});

	it("happens with what else its source has registered, and not by off", async () => {
		const { emgr } = manager();
		const [channel] = await emgr.withSource("plugin", () => [emgr.subscribe(Plain)] as const);
		const waiting = channel.receive();
		emgr.off(Plain);
		expect(channel.closed).toBe(false);
		emgr.offSource("plugin");
		expect([channel.closed, await waiting]).toEqual([true, undefined]);
	});

	it("happens to a channel whose id another one takes", async () => {
		const { emgr } = manager();
		const first = emgr.subscribe(Plain, { id: "one" });
		const waiting = first.receive();
		using second = emgr.subscribe(Plain, { id: "one" });
		expect([first.closed, second.closed, await waiting]).toEqual([true, false, undefined]);
		first.close();
		expect(second.closed).toBe(false);
	});
});

describe("for await", () => {
	it("goes through the events until the channel is closed", async () => {
		const { emgr } = manager();
		const channel = emgr.subscribe(Plain);
		const seen = rest(channel);
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.emit(new Plain({ n: 2 }));
		channel.close();
		expect(numbers(await seen)).toEqual([1, 2]);
	});

	it("closes the channel when it is left, and leaves in it what is buffered", async () => {
		const { emgr } = manager();
		const left = emgr.subscribe(Plain);
		const thrown = emgr.subscribe(Plain);
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.emit(new Plain({ n: 2 }));
		for await (const event of left) if (event.params.n === 1) break;
		await failure(async () => {
			for await (const event of thrown) throw new Error(event.slug);
		});
		expect([left.closed, left.size, thrown.closed]).toEqual([true, 1, true]);
		expect(emgr.getListeners()).toEqual([]);
	});

	it("can be ended from outside while it waits, as a stream does that is cancelled", async () => {
		const { emgr } = manager();
		const channel = emgr.subscribe(Plain);
		const reader = ReadableStream.from(channel).getReader();
		await emgr.emit(new Plain({ n: 1 }));
		expect((await reader.read()).value?.params.n).toBe(1);
		const pending = reader.read();
		await reader.cancel();
		expect([(await pending).done, channel.closed]).toEqual([true, true]);
	});
});

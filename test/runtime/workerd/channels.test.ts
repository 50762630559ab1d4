import { describe, expect, it } from "vitest";
import { Event, EventManager, select } from "../../../src/events/index.ts";

class Plain extends Event<{ readonly n: number }> {
	static override slug = "plain";
}

class Other extends Event<{ readonly n: number }> {
	static override slug = "other";
}

/** What the types of Workers do not know of `ReadableStream`. */
interface StreamOfPlain {
	from(source: AsyncIterable<Plain>): ReadableStream<Plain>;
}

const newManager = () => new EventManager([Plain, Other]);

describe("on Workers, a channel", () => {
	it("is iterated: buffered events first, then the end", async () => {
		const emgr = newManager();
		const channel = emgr.subscribe("*");
		for (const n of [1, 2, 3]) await emgr.emit(new Plain({ n }));
		channel.close();
		const seen: unknown[] = [];
		for await (const event of channel) seen.push(event.params);
		expect(seen).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
		expect(emgr.getListeners()).toEqual([]);
	});

	it("serves receivers in turn; one that gives up takes no event", async () => {
		const emgr = newManager();
		using channel = emgr.subscribe(Plain);
		const abort = new AbortController();
		const aborted = channel.receive({ signal: abort.signal });
		const late = channel.receive({ timeout: 1 });
		const patient = channel.receive();
		abort.abort(new Error("Enough."));
		await expect(aborted).rejects.toThrow("Enough.");
		await expect(late).rejects.toMatchObject({ code: "channel_timeout", retryable: true });
		await emgr.emit(new Plain({ n: 1 }));
		expect((await patient)?.params.n).toBe(1);
	});

	it("ends, drops or makes wait when it is full", async () => {
		const emgr = newManager();
		const ends = emgr.subscribe(Plain, { buffer: 1 });
		const oldest = emgr.subscribe(Plain, { buffer: 1, overflow: "drop-oldest" });
		const newest = emgr.subscribe(Plain, { buffer: 1, overflow: "drop-newest" });
		const waits = emgr.subscribe(Plain, { buffer: 1, overflow: "wait" });
		await emgr.emit(new Plain({ n: 1 }));
		const emit = emgr.emit(new Plain({ n: 2 }));
		const received = [oldest, newest, waits].map(async (one) => (await one.receive())?.params.n);
		expect(await Promise.all(received)).toEqual([2, 1, 1]);
		expect([oldest.dropped, newest.dropped, waits.dropped]).toEqual([1, 1, 0]);
		expect((await emit).params.n).toBe(2);
		expect((await ends.receive())?.params.n).toBe(1);
		await expect(ends.receive()).rejects.toMatchObject({ code: "channel_overflow" });
		expect(await ends.receive()).toBeUndefined();
	});

	it("is selected from, and the loser keeps its event", async () => {
		const emgr = newManager();
		using plain = emgr.subscribe(Plain);
		using other = emgr.subscribe(Other);
		const waiting = select([plain, other], { timeout: 1000 });
		await emgr.emit(new Other({ n: 1 }));
		await emgr.emit(new Plain({ n: 2 }));
		expect((await waiting)?.channel).toBe(other);
		expect(plain.size).toBe(1);
		await plain.receive();
		await expect(select([plain, other], { timeout: 1 })).rejects.toMatchObject({
			code: "channel_timeout",
		});
	});

	it("is a stream, and ends when that is cancelled", async () => {
		const emgr = newManager();
		const channel = emgr.subscribe(Plain);
		const reader = (ReadableStream as unknown as StreamOfPlain).from(channel).getReader();
		await emgr.emit(new Plain({ n: 1 }));
		expect((await reader.read()).value?.params.n).toBe(1);
		await reader.cancel();
		expect(channel.closed).toBe(true);
	});
});

describe("on Workers", () => {
	it("all who wait for the next event get the same one", async () => {
		const emgr = newManager();
		const waiting = [emgr.next(Plain, { timeout: 1000 }), emgr.next(Plain)];
		const event = await emgr.emit(new Plain({ n: 1 }));
		for (const heard of await Promise.all(waiting)) expect(heard).toBe(event);
		expect(emgr.getListeners()).toEqual([]);
	});

	it("events are piped to a sink", async () => {
		const emgr = newManager();
		const written: unknown[] = [];
		emgr.pipe("*", { write: (event) => void written.push(event.params) });
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.executeAsyncs();
		expect(written).toEqual([{ n: 1 }]);
	});
});

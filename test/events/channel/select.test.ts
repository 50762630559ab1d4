import { getEventListeners } from "node:events";
import { afterEach, describe, expect, it, vi } from "vitest";
import { EventError, EventManager, select } from "../../../src/events/index.ts";
import { failure, manager, Other, Plain, wrong } from "../stand-ins.ts";

afterEach(() => {
	vi.useRealTimers();
});

function twoChannels() {
	const { emgr } = manager();
	return { emgr, a: emgr.subscribe(Plain), b: emgr.subscribe(Other) };
}

describe("select", () => {
	it("takes of the first ready channel in the array, and leaves the others their event", async () => {
		const { emgr, a, b } = twoChannels();
		await emgr.emit(new Other());
		await emgr.emit(new Plain({ n: 1 }));
		const found = await select([a, b]);
		expect([found?.channel === a, found?.event.slug, a.size, b.size]).toEqual([
			true,
			"plain",
			0,
			1,
		]);
		expect((await select([a, b]))?.channel).toBe(b);
	});

	it("waits for whichever comes first; the loser's next event stays with it", async () => {
		const { emgr, a, b } = twoChannels();
		const waiting = select([a, b]);
		await emgr.emit(new Other());
		await emgr.emit(new Plain({ n: 1 }));
		expect((await waiting)?.channel).toBe(b);
		expect([a.size, b.size]).toEqual([1, 0]);
	});

	it("stands in line with those who receive", async () => {
		const { emgr, a, b } = twoChannels();
		const first = a.receive();
		const second = select([b, a]);
		const third = a.receive();
		for (let n = 1; n <= 3; n++) await emgr.emit(new Plain({ n }));
		const numbers = [
			(await first)?.params.n,
			(await second)?.event.params,
			(await third)?.params.n,
		];
		expect(numbers).toEqual([1, { n: 2 }, 3]);
	});

	it("gives up after its timeout, with an error that says to try again", async () => {
		vi.useFakeTimers();
		const { emgr, a, b } = twoChannels();
		const waiting = failure(() => select([a, b], { timeout: 100 }));
		await vi.advanceTimersByTimeAsync(100);
		expect(await waiting).toMatchObject({
			name: "EventError",
			code: "channel_timeout",
			kind: "unavailable",
			retryable: true,
		});
		await emgr.emit(new Plain({ n: 1 }));
		expect([a.size, vi.getTimerCount()]).toEqual([1, 0]);
	});

	it("gives up when aborted, with the signal's reason", async () => {
		const { emgr, a, b } = twoChannels();
		const abort = new AbortController();
		const waiting = failure(() => select([a, b], { signal: abort.signal }));
		abort.abort("enough");
		expect(await waiting).toBe("enough");
		await emgr.emit(new Other());
		expect(b.size).toBe(1);
		expect(getEventListeners(abort.signal, "abort")).toEqual([]);
	});

	it("leaves nothing armed behind", async () => {
		vi.useFakeTimers();
		const { emgr, a, b } = twoChannels();
		const { signal } = new AbortController();
		const waiting = select([a, b], { timeout: 100, signal });
		expect([a.waiters.size, b.waiters.size]).toEqual([1, 1]);
		await emgr.emit(new Plain({ n: 1 }));
		await waiting;
		expect([a.waiters.size, b.waiters.size, vi.getTimerCount()]).toEqual([0, 0, 0]);
		expect(getEventListeners(signal, "abort")).toEqual([]);
	});

	it("goes on without the channels that are closed, and is undefined when all of them are", async () => {
		const { emgr, a, b } = twoChannels();
		const waiting = select([a, b]);
		a.close();
		await emgr.emit(new Other());
		expect((await waiting)?.channel).toBe(b);
		await emgr.emit(new Other());
		const last = select([a, b]);
		b.close();
		expect((await last)?.channel).toBe(b);
		expect(await select([a, b])).toBeUndefined();
	});

	it("ends its waiting when the last channel is closed", async () => {
		const { a, b } = twoChannels();
		const waiting = select([a, b]);
		a.close();
		b.close();
		expect(await waiting).toBeUndefined();
	});

	it("tells of a channel that ended because it was full, once", async () => {
		const { emgr, b } = twoChannels();
		const full = emgr.subscribe(Plain, { buffer: 1 });
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.emit(new Plain({ n: 2 }));
		expect((await select([full, b]))?.event.params).toEqual({ n: 1 });
		expect(await failure(() => select([full, b]))).toMatchObject({ code: "channel_overflow" });
		await emgr.emit(new Other());
		expect((await select([full, b]))?.channel).toBe(b);
	});

	it.each([
		["null", null],
		["nothing", undefined],
		["a channel that is in no list", new EventManager().subscribe("a.b")],
		["no channels", []],
		["null among channels", [null]],
		["what is no channel", [{}]],
	])("refuses %s", async (_, channels) => {
		const error = await failure(() => select(wrong(channels)));
		expect(error).toBeInstanceOf(EventError);
		expect(error).toMatchObject({ code: "bad_channel", kind: "invalid" });
	});

	it.each([0, -5, NaN])("refuses a timeout of %s", async (timeout) => {
		const { a } = twoChannels();
		const error = await failure(() => select([a], { timeout }));
		expect(error).toMatchObject({ code: "bad_channel", kind: "invalid" });
	});
});

import { getEventListeners } from "node:events";
import { afterEach, describe, expect, it, vi } from "vitest";
import { failure, manager, Piped, Plain, posts, Saving, saving, tags } from "../stand-ins.ts";

afterEach(() => {
	vi.useRealTimers();
});

describe("next", () => {
	it("is armed when it returns: before it is awaited", async () => {
		const { emgr } = manager();
		const next = emgr.next(Plain);
		void emgr.dispatch(new Plain({ n: 1 }));
		void emgr.dispatch(new Plain({ n: 2 }));
		expect((await next).params.n).toBe(1);
	});

	it("gives all who wait the same event", async () => {
		const { emgr } = manager();
		const waiting = [emgr.next(Plain), emgr.next("plain"), emgr.next("*")];
		const event = await emgr.emit(new Plain({ n: 1 }));
		await emgr.emit(new Plain({ n: 2 }));
		for (const heard of await Promise.all(waiting)) expect(heard).toBe(event);
	});

	it("hears the final event, also when a sync listener stopped it", async () => {
		const { emgr } = manager();
		emgr.onEvent(Piped, (event) => (event.stop(), "b"), "sync");
		const next = emgr.next("piped");
		await emgr.emit(new Piped({ text: "a" }));
		expect((await next).params).toEqual({ text: "a-b" });
	});

	it("waits on when an emit was refused", async () => {
		const { emgr } = manager();
		const refuse = emgr.onEvent(Plain, () => Promise.reject(new Error("No.")), "sync");
		const next = emgr.next(Plain);
		await failure(() => emgr.emit(new Plain({ n: 1 })));
		refuse.unsubscribe();
		await emgr.emit(new Plain({ n: 2 }));
		expect((await next).params.n).toBe(2);
	});

	it("narrows by where, path and entity", async () => {
		const { emgr } = manager();
		const where = emgr.next(Saving, { where: (event) => event.params.id === 2 });
		const path = emgr.next(Saving, { path: "posts/1" });
		const entity = emgr.next(Saving, { entity: tags });
		for (const event of [saving(posts, 1), saving(posts, 2), saving(tags, 3)]) {
			await emgr.emit(event);
		}
		const heard = await Promise.all([where, path, entity]);
		expect(heard.map((event) => event.path)).toEqual(["posts/2", "posts/1", "tags/3"]);
	});

	it("leaves nothing behind when the event came", async () => {
		vi.useFakeTimers();
		const { emgr } = manager();
		const { signal } = new AbortController();
		const next = emgr.next(Plain, { timeout: 100, signal });
		expect([emgr.getListeners().length, vi.getTimerCount()]).toEqual([1, 1]);
		await emgr.emit(new Plain({ n: 1 }));
		await next;
		expect([emgr.getListeners().length, vi.getTimerCount(), emgr.has(Plain)]).toEqual([
			0,
			0,
			false,
		]);
		expect(getEventListeners(signal, "abort")).toEqual([]);
	});

	it("leaves nothing behind when it waited too long", async () => {
		vi.useFakeTimers();
		const { emgr } = manager();
		const late = failure(() => emgr.next(Plain, { timeout: 100 }));
		await vi.advanceTimersByTimeAsync(100);
		expect(await late).toMatchObject({
			code: "channel_timeout",
			kind: "unavailable",
			retryable: true,
			message: "No event came within 100 ms.",
		});
		expect([emgr.getListeners(), vi.getTimerCount()]).toEqual([[], 0]);
	});

	it("leaves nothing behind when it is aborted, now or before", async () => {
		const { emgr } = manager();
		const abort = new AbortController();
		const now = failure(() => emgr.next(Plain, { signal: abort.signal }));
		const reason = new Error("Enough.");
		abort.abort(reason);
		expect(await now).toBe(reason);
		expect(await failure(() => emgr.next(Plain, { signal: abort.signal }))).toBe(reason);
		expect(emgr.getListeners()).toEqual([]);
		expect(getEventListeners(abort.signal, "abort")).toEqual([]);
	});

	it("rejects when its listener is removed, so that nobody waits for ever", async () => {
		const { emgr } = manager();
		const waiting = emgr.withSource("plugin", () => [failure(() => emgr.next(Plain))]);
		emgr.offSource("plugin");
		expect(await (await waiting)[0]).toMatchObject({ code: "channel_closed", kind: "unavailable" });
	});

	it.each([
		["what there is not", "plane", {}, "unknown_event"],
		["a bad glob", "a..b", {}, "bad_pattern"],
		["a timeout of 0", "plain", { timeout: 0 }, "bad_channel"],
		["an empty path", "plain", { path: "" }, "bad_listener"],
	])("rejects for %s, and leaves nothing behind", async (_, ref, options, code) => {
		const { emgr } = manager();
		const next = emgr.next(ref, options);
		expect(await failure(() => next)).toMatchObject({ name: "EventError", code, kind: "invalid" });
		expect(emgr.getListeners()).toEqual([]);
	});
});

import { describe, expect, it } from "vitest";
import { EventManager } from "../../src/events/index.ts";
import { expectEvents, spy } from "../../src/testing/index.ts";
import { Other, Piped, Plain, posts, Saving, saving } from "../events/stand-ins.ts";

describe("spy", () => {
	it("records every event, also those nobody else listens to", async () => {
		const emgr = new EventManager([Plain]);
		using events = spy(emgr);
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.emit(new Plain({ n: 2 }));
		await emgr.emit(saving(posts));
		await emgr.emit("ad.hoc", 1);
		expect(events.slugs).toEqual(["plain", "plain", "saving", "ad.hoc"]);
		expect(events.counts()).toEqual({ plain: 2, saving: 1, "ad.hoc": 1 });
		expect([
			events.count(Plain),
			events.count("plain"),
			events.count("data.posts.**"),
			events.count(Saving),
			events.count("*"),
			events.count(Other),
		]).toEqual([2, 2, 1, 1, 4, 0]);
		expect(events.events[1]?.params).toEqual({ n: 2 });
		events.clear();
		expect(events.slugs).toEqual([]);
	});

	it("records what was emitted, also when a listener changes or refuses it", async () => {
		const emgr = new EventManager([Piped]);
		emgr.onEvent(Piped, () => "changed", { mode: "sync", order: -1000 });
		using events = spy(emgr);
		await emgr.emit(new Piped({ text: "a" }));
		emgr.onEvent(Piped, () => Promise.reject(new Error("refused")), { mode: "sync", order: -1000 });
		await emgr.emit(new Piped({ text: "b" })).catch(() => {});
		expect(events.events.map(({ params }) => params)).toEqual([{ text: "a" }, { text: "b" }]);
	});

	it("stops when it is disposed", async () => {
		const emgr = new EventManager([Plain]);
		{
			using events = spy(emgr);
			expect([events.slugs, emgr.has(Plain)]).toEqual([[], true]);
		}
		expect(emgr.has(Plain)).toBe(false);
	});
});

describe("expectEvents", () => {
	it("passes when everything named was emitted as often, and no others beyond *", async () => {
		const emgr = new EventManager([Plain, Other]);
		using events = spy(emgr);
		expectEvents(events, { "*": 0 });
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.emit(new Other());
		expectEvents(events, { "*": 0, plain: 1, other: 1 });
		expectEvents(events, { "*": 1, plain: 1 });
		expectEvents(events, { plain: 1, never: 0 });
	});

	it("lists every difference", async () => {
		const emgr = new EventManager([Plain, Other]);
		using events = spy(emgr);
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.emit(new Other());
		expect(() => expectEvents(events, { "*": 0, plain: 2, never: 1 })).toThrow(
			[
				"Other events were emitted:",
				'"plain": expected 2, emitted 1',
				'"never": expected 1, emitted 0',
				'others: expected 0, emitted 1 ("other" 1)',
			].join("\n"),
		);
	});
});

import { describe, expect, it } from "vitest";
import { EventManager } from "../../src/events/index.ts";
import { ListenerIndex } from "../../src/events/listener-index.ts";
import { Listener } from "../../src/events/listener.ts";
import { Pattern } from "../../src/events/pattern.ts";
import { manager, Other, Plain, posts, Saving, saving } from "./stand-ins.ts";

describe("many listeners", () => {
	it("10 000 unrelated ones and 1 000 globs don't change what has says, or how", () => {
		const { emgr } = manager();
		emgr.onEvent(Saving, () => {}, { mode: "sync", entity: posts });
		const answers = (): boolean[] => [
			emgr.has(Plain),
			emgr.has(Other),
			emgr.has(Saving),
			emgr.has(Saving, "posts"),
			emgr.has(Saving, "tags"),
		];
		const before = answers();
		for (let i = 0; i < 10_000; i++) emgr.on(`unrelated.name${i}`, () => {});
		for (let i = 0; i < 1_000; i++) emgr.on(`glob${i}.**.(a|b)*`, () => {});
		expect(answers()).toEqual(before);
		expect(before).toEqual([false, false, true, true, false]);
	});

	it("has prepares a class once and matches no pattern again until listeners change", () => {
		const { emgr } = manager();
		const matched: string[] = [];
		const original = Pattern.prototype.matches;
		Pattern.prototype.matches = function matches(text: string): boolean {
			matched.push(text);
			return original.call(this, text);
		};
		try {
			emgr.on("glob.**", () => {});
			matched.length = 0;
			for (let i = 0; i < 100; i++) emgr.has(Plain);
			expect(matched).toEqual(["plain"]);
			for (let i = 0; i < 100; i++) void emgr.dispatch(new Plain({ n: i }));
			expect(matched).toEqual(["plain"]);
			emgr.on("other.**", () => {});
			for (let i = 0; i < 100; i++) emgr.has(Plain);
			expect(matched.filter((name) => name === "plain")).toHaveLength(3);
		} finally {
			Pattern.prototype.matches = original;
		}
	});

	it("of one class leave the plans of others alone", () => {
		const index = new ListenerIndex({ entityNames: () => undefined, hint: () => "" });
		index.classes.add(Plain);
		index.classes.add(Other);
		const plans = [index.planFor(Plain), index.planFor(Other)];
		index.add(
			new Listener([Pattern.parse("plain")], () => {}, "sync", { number: 1, source: "test" }),
		);
		expect(index.planFor(Plain)).not.toBe(plans[0]);
		expect(index.planFor(Other)).toBe(plans[1]);
	});

	it("10 000 of one event all run in order, and all go", async () => {
		const { emgr } = manager();
		const calls: number[] = [];
		const subscriptions = Array.from({ length: 10_000 }, (_, n) =>
			emgr.onEvent(Plain, () => void calls.push(n), { mode: "sync", order: n % 10 }),
		);
		await emgr.emit(new Plain({ n: 1 }));
		expect(calls).toHaveLength(10_000);
		expect(calls.slice(0, 3)).toEqual([0, 10, 20]);
		expect(calls.at(-1)).toBe(9_999);
		for (const subscription of subscriptions) subscription.unsubscribe();
		expect([emgr.has(Plain), emgr.getListeners().length]).toEqual([false, 0]);
	});

	it("registering 10 000 compares no listener with all others", () => {
		const { emgr } = manager();
		let compared = 0;
		for (let n = 0; n < 10_000; n++) {
			emgr.onEvent(Plain, () => {}, {
				mode: "sync",
				get order() {
					compared++;
					return 0;
				},
			});
		}
		expect(compared).toBe(10_000);
	});

	it("10 000 once listeners are all spent by one emit", async () => {
		const { emgr } = manager();
		let calls = 0;
		for (let n = 0; n < 10_000; n++) emgr.once(Plain, () => void calls++, "sync");
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.emit(new Plain({ n: 2 }));
		expect([calls, emgr.getListeners().length]).toEqual([10_000, 0]);
	});
});

describe("names without bound", () => {
	it("leave no more behind than a fixed number of plans", async () => {
		const index = new ListenerIndex({ entityNames: () => undefined, hint: () => "" });
		const plans = new Set(Array.from({ length: 5_000 }, (_, n) => index.planNamed(`a.b${n}`)));
		expect(plans.size).toBe(5_000);
		const kept = Array.from({ length: 5_000 }, (_, n) => n).filter((n) =>
			plans.has(index.planNamed(`a.b${n}`)),
		);
		expect(kept.length).toBeLessThanOrEqual(1_024);
	});

	it("of entities work the same", async () => {
		const { emgr } = manager();
		let calls = 0;
		emgr.on("data.*.save.before", () => void calls++, "sync");
		for (let n = 0; n < 3_000; n++) await emgr.emit(saving({ name: `e${n}` }));
		expect(calls).toBe(3_000);
	});

	it("of listeners that came and went leave nothing behind", () => {
		const { emgr } = manager();
		for (let n = 0; n < 1_000; n++) emgr.on(`dynamic.${n}`, () => {}).unsubscribe();
		expect(emgr.explain().map(({ event }) => event)).not.toContain("dynamic.1");
		expect(emgr.getListeners()).toEqual([]);
	});
});

describe("independent managers", () => {
	it("share event classes and nothing else", async () => {
		const one = new EventManager([Plain]);
		const two = new EventManager([Plain]);
		one.onEvent(Plain, () => {}, "sync");
		expect([one.has(Plain), two.has(Plain)]).toEqual([true, false]);
	});
});

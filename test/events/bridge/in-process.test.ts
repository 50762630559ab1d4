import { describe, expect, it } from "vitest";
import { InProcessBus } from "../../../src/events/index.ts";
import type { EventAdapter } from "../../../src/events/index.ts";
import { adapterConformance } from "../../../src/testing/index.ts";
import type { BusUnderTest } from "../../../src/testing/index.ts";

describe("an adapter of the bus of one process", () => {
	const cases = adapterConformance(() => new InProcessBus());
	it.each(cases)("$name", ({ run }) => run());
});

/** A bus whose adapters differ from what they should be. */
function broken(change: (adapter: EventAdapter) => Partial<EventAdapter>): BusUnderTest {
	const bus = new InProcessBus();
	return {
		adapter() {
			const adapter = bus.adapter();
			return { ...adapter, ...change(adapter) };
		},
	};
}

/** What each wrong adapter is, and the cases that must find it out. */
const BROKEN: readonly (readonly [string, () => BusUnderTest, readonly RegExp[]])[] = [
	[
		"loses everything",
		() => broken(() => ({ publish: () => {} })),
		[
			/every other end/,
			/order/,
			/falsy/,
			/any text/,
			/200 KiB/,
			/echo/,
			/subscription/,
			/stopped$/,
		],
	],
	[
		"loses falsy data",
		() =>
			broken(({ publish }) => ({
				publish: (one) => publish({ ...one, data: one.data || undefined }),
			})),
		[/falsy/, /order/],
	],
	[
		"turns the order round",
		() =>
			broken(({ publish }) => {
				const held: Parameters<typeof publish>[0][] = [];
				return {
					publish(one) {
						if (held.push(one) === 1) queueMicrotask(() => held.reverse().forEach(publish));
					},
				};
			}),
		[/order/],
	],
	[
		"takes the origin away",
		() => broken(({ publish }) => ({ publish: (one) => publish({ ...one, origin: "somebody" }) })),
		[/every other end/, /echo/],
	],
	[
		"knows ASCII only",
		() =>
			broken(({ publish }) => ({
				publish: (one) => publish(JSON.parse(JSON.stringify(one).replace(/[^\0-\x7f]/g, "?"))),
			})),
		[/any text/],
	],
	[
		"cuts what is large",
		() =>
			broken(({ publish }) => ({
				publish: (one) => (JSON.stringify(one).length > 65_536 ? undefined : publish(one)),
			})),
		[/200 KiB/],
	],
	[
		"goes on after its end",
		() =>
			broken(({ subscribe }) => ({
				subscribe: (receive) => void subscribe?.(receive),
				stop: () => {},
			})),
		[/subscription/, /stopped$/],
	],
	[
		"cannot be stopped twice",
		() =>
			broken(({ stop }) => {
				let stopped = false;
				return {
					stop() {
						if (stopped) throw new Error("It was stopped already.");
						stopped = true;
						return stop?.();
					},
				};
			}),
		[/twice/],
	],
	[
		"cannot subscribe",
		() => broken(() => ({ subscribe: undefined as never })),
		[/every other end/],
	],
];

describe("the suite", () => {
	it.each(BROKEN)("finds out an adapter that %s", async (_, makeBus, cases) => {
		const failed: string[] = [];
		for (const { name, run } of adapterConformance(makeBus, { timeout: 20 })) {
			await run().catch((error: Error) => {
				expect(error.message).toMatch(/^Expected .+|^The adapter cannot subscribe\.$/s);
				failed.push(name);
			});
		}
		for (const one of cases) expect(failed.filter((name) => one.test(name))).toHaveLength(1);
		expect(failed.length).toBeLessThan(10);
	});
});

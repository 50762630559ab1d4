import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { BoundedCache } from "../../src/kernel/bounded-cache.ts";

describe("BoundedCache", () => {
	test("makes a value once, for as long as it is asked for", () => {
		const cache = new BoundedCache<string, object>(2);
		const make = vi.fn<() => object>(() => ({}));
		const first = cache.getOrMake("kept", make);
		for (let index = 0; index < 100; index++) {
			cache.getOrMake(`other ${index}`, () => ({}));
			expect(cache.getOrMake("kept", make)).toBe(first);
		}
		expect(make).toHaveBeenCalledOnce();
	});

	test("never holds more than twice its size, and always answers what belongs to the key", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 5 }),
				fc.array(fc.integer({ min: 0, max: 20 })),
				(size, keys) => {
					const cache = new BoundedCache<number, { key: number }>(size);
					for (const key of keys) {
						expect(cache.getOrMake(key, (made) => ({ key: made })).key).toBe(key);
						expect(cache.size).toBeLessThanOrEqual(2 * size);
					}
				},
			),
		);
	});

	test("keeps nothing of a value that could not be made", () => {
		const cache = new BoundedCache<string, object>(2);
		const fail = () => {
			throw new Error("no");
		};
		expect(() => cache.getOrMake("a", fail)).toThrow("no");
		expect(cache.size).toBe(0);
	});

	test("can be cleared", () => {
		const cache = new BoundedCache<string, object>(2);
		cache.getOrMake("a", () => ({}));
		cache.clear();
		expect(cache.size).toBe(0);
	});
});

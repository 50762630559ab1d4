import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import {
	chain,
	isPromise,
	rescue,
	run,
	toPromise,
	wait,
	type Maybe,
} from "../../src/kernel/maybe.ts";

const failure = new Error("failure");
const fail = (): never => {
	throw failure;
};

const promiseLike = Object.create(Promise.prototype, {}) as Promise<unknown>;

describe("isPromise", () => {
	test.for([Promise.resolve(), promiseLike])("%o is one", (value) => {
		expect(isPromise(value as Promise<unknown>)).toBe(true);
	});

	test.for([undefined, null, 0, "then", {}, { [Symbol("then")]: 1 }, () => {}])(
		"%o is none",
		(value) => {
			expect(isPromise(value as unknown as Promise<unknown>)).toBe(false);
		},
	);
});

describe("chain", () => {
	test("goes on at once with a value", () => {
		expect(chain(1, (value) => value + 1)).toBe(2);
	});

	test("goes on later with a promise, of either step", async () => {
		await expect(chain(Promise.resolve(1), (value) => value + 1)).resolves.toBe(2);
		await expect(chain(1, (value) => Promise.resolve(value + 1))).resolves.toBe(2);
	});

	test("throws at once what the next step throws at once", () => {
		expect(() => chain(1, fail)).toThrow(failure);
	});
});

describe("rescue", () => {
	test("answers the value when nothing fails", async () => {
		const recover = vi.fn<(error: unknown) => number>();
		expect(rescue(() => 1, recover)).toBe(1);
		await expect(rescue(() => Promise.resolve(1), recover)).resolves.toBe(1);
		expect(recover).not.toHaveBeenCalled();
	});

	test("recovers from a throw at once, from a rejection later", async () => {
		expect(rescue<unknown>(fail, (error) => error)).toBe(failure);
		await expect(
			rescue<unknown>(
				() => Promise.reject(failure),
				(error) => error,
			),
		).resolves.toBe(failure);
	});
});

describe("toPromise", () => {
	test("makes a promise of everything", async () => {
		await expect(toPromise(() => 1)).resolves.toBe(1);
		await expect(toPromise(() => Promise.resolve(1))).resolves.toBe(1);
		await expect(toPromise(fail)).rejects.toBe(failure);
	});
});

describe("run", () => {
	test("is synchronous for as long as nothing is a promise", () => {
		expect(
			run(function* () {
				const one = yield* wait(1);
				return one + (yield* wait(2));
			}),
		).toBe(3);
	});

	test("does the same with promises in any places", async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.tuple(fc.integer(), fc.boolean())), async (items) => {
				const result: Maybe<number[]> = run(function* () {
					const seen: number[] = [];
					for (const [value, later] of items) {
						seen.push(yield* wait<number>(later ? Promise.resolve(value) : value));
					}
					return seen;
				});
				expect(isPromise(result)).toBe(items.some(([, later]) => later));
				expect(await result).toEqual(items.map(([value]) => value));
			}),
		);
	});

	test("lets the procedure catch what it waits for, and clean up", async () => {
		const order: unknown[] = [];
		const result = run(function* () {
			try {
				yield* wait(Promise.reject(failure));
			} catch (error) {
				order.push(error);
			} finally {
				order.push("finally");
			}
			return yield* wait(Promise.resolve("done"));
		});
		await expect(result).resolves.toBe("done");
		expect(order).toEqual([failure, "finally"]);
	});

	test("throws at once before the first promise, and rejects after it", async () => {
		expect(() =>
			run(function* () {
				yield* wait(1);
				throw failure;
			}),
		).toThrow(failure);
		await expect(
			run(function* () {
				yield* wait(Promise.resolve());
				throw failure;
			}),
		).rejects.toBe(failure);
	});

	test("waits for thousands of promises without growing the stack", async () => {
		const count = 20_000;
		const result = run(function* () {
			let sum = 0;
			for (let index = 0; index < count; index++) sum += yield* wait<number>(Promise.resolve(1));
			return sum;
		});
		await expect(result).resolves.toBe(count);
	});
});

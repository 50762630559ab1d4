import { describe, expect, test } from "vitest";
import { BusyQueue } from "../../../src/data/drivers/busy-queue.ts";

const BUSY = new Error("busy");

/** A queue whose time passes only in its own pauses, and a lock that is free after some of them. */
function queueWithLock({ freeAfter }: { readonly freeAfter: number }) {
	const pauses: number[] = [];
	let now = 0;
	const queue = new BusyQueue((error) => error === BUSY, {
		busyTimeout: 1_000,
		clock: { now: () => now },
		delay: async (milliseconds) => {
			pauses.push(milliseconds);
			now += milliseconds;
		},
		random: () => 0.5,
	});
	const locked = <T>(value: T): T => {
		if (pauses.length < freeAfter) throw BUSY;
		return value;
	};
	return { queue, pauses, locked };
}

describe("BusyQueue", () => {
	test("answers when the lock is free, after pauses that grow to a bound", async () => {
		const { queue, pauses, locked } = queueWithLock({ freeAfter: 8 });
		expect(await queue.wait(() => locked("done"))).toBe("done");
		expect(pauses).toEqual([3, 6, 12, 24, 37.5, 37.5, 37.5, 37.5]);
	});

	test("runs calls in the order in which they came, at once when the lock is free", async () => {
		const { queue, pauses, locked } = queueWithLock({ freeAfter: 3 });
		const order: number[] = [];
		await Promise.all([1, 2, 3].map((call) => queue.wait(() => order.push(locked(call)))));
		expect(order).toEqual([1, 2, 3]);
		expect(pauses).toHaveLength(3);
	});

	test("only the first waiting call asks whether the lock is free", async () => {
		const { queue, locked } = queueWithLock({ freeAfter: 5 });
		let asked = 0;
		const call = (): void => {
			asked++;
			locked(0);
		};
		await Promise.all(Array.from({ length: 10 }, () => queue.wait(call)));
		expect(asked).toBe(4 + 10);
	});

	test("gives up with the engine's error after the timeout, each call by its own", async () => {
		const { queue, pauses, locked } = queueWithLock({ freeAfter: Infinity });
		const first = queue.wait(() => locked(1));
		const second = queue.wait(() => locked(2));
		await expect(first).rejects.toBe(BUSY);
		await expect(second).rejects.toBe(BUSY);
		expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThan(1_050);
		expect(queue.isWaiting).toBe(false);
	});

	test("another failure reaches its own call and holds up no other", async () => {
		const { queue, locked } = queueWithLock({ freeAfter: 2 });
		const failing = queue.wait(() => {
			locked(0);
			throw new Error("mine");
		});
		const fine = queue.wait(() => locked("fine"));
		await expect(failing).rejects.toThrow("mine");
		expect(await fine).toBe("fine");
	});

	test("a long queue lets the event loop have its turns", async () => {
		const { queue, pauses, locked } = queueWithLock({ freeAfter: 1 });
		await Promise.all(Array.from({ length: 100 }, (_, call) => queue.wait(() => locked(call))));
		expect(pauses.slice(1)).toEqual([0, 0, 0]);
	});

	test("is idle when nothing waits, and again after the last call", async () => {
		const { queue, locked } = queueWithLock({ freeAfter: 2 });
		expect(queue.idle).toBeUndefined();
		const waiting = queue.wait(() => locked(1));
		await queue.idle;
		expect(queue.isWaiting).toBe(false);
		expect(queue.idle).toBeUndefined();
		expect(await waiting).toBe(1);
		expect(await queue.wait(() => "again")).toBe("again");
	});
});

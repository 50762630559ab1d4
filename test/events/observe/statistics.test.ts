import { describe, expect, it, vi } from "vitest";
import { statistics, type EventStats, type Instrument } from "../../../src/events/index.ts";
import { Happened, manager, Other, Piped, Plain, signal } from "../stand-ins.ts";

/** A manager that counts, on a clock that the test sets. */
function counting(instruments: readonly Instrument[] = []) {
	const clock = { time: 1000, asked: 0 };
	const now = (): number => {
		clock.asked++;
		return clock.time;
	};
	const { emgr, log } = manager({ instruments: [...instruments, statistics({ now })] });
	return { emgr, log, clock };
}

function only({ perListener }: EventStats) {
	expect(perListener).toHaveLength(1);
	return perListener[0] as EventStats["perListener"][number];
}

describe("the statistics of a manager", () => {
	it("say how many listeners there are and what waits, where nothing is measured", async () => {
		const { emgr } = manager();
		emgr.onEvent(Plain, () => {}, { id: "later" });
		const scope = emgr.scope();
		await scope.emit(new Plain({ n: 1 }));
		const stats = emgr.stats;
		expect(stats).toEqual({
			measured: false,
			listeners: 1,
			pending: 1,
			calls: 0,
			errors: 0,
			perListener: [
				{ id: "later", source: "app", mode: "async", refs: ["plain"], calls: 0, errors: 0 },
			],
		});
		await scope.executeAsyncs();
		expect(emgr.stats).toEqual({ ...stats, pending: 0 });
	});

	it("count what runs as pending until it is done", async () => {
		const { emgr } = counting();
		const gate = signal();
		emgr.onEvent(Plain, () => gate.promise);
		const scope = emgr.scope();
		await scope.emit(new Plain({ n: 1 }));
		const done = scope.executeAsyncs();
		expect(emgr.stats.pending).toBe(1);
		gate.resolve();
		await done;
		expect(emgr.stats).toMatchObject({ pending: 0, calls: 1 });
	});

	it("are a frozen snapshot of plain data", async () => {
		const { emgr } = counting();
		emgr.onEvent(Plain, () => {}, { mode: "sync", id: "one" });
		const before = emgr.stats;
		await emgr.emit(new Plain({ n: 1 }));
		expect(before.calls).toBe(0);
		const after = emgr.stats;
		expect(structuredClone(after)).toEqual(after);
		for (const part of [after, after.perListener, only(after), only(after).refs]) {
			expect(Object.isFrozen(part)).toBe(true);
		}
	});

	it("count calls by listener, sync and async, in the order of registration", async () => {
		const { emgr } = counting();
		void emgr.withSource("plugin:a", () => emgr.onEvent(Plain, () => {}, { id: "async" }));
		emgr.on(["other", "plain"], () => {}, { mode: "sync", id: "sync" });
		await emgr.emit(new Plain({ n: 1 }), undefined, { settle: true });
		await emgr.emit(new Other());
		const { calls, perListener } = emgr.stats;
		expect(calls).toBe(3);
		expect(perListener).toEqual([
			expect.objectContaining({ id: "async", source: "plugin:a", mode: "async", calls: 1 }),
			expect.objectContaining({ id: "sync", refs: ["other", "plain"], calls: 2 }),
		]);
	});

	it("do not count a listener that is not called", async () => {
		const { emgr } = counting();
		emgr.onEvent(Plain, () => {}, { mode: "sync", where: () => false });
		await emgr.emit(new Plain({ n: 1 }));
		expect(emgr.stats).toMatchObject({ listeners: 1, calls: 0 });
	});

	it("keep the totals of listeners that are gone", async () => {
		const { emgr } = counting();
		emgr.once(Plain, () => {}, "sync");
		await emgr.emit(new Plain({ n: 1 }));
		expect(emgr.stats).toMatchObject({ listeners: 0, calls: 1, perListener: [] });
	});

	it("have nothing of channels, which are no listeners", async () => {
		const { emgr } = counting();
		using _channel = emgr.subscribe(Plain);
		await emgr.emit(new Plain({ n: 1 }));
		expect(emgr.stats).toMatchObject({ listeners: 0, calls: 0, perListener: [] });
	});
});

describe("errors", () => {
	it("are throws and later rejections, each of them, timed or not", async () => {
		const { emgr } = counting();
		const onError = (): void => {};
		emgr.onEvent(Plain, () => Promise.reject(new Error("no")), { id: "async", onError });
		emgr.onEvent(
			Happened,
			() => {
				throw new Error("no");
			},
			{ mode: "sync", id: "sync", onError },
		);
		for (let n = 0; n < 100; n++) {
			await emgr.emit(new Plain({ n }), undefined, { settle: true });
			await emgr.emit(new Happened({ n }));
		}
		expect(emgr.stats).toMatchObject({
			calls: 200,
			errors: 200,
			perListener: [
				{ calls: 100, errors: 100 },
				{ calls: 100, errors: 100 },
			],
		});
	});

	it("that abort an emit still abort it, and count once", async () => {
		const { emgr } = counting();
		emgr.onEvent(
			Plain,
			async () => {
				await Promise.resolve();
				throw new Error("no");
			},
			"sync",
		);
		await expect(emgr.emit(new Plain({ n: 1 }))).rejects.toThrow("no");
		expect(emgr.stats).toMatchObject({ calls: 1, errors: 1 });
	});

	it("are timeouts, too", async () => {
		vi.useFakeTimers();
		try {
			const { emgr } = counting();
			emgr.onEvent(Plain, () => new Promise(() => {}), { mode: "sync", timeout: 50 });
			const emitted = emgr.emit(new Plain({ n: 1 })).catch((error: unknown) => error);
			await vi.advanceTimersByTimeAsync(50);
			expect(await emitted).toMatchObject({ code: "listener_timeout" });
			expect(only(emgr.stats)).toMatchObject({ calls: 1, errors: 1 });
		} finally {
			vi.useRealTimers();
		}
	});
});

describe("times", () => {
	it("are those of the first 64 calls, then of one in 16", async () => {
		const { emgr, clock } = counting();
		emgr.onEvent(Plain, () => {}, "sync");
		for (let n = 0; n < 64; n++) void emgr.dispatch(new Plain({ n }));
		expect(clock.asked).toBe(128);
		for (let n = 0; n < 160; n++) void emgr.dispatch(new Plain({ n }));
		expect(clock.asked).toBe(128 + 20);
		expect(emgr.stats.calls).toBe(224);
	});

	it("are there once one was taken, in milliseconds with three decimals", () => {
		const { emgr, clock } = counting();
		emgr.onEvent(Plain, ({ params: { n } }) => void (clock.time += n), "sync");
		expect(only(emgr.stats)).not.toHaveProperty("p50");
		void emgr.dispatch(new Plain({ n: 1.23456 }));
		expect(only(emgr.stats)).toMatchObject({ p50: 1.235, p95: 1.235 });
	});

	it("are told as what half of the calls, and 95 %, took at most", () => {
		const { emgr, clock } = counting();
		emgr.onEvent(Plain, ({ params: { n } }) => void (clock.time += n), "sync");
		for (let n = 60; n >= 1; n--) void emgr.dispatch(new Plain({ n }));
		expect(only(emgr.stats)).toMatchObject({ p50: 30, p95: 57 });
	});

	it("are forgotten after 128 newer ones", () => {
		const { emgr, clock } = counting();
		emgr.onEvent(Plain, ({ params: { n } }) => void (clock.time += n), "sync");
		for (let call = 0; call < 64; call++) void emgr.dispatch(new Plain({ n: 100 }));
		expect(only(emgr.stats)).toMatchObject({ p50: 100, p95: 100 });
		for (let call = 0; call < 16 * 128; call++) void emgr.dispatch(new Plain({ n: 2 }));
		expect(only(emgr.stats)).toMatchObject({ p50: 2, p95: 2 });
	});

	it("go on until a promise settles, and leave its value as it is", async () => {
		const { emgr, clock } = counting();
		const gate = signal<string>();
		emgr.onEvent(Piped, () => gate.promise, "sync");
		const emitted = emgr.emit(new Piped({ text: "a" }));
		clock.time += 7;
		gate.resolve("b");
		expect((await emitted).params.text).toBe("a-b");
		expect(only(emgr.stats)).toMatchObject({ calls: 1, errors: 0, p50: 7 });
	});

	it("are taken without a second look at what is no promise, but can be awaited", async () => {
		const { emgr } = counting();
		let looks = 0;
		const lazy = {
			// oxlint-disable-next-line unicorn/no-thenable -- as query builders are
			then(resolve: (value: undefined) => void) {
				looks++;
				resolve(undefined);
			},
		};
		emgr.onEvent(Plain, () => lazy as unknown as Promise<void>, "sync");
		await emgr.emit(new Plain({ n: 1 }));
		expect(looks).toBe(1);
	});

	it("are never below 0, also where the clock is set back", () => {
		const { emgr, clock } = counting();
		emgr.onEvent(Plain, () => void (clock.time -= 500), "sync");
		void emgr.dispatch(new Plain({ n: 1 }));
		expect(only(emgr.stats)).toMatchObject({ p50: 0, p95: 0 });
	});

	it("of calls that throw count as well", async () => {
		const { emgr, clock } = counting();
		emgr.onEvent(
			Happened,
			() => {
				clock.time += 3;
				throw new Error("no");
			},
			{ mode: "sync", onError: () => {} },
		);
		await emgr.emit(new Happened({ n: 1 }));
		expect(only(emgr.stats)).toMatchObject({ calls: 1, errors: 1, p50: 3 });
	});
});

describe("instruments", () => {
	it("may use their own `this`, alone and among others", async () => {
		class Noting implements Instrument {
			readonly seen: string[] = [];
			readonly #name: string;
			constructor(name: string) {
				this.#name = name;
			}
			emit<T>(event: { readonly slug: string }, go: () => T): T {
				this.seen.push(`${this.#name} ${event.slug}`);
				return go();
			}
			call<T>(call: { readonly listenerId: string }, go: () => T): T {
				this.seen.push(`${this.#name} ${call.listenerId}`);
				return go();
			}
		}
		const [first, last] = [new Noting("first"), new Noting("last")];
		for (const instruments of [[first], [first, last]]) {
			const { emgr } = manager({ instruments });
			emgr.onEvent(Plain, () => {}, { mode: "sync", id: "l" });
			await emgr.emit(new Plain({ n: 1 }));
		}
		expect(first.seen).toEqual(["first plain", "first l", "first plain", "first l"]);
		expect(last.seen).toEqual(["last plain", "last l"]);
	});
});

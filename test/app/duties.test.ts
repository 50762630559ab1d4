import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Config } from "../../src/app/config.ts";
import { createApp } from "../../src/app/create-app.ts";
import { defineEvent } from "../../src/events/define-event.ts";
import { silentLogger } from "../../src/kernel/logger.ts";
import { nodePlatform } from "../../src/runtime/node/platform.ts";
import { testApp } from "../support/test-app.ts";

const Swept = defineEvent<number>("swept.rows");

/** A duty that does these pieces of work, one number a step. */
function duty(name: string, pieces: readonly number[]) {
	const left = [...pieces];
	const steps: number[] = [];
	return {
		name,
		steps,
		async runOnce({ limit }: { readonly limit: number }) {
			steps.push(limit);
			return left.shift() ?? 0;
		},
	};
}

describe("runDuties", () => {
	test("goes step by step until a step does less than it may, plugins first", async () => {
		const [first, second] = [duty("first", [3, 3, 1, 3]), duty("second", [0])];
		const { app } = await testApp({
			plugins: [{ name: "sweeper", duties: [first] }],
			duties: [second],
		});
		expect(await app.runDuties({ limit: 3 })).toEqual([
			{ duty: "first", done: 7, finished: true },
			{ duty: "second", done: 0, finished: true },
		]);
		expect([first.steps, second.steps]).toEqual([[3, 3, 3], [3]]);
	});

	test("begins no step when the time is up, and no duty either", async () => {
		let now = 0;
		const endless = {
			name: "endless",
			runOnce: async () => {
				now += 400;
				return 100;
			},
		};
		const { app } = await testApp(
			{ duties: [endless, duty("late", [1])] },
			{ platform: { clock: { now: () => now } } },
		);
		expect(await app.runDuties({ timeout: 1000 })).toEqual([
			{ duty: "endless", done: 300, finished: false },
		]);
	});

	test("ends after the step in which it is aborted", async () => {
		const stop = new AbortController();
		const told: boolean[] = [];
		const aborting = {
			name: "aborting",
			runOnce: async ({ limit, signal }: { limit: number; signal: AbortSignal }) => {
				stop.abort();
				told.push(signal.aborted);
				return limit;
			},
		};
		const { app } = await testApp({ duties: [aborting, duty("late", [1])] });
		expect(await app.runDuties({ signal: stop.signal })).toEqual([
			{ duty: "aborting", done: 100, finished: false },
		]);
		expect(told).toEqual([true]);
	});

	test("logs one that fails, or answers no number, and goes on with the others", async () => {
		const error = new Error("no broom");
		const failing = { name: "failing", runOnce: () => Promise.reject(error) };
		const throwing = {
			name: "throwing",
			runOnce: () => {
				throw error;
			},
		};
		const { app, logs } = await testApp({
			duties: [failing, throwing, duty("nothing", [Number.NaN]), duty("last", [1])],
		});
		expect(await app.runDuties()).toEqual([
			{ duty: "failing", done: 0, finished: false, error },
			{ duty: "throwing", done: 0, finished: false, error },
			{ duty: "nothing", done: 0, finished: true },
			{ duty: "last", done: 1, finished: true },
		]);
		expect(logs.filter(({ level }) => level === "error")).toMatchObject([
			{ message: "A duty failed.", fields: { duty: "failing", error } },
			{ message: "A duty failed.", fields: { duty: "throwing", error } },
		]);
	});

	test("leaves a step that hangs to itself, says so, and goes on with the others", async () => {
		vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
		onTestFinished(() => void vi.useRealTimers());
		const signals: AbortSignal[] = [];
		const hanging = {
			name: "hanging",
			runOnce: ({ signal }: { signal: AbortSignal }) => {
				signals.push(signal);
				return new Promise<number>(() => {});
			},
		};
		const { app, logs } = await testApp({ duties: [hanging, duty("last", [1])] });
		const run = app.runDuties({ timeout: 100_000 });
		await vi.advanceTimersByTimeAsync(60_000);
		expect(await run).toMatchObject([
			{ duty: "hanging", error: { code: "duty_timeout" } },
			{ duty: "last", done: 1 },
		]);
		expect(signals[0]?.aborted).toBe(true);
		expect(logs.filter(({ level }) => level === "error")).toMatchObject([
			{ fields: { duty: "hanging", error: { code: "duty_timeout" } } },
		]);
	});

	test("waits for the async listeners of what a duty emits", async () => {
		const heard: number[] = [];
		const { app } = await testApp({
			onBuilt({ emgr }) {
				emgr.onEvent(Swept, async ({ params }) => {
					await Promise.resolve();
					heard.push(params);
				});
			},
			duties: [
				{
					name: "sweep",
					async runOnce() {
						await app.emgr.emit(Swept, 2);
						return 2;
					},
				},
			],
		});
		await app.runDuties();
		expect(heard).toEqual([2]);
	});

	test("does what the config says after it was changed", async () => {
		const { app } = await testApp({ duties: [duty("old", [1])] });
		await app.configure({ duties: [duty("new", [2])] });
		expect(await app.runDuties()).toEqual([{ duty: "new", done: 2, finished: true }]);
	});

	test("lets others have their turn between two steps", async () => {
		let turns = 0;
		const before: number[] = [];
		const busy = {
			name: "busy",
			async runOnce({ limit }: { readonly limit: number }) {
				setTimeout(() => turns++);
				return before.push(turns) < 3 ? limit : 0;
			},
		};
		const { app } = await testApp({ duties: [busy] });
		await app.runDuties();
		expect(before).toEqual([0, 1, 2]);
	});

	test.each([0, -1])(
		"is done with a duty that does nothing, also in steps of %s",
		async (limit) => {
			const idle = duty("idle", []);
			const { app } = await testApp({ duties: [idle] });
			expect(await app.runDuties({ limit, timeout: 50 })).toEqual([
				{ duty: "idle", done: 0, finished: true },
			]);
			expect(idle.steps).toEqual([limit]);
		},
	);

	test("builds the app if nobody did, so that nothing is written past its listeners", async () => {
		const order: string[] = [];
		const config: Config = {
			connection: { url: ":memory:" },
			onBuilt: () => void order.push("built"),
			duties: [{ name: "first", runOnce: async () => order.push("ran") && 0 }],
		};
		const app = createApp(config, nodePlatform({ env: {}, logger: silentLogger }));
		await app.runDuties();
		expect(order).toEqual(["built", "ran"]);
		await app.close();
		await expect(app.runDuties()).rejects.toMatchObject({ code: "app_closed" });
	});

	test("takes no step when the app was closed while it was built", async () => {
		const gate = Promise.withResolvers<void>();
		const late = duty("late", [1]);
		const config = { connection: { url: ":memory:" }, onBuilt: () => gate.promise, duties: [late] };
		const app = createApp(config, nodePlatform({ env: {}, logger: silentLogger }));
		const run = app.runDuties();
		const closed = app.close();
		gate.resolve();
		expect(await run).toEqual([]);
		expect(await closed).toEqual({ drained: true, pending: 0 });
		expect(late.steps).toEqual([]);
	});

	test("ends with the app, which waits for the step that runs", async () => {
		const [begun, step] = [Promise.withResolvers<AbortSignal>(), Promise.withResolvers<number>()];
		const held = {
			name: "held",
			runOnce: ({ signal }: { readonly signal: AbortSignal }) => {
				begun.resolve(signal);
				return step.promise;
			},
		};
		const { app, logs } = await testApp({ duties: [held, duty("late", [1])] });
		const run = app.runDuties();
		const signal = await begun.promise;
		const closed = app.close();
		expect(signal.aborted).toBe(true);
		step.resolve(100);
		expect(await run).toEqual([{ duty: "held", done: 100, finished: false }]);
		expect(await closed).toEqual({ drained: true, pending: 0 });
		expect(logs.filter(({ level }) => level === "error")).toEqual([]);
	});
});

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Config } from "../../../src/app/config.ts";
import { silentLogger, type Logger } from "../../../src/kernel/logger.ts";
import { NodeServer } from "../../../src/runtime/node/node-server.ts";
import type { StartOptions } from "../../../src/runtime/node/start-options.ts";

const OPTIONS = { port: 0, signals: "ignore", logger: silentLogger } as const;

/** A server whose one duty is held by the test. */
async function serving(options: StartOptions = {}) {
	const steps: PromiseWithResolvers<number>[] = [];
	const config: Config = {
		connection: { url: ":memory:" },
		duties: [
			{
				name: "held",
				runOnce() {
					const step = Promise.withResolvers<number>();
					steps.push(step);
					return step.promise;
				},
			},
		],
	};
	const server = await NodeServer.start(config, { ...OPTIONS, ...options });
	return { server, steps, config };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

describe("a server on Node", () => {
	it("runs duties a minute after its start, and a minute after each run", async () => {
		const { server, steps } = await serving();
		await vi.advanceTimersByTimeAsync(59_999);
		expect(steps).toHaveLength(0);
		await vi.advanceTimersByTimeAsync(1);
		expect(steps).toHaveLength(1);
		steps[0]?.resolve(0);
		await vi.advanceTimersByTimeAsync(60_000);
		expect(steps).toHaveLength(2);
		steps[1]?.resolve(0);
		await server.close();
	});

	it("begins no run beside another", async () => {
		const { server, steps } = await serving({ dutyInterval: 10 });
		await vi.advanceTimersByTimeAsync(50_000);
		expect(steps).toHaveLength(1);
		steps[0]?.resolve(0);
		await vi.advanceTimersByTimeAsync(10);
		expect(steps).toHaveLength(2);
		steps[1]?.resolve(0);
		await server.close();
	});

	it("waits at its end for the step that runs, and begins no other", async () => {
		const { server, steps } = await serving({ dutyInterval: 10 });
		await vi.advanceTimersByTimeAsync(10);
		const closed = server.close();
		steps[0]?.resolve(100);
		expect(await closed).toEqual({ clean: true, cut: 0, pending: 0 });
		await vi.advanceTimersByTimeAsync(1000);
		expect(steps).toHaveLength(1);
	});

	it("leaves duties to the first of several workers", async () => {
		const { server, steps } = await serving({ dutyInterval: 10, part: 2 });
		await vi.advanceTimersByTimeAsync(1000);
		expect(steps).toHaveLength(0);
		await server.close();
	});

	it("runs them with the app that answers: a run of the one before ends after its step", async () => {
		const { server, steps, config } = await serving({ dutyInterval: 10, replaceable: true });
		await vi.advanceTimersByTimeAsync(10);
		expect(steps).toHaveLength(1);
		await server.replace(config);
		steps[0]?.resolve(100);
		await vi.advanceTimersByTimeAsync(9);
		expect(steps, "the old app takes no further step").toHaveLength(1);
		await vi.advanceTimersByTimeAsync(1);
		expect(steps).toHaveLength(2);
		steps[1]?.resolve(0);
		await server.close();
	});

	it("runs none where the interval is longer than any timer", async () => {
		const { server, steps } = await serving({ dutyInterval: Infinity });
		await vi.advanceTimersByTimeAsync(86_400_000);
		expect(steps).toHaveLength(0);
		await server.close();
	});

	it("logs what keeps the duties from being run, and tries again", async () => {
		const error = vi.fn<Logger["error"]>();
		const logger = { ...silentLogger, error };
		const { server } = await serving({ dutyInterval: 10, logger });
		await server.app.close();
		await vi.advanceTimersByTimeAsync(20);
		expect(error).toHaveBeenCalledTimes(2);
		expect(error.mock.calls[0]).toMatchObject([
			"The duties could not be run.",
			{ error: { code: "app_closed" } },
		]);
		await server.close();
	});
});

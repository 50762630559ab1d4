import { describe, expect, it, vi } from "vitest";
import { EventManager, InProcessBus } from "../../src/events/index.ts";
import { silentLogger } from "../../src/kernel/logger.ts";

describe("stop", () => {
	it("runs what is deferred, also what that defers in turn, before anything ends", async () => {
		const emgr = new EventManager();
		const heard: string[] = [];
		emgr.on("a.b", async (_event, _slug, { emit }) => {
			await emit("c.d");
			heard.push("a.b");
		});
		emgr.on("c.d", () => void heard.push("c.d"));
		await emgr.emit("a.b");
		expect(heard).toEqual([]);
		expect(await emgr.stop()).toEqual({ drained: true, pending: 0 });
		expect(heard.toSorted()).toEqual(["a.b", "c.d"]);
	});

	it("ends channels after their buffered items, and who waits for the next event", async () => {
		const emgr = new EventManager();
		const channel = emgr.subscribe("a.*");
		const next = emgr.next("b.c");
		await emgr.emit("a.one", 1);
		await emgr.emit("a.two", 2);
		await Promise.all([
			emgr.stop(),
			expect(next).rejects.toMatchObject({ code: "channel_closed" }),
		]);
		const received: unknown[] = [];
		for await (const event of channel) received.push(event.params);
		expect(received).toEqual([1, 2]);
	});

	it("stops adapters, once, though one of them fails", async () => {
		const emgr = new EventManager([], { logger: silentLogger });
		const stop = vi.fn<() => never>(() => {
			throw new Error("no");
		});
		emgr.connect({ publish: () => {}, stop }, { publish: "**" });
		emgr.connect(new InProcessBus().adapter(), { publish: "**" });
		await Promise.all([emgr.stop(), emgr.stop()]);
		await emgr.stop();
		expect(stop).toHaveBeenCalledTimes(1);
	});

	it("lets events reach nobody from then on, and nobody listen", async () => {
		const emgr = new EventManager();
		const listener = vi.fn<() => void>();
		const subscription = emgr.on("a.b", listener, "sync");
		await emgr.stop();
		const event = await emgr.emit("a.b", 1);
		expect(event.params).toBe(1);
		expect(listener).not.toHaveBeenCalled();
		expect(subscription.active).toBe(false);
		expect(emgr.getListeners()).toEqual([]);
		for (const listen of [
			() => emgr.on("a.b", listener),
			() => emgr.subscribe("a.b"),
			() => emgr.pipe("a.b", { write: listener }),
		]) {
			expect(listen).toThrow(expect.objectContaining({ code: "manager_stopped" }));
		}
		await expect(emgr.next("a.b")).rejects.toMatchObject({ code: "manager_stopped" });
	});

	it("says what was not done in time", async () => {
		const emgr = new EventManager();
		const gate = Promise.withResolvers<void>();
		emgr.on("a.b", () => gate.promise);
		await emgr.emit("a.b");
		expect(await emgr.stop({ timeout: 1 })).toEqual({ drained: false, pending: 1 });
		gate.resolve();
	});
});

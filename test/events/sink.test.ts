import { describe, expect, it, vi } from "vitest";
import type { AnyEvent, Sink } from "../../src/events/index.ts";
import { Committing, failure, manager, Piped, Plain, wrong } from "./stand-ins.ts";

describe("pipe", () => {
	it("writes events to a sink, with slug and context, when the emit is done", async () => {
		const { emgr, log } = manager();
		const written: unknown[] = [];
		const sink = {
			name: "sink",
			write(event: AnyEvent, slug: string, ctx: { readonly emit: unknown }) {
				written.push([this.name, event.params, slug, typeof ctx.emit]);
				return Promise.resolve();
			},
		};
		const subscription = emgr.pipe("pl*", sink, { id: "to-sink" });
		await emgr.emit(new Plain({ n: 1 }));
		expect(written).toEqual([]);
		await emgr.executeAsyncs();
		expect(written).toEqual([["sink", { n: 1 }, "plain", "function"]]);
		expect(emgr.getListeners()).toMatchObject([{ id: "to-sink", mode: "async" }]);
		subscription.unsubscribe();
		await emgr.emit(new Plain({ n: 2 }));
		await emgr.executeAsyncs();
		expect([written.length, subscription.active, log.lines]).toEqual([1, false, []]);
	});

	it("takes the config of any listener", async () => {
		const { emgr } = manager();
		const write = vi.fn<Sink<Plain>["write"]>();
		emgr.pipe(Plain, { write }, { mode: "sync", once: true, where: ({ params }) => params.n > 1 });
		for (const n of [1, 2, 3]) await emgr.emit(new Plain({ n }));
		expect(write.mock.calls.map(([event]) => event.params.n)).toEqual([2]);
	});

	it("never takes what a sink returns for a reply", async () => {
		const { emgr, log } = manager();
		emgr.pipe(Piped, { write: () => wrong("b") }, "sync");
		emgr.pipe(Piped, { write: () => wrong(Promise.resolve("c")) }, "sync");
		emgr.pipe(Piped, { write: () => wrong("d") });
		const event = await emgr.emit(new Piped({ text: "a" }));
		await emgr.executeAsyncs();
		expect([event.params.text, log.lines]).toEqual(["a", []]);
	});

	it("reports what a sink throws, and goes on", async () => {
		const { emgr, log } = manager();
		emgr.pipe(Plain, { write: () => Promise.reject(new Error("The queue is down.")) });
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.executeAsyncs();
		expect(log.of("error")).toEqual(["A listener failed."]);
		emgr.pipe(Plain, { write: () => Promise.reject(new Error("No.")) }, "sync");
		expect(await failure(() => emgr.emit(new Plain({ n: 2 })))).toEqual(new Error("No."));
	});

	it("is refused where only sync listeners are, unless it is one", () => {
		const { emgr } = manager();
		const write = vi.fn<Sink<Committing>["write"]>();
		expect(() => emgr.pipe(Committing, { write })).toThrow(/takes sync listeners only/);
		emgr.pipe(Committing, { write }, "sync");
		emgr.emitSync(new Committing({ n: 1 }));
		expect(write).toHaveBeenCalledTimes(1);
	});

	it.each([undefined, null, {}, { write: 1 }, () => {}])("refuses %s at once", (sink) => {
		const { emgr } = manager();
		expect(() => emgr.pipe(Plain, wrong(sink))).toThrow(
			expect.objectContaining({ name: "EventError", code: "bad_sink", kind: "invalid" }),
		);
		expect(emgr.getListeners()).toEqual([]);
	});
});

// A program for the event surface that bknd documents, as it would be written there. Only the import
// of its classes says "burdock".
import { describe, expect, it } from "vitest";
import { Event, EventManager, InvalidEventReturn, NoParamEvent } from "../../src/events/index.ts";

class OrderEvent extends Event<{ id: number; note: string }, string> {
	static override slug = "order-event";

	isFirst() {
		return this.params.id === 1;
	}

	override validate(value: string) {
		if (typeof value !== "string") {
			throw new InvalidEventReturn("string", typeof value);
		}
		return this.clone({ ...this.params, note: [this.params.note, value].join("+") });
	}
}

class TickEvent extends NoParamEvent {
	static override slug = "tick-event";
}

const OrderEvents = { OrderEvent, TickEvent };

describe("a program for bknd's event manager", () => {
	it("hears by class, by slug and everything, async by default", async () => {
		const calls: string[] = [];
		const emgr = new EventManager();
		emgr.registerEvents(OrderEvents);

		emgr.onEvent(OrderEvents.OrderEvent, async (event, name) => {
			calls.push(`class ${name} ${event.params.note} ${event.isFirst()}`);
		});
		emgr.on("tick-event", async (_event, name) => {
			calls.push(`slug ${name}`);
		});
		emgr.onAny(async (_event, name) => {
			calls.push(`any ${name}`);
		});

		await emgr.emit(new OrderEvent({ id: 1, note: "a" }));
		await emgr.emit(new TickEvent());
		expect(calls).toEqual([]);
		await emgr.executeAsyncs();
		expect(calls).toEqual([
			"class order-event a true",
			"any order-event",
			"slug tick-event",
			"any tick-event",
		]);
		expect(() => emgr.on("unknown", () => {})).toThrow("unknown");
		expect(emgr.eventExists("order-event")).toBe(true);
		expect(emgr.eventExists(TickEvent)).toBe(true);
		expect(emgr.eventExists(new TickEvent())).toBe(true);
	});

	it("takes the mode as a third argument, for all three methods", async () => {
		const calls: string[] = [];
		const emgr = new EventManager({ OrderEvent, TickEvent });
		emgr.onEvent(TickEvent, () => void calls.push("class"), "sync");
		emgr.on("tick-event", () => void calls.push("slug"), { mode: "sync" });
		emgr.onAny(() => void calls.push("any"), "sync");
		await emgr.emit(new TickEvent());
		expect(calls).toEqual(["class", "slug", "any"]);
	});

	it("aborts in a sync listener, and changes the payload by returning one", async () => {
		const invalid: string[] = [];
		const emgr = new EventManager(OrderEvents, {
			onInvalidReturn: (event, error) => {
				invalid.push(`${event.slug}: ${error instanceof InvalidEventReturn}`);
			},
		});
		emgr.onEvent(OrderEvent, async () => "one", { mode: "sync" });
		emgr.onEvent(OrderEvent, () => "two", { mode: "sync" });
		emgr.onEvent(OrderEvent, () => 3 as never, { mode: "sync" });
		const event = await emgr.emit(new OrderEvent({ id: 1, note: "a" }));
		expect(event.returned).toBe(true);
		expect(event.params.note).toBe("a+one+two");
		expect(invalid).toEqual(["order-event: true"]);

		emgr.onEvent(
			OrderEvent,
			(refused) => {
				if (refused.params.id === 13) throw new Error("unlucky");
			},
			"sync",
		);
		await expect(emgr.emit(new OrderEvent({ id: 13, note: "" }))).rejects.toThrow("unlucky");
	});

	it("hands the running promises to an executor, as for waitUntil", async () => {
		const emgr = new EventManager(OrderEvents);
		const calls: string[] = [];
		const waited: Promise<unknown>[] = [];
		const executionContext = { waitUntil: (work: Promise<unknown>) => void waited.push(work) };
		emgr.onEvent(TickEvent, async () => void calls.push("once"), { once: true });
		emgr.onEvent(TickEvent, async () => void calls.push("first"), { id: "the-one" });
		emgr.onEvent(TickEvent, async () => void calls.push("second"), { id: "the-one" });
		await emgr.emit(new TickEvent());
		executionContext.waitUntil(emgr.executeAsyncs(async (running) => Promise.all(running)));
		await Promise.all(waited);
		await emgr.emit(new TickEvent());
		await emgr.executeAsyncs();
		expect(calls).toEqual(["once", "second", "second"]);
		expect(emgr.getListeners().map(({ id }) => id)).toEqual(["the-one"]);
	});
});

import { describe, expect, it } from "vitest";
import type { AnyEvent } from "../../../src/events/event-class.ts";
import { CoreEventManager, EventManager } from "../../../src/events/index.ts";
import type { Instrument } from "../../../src/events/index.ts";
import { Plain } from "../stand-ins.ts";

/** An instrument with a state of its own. */
class Log implements Instrument {
	readonly lines: string[] = [];

	emit<T>({ slug }: AnyEvent, go: () => T): T {
		this.lines.push(`emit ${slug}`);
		return go();
	}

	call<T>({ listenerId }: { readonly listenerId: string }, go: () => T): T {
		this.lines.push(`call ${listenerId}`);
		return go();
	}
}

describe("an instrument that is an object of a class", () => {
	it.each([
		["the core's manager", (log: Log) => new CoreEventManager([Plain], { instrument: log })],
		["a manager", (log: Log) => new EventManager([Plain], { instruments: [log] })],
		["one of two", (log: Log) => new EventManager([Plain], { instruments: [{}, log] })],
	])("goes around emits and calls of %s as itself", async (_, make) => {
		const log = new Log();
		const emgr = make(log);
		emgr.onEvent(Plain, () => {}, { mode: "sync", id: "a" });
		await emgr.emit(new Plain({ n: 1 }));
		expect(log.lines).toEqual(["emit plain", "call a"]);
	});
});

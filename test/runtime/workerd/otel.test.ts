import type { Span, SpanOptions, Tracer } from "@opentelemetry/api";
import { expect, it } from "vitest";
import { EventManager } from "../../../src/events/index.ts";
import { openTelemetry } from "../../../src/otel/index.ts";

/** A tracer that notes the spans it starts and ends: the SDK itself is made for Node and browsers. */
function notingTracer(notes: string[]): Tracer {
	let made = 0;
	const startSpan = (name: string, _options?: SpanOptions): Span => {
		notes.push(`start ${name}`);
		const spanId = (++made).toString(16).padStart(16, "0");
		return {
			spanContext: () => ({ traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId, traceFlags: 1 }),
			isRecording: () => true,
			end: () => void notes.push(`end ${name}`),
			setAttribute: () => {},
			setAttributes: () => {},
			setStatus: () => {},
			recordException: () => {},
		} as unknown as Span;
	};
	return { startSpan } as unknown as Tracer;
}

it("in a Worker, emits and calls of listeners are spans", async () => {
	const notes: string[] = [];
	const emgr = new EventManager([], {
		instruments: [openTelemetry({ tracer: notingTracer(notes) })],
	});
	emgr.on("order.paid", async () => {}, { id: "blocking", mode: "sync" });
	emgr.on("order.paid", () => {}, { id: "later" });
	await emgr.emit("order.paid", 1, { settle: true });
	await emgr.emit("order.unheard", 1);
	expect(notes.toSorted()).toEqual([
		"end blocking",
		"end later",
		"end order.paid",
		"start blocking",
		"start later",
		"start order.paid",
	]);
});

import {
	context,
	isSpanContextValid,
	SpanStatusCode,
	trace,
	TraceFlags,
	type Attributes,
	type Context,
	type Span,
	type Tracer,
} from "@opentelemetry/api";
import { SOURCE, STATE } from "../events/event.ts";
import type { AnyEvent } from "../events/event-class.ts";
import type { EventContext } from "../events/event-context.ts";
import type { Instrument } from "../events/instrument.ts";
import type { ListenerCall } from "../events/listener-call.ts";
import { whenDone } from "../events/observe/when-done.ts";
import { VERSION } from "../kernel/version.ts";

/** How events are traced. */
export interface OpenTelemetryOptions {
	/** What starts the spans. Default: the tracer `burdock` of the provider that is registered. */
	readonly tracer?: Tracer;
}

/** Makes spans of emits and of calls. */
class EventTracing implements Instrument {
	readonly #tracer: Tracer;
	/** Where the calls of an emit belong, however late they come. Clones of an event share its context. */
	readonly #emits = new WeakMap<EventContext, Context>();

	constructor(tracer: Tracer) {
		this.#tracer = tracer;
	}

	emit<T>(event: AnyEvent, go: () => T): T {
		const attributes: Attributes = { "burdock.event.topic": event.topic };
		if (event.path !== undefined) attributes["burdock.event.path"] = event.path;
		const parent = parentOf(event);
		const span = this.#tracer.startSpan(event.slug, { attributes }, parent);
		if (!isSpanContextValid(span.spanContext())) return go();
		const inside = trace.setSpan(parent, span);
		this.#emits.set(event.context, inside);
		if (span.isRecording()) span.setAttribute("burdock.event.id", event.context.id);
		return during(span, inside, go);
	}

	call<T>(call: ListenerCall, go: () => T): T {
		const { listener, event } = call;
		// The context of an event is made when it is first read: of one without a span, never here.
		const known = event[STATE]?.context;
		const parent = known && this.#emits.get(known);
		if (parent === undefined) return go();
		const attributes = {
			"burdock.event.slug": event.slug,
			"burdock.listener.mode": listener.mode,
		};
		const span = this.#tracer.startSpan(listener.id, { attributes }, parent);
		return during(span, trace.setSpan(parent, span), go);
	}
}

/** Where an emit belongs: below the active span, or else below the caller's that its request named. */
function parentOf(event: AnyEvent): Context {
	const active = context.active();
	if (trace.getSpan(active) !== undefined) return active;
	const { traceId, parentSpan, traceFlags } = event[SOURCE]?.meta ?? {};
	if (typeof traceId !== "string" || typeof parentSpan !== "string") return active;
	return trace.setSpanContext(active, {
		traceId,
		spanId: parentSpan,
		traceFlags: typeof traceFlags === "number" ? traceFlags : TraceFlags.SAMPLED,
		isRemote: true,
	});
}

/** Calls with the span active, and ends it when the result is there, of a promise when it settles. */
function during<T>(span: Span, inside: Context, go: () => T): T {
	const end = (): void => span.end();
	const fail = (error: unknown): void => {
		span.recordException(error instanceof Error ? error : String(error));
		const message = error instanceof Error ? error.message : String(error);
		span.setStatus({ code: SpanStatusCode.ERROR, message });
		span.end();
	};
	return whenDone(() => context.with(inside, go), end, fail);
}

/**
 * Traces events with OpenTelemetry: a span for each emit that somebody listens to, named by the
 * event's slug, and below it one for each call of a listener, named by its id. The span of a call is
 * active while it runs, so that spans of your own, and whatever it emits, nest below it. Errors are
 * recorded, promises traced until they settle, also those of async listeners, which run later.
 *
 * An emit outside of any span continues the trace of its request's `traceparent`.
 *
 * It needs `@opentelemetry/api`, and an SDK that records: without one it does next to nothing.
 *
 * @example
 * ```ts
 * export default defineConfig({ schema, events: { instruments: [openTelemetry()] } });
 * ```
 */
export function openTelemetry({ tracer }: OpenTelemetryOptions = {}): Instrument {
	return new EventTracing(tracer ?? trace.getTracer("burdock", VERSION));
}

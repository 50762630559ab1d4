import { context, SpanStatusCode, trace, type Tracer } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
	InMemorySpanExporter,
	SimpleSpanProcessor,
	TracerProvider,
	type ReadableSpan,
} from "@opentelemetry/sdk-trace";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { DatabaseEvents } from "../../src/data/database-events.ts";
import { defineEvent } from "../../src/events/index.ts";
import { openTelemetry } from "../../src/otel/index.ts";
import { failure, Happened, manager, Other, Piped, Plain, signal } from "../events/stand-ins.ts";
import { newBlog, TRACE_ID } from "../support/blog.ts";

/** A real provider, and what it has finished. */
function recording() {
	const exporter = new InMemorySpanExporter();
	const provider = new TracerProvider({
		spanProcessors: [new SimpleSpanProcessor({ exporter })],
	});
	return { exporter, provider };
}

/** An instrument with a real tracer, and the tree of what it has finished. */
function tracing() {
	const { exporter, provider } = recording();
	const tracer = provider.getTracer("test");
	const instruments = [openTelemetry({ tracer })];
	return { tracer, exporter, instruments, tree: () => treeOf(exporter) };
}

/** Carries the active span along asynchronous calls, as an application lets it. */
function keepContext(): void {
	context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
	onTestFinished(() => context.disable());
}

/** The names of the finished spans, each below its parent, in the order in which they began. */
function treeOf(exporter: InMemorySpanExporter): readonly string[] {
	const spans = exporter.getFinishedSpans().toSorted((one, other) => begun(one) - begun(other));
	const ids = new Set(spans.map((span) => span.spanContext().spanId));
	const below = (id: string | undefined, indent: string): readonly string[] =>
		spans
			.filter(({ parentSpanContext: parent }) =>
				id === undefined ? !ids.has(parent?.spanId ?? "") : parent?.spanId === id,
			)
			.flatMap((span) => [indent + span.name, ...below(span.spanContext().spanId, `${indent}  `)]);
	return below(undefined, "");
}

function begun({ startTime: [seconds, nanoseconds] }: ReadableSpan): number {
	return seconds * 1e9 + nanoseconds;
}

function work(tracer: Tracer, name: string): void {
	tracer.startSpan(name).end();
}

describe("openTelemetry", () => {
	it("makes a span of each emit, below it one of each call, and nests what listeners do", async () => {
		keepContext();
		const { tracer, instruments, tree } = tracing();
		const { emgr } = manager({ instruments });
		emgr.onEvent(Piped, () => work(tracer, "plain work"), { mode: "sync", id: "plain" });
		emgr.onEvent(
			Piped,
			async (_event, _slug, { emit }) => {
				await Promise.resolve();
				work(tracer, "awaited work");
				await emit(new Other());
				return "b";
			},
			{ mode: "sync", id: "awaiting" },
		);
		emgr.onEvent(
			Piped,
			async () => {
				await Promise.resolve();
				work(tracer, "later work");
			},
			{ id: "later" },
		);
		emgr.onEvent(Other, () => {}, { mode: "sync", id: "nested" });
		await emgr.emit(new Piped({ text: "a" }));
		await emgr.drain();
		expect(tree()).toEqual([
			"piped",
			"  plain",
			"    plain work",
			"  awaiting",
			"    awaited work",
			"    other",
			"      nested",
			"  later",
			"    later work",
		]);
	});

	it("shows a write of an app, below the span of its caller", async () => {
		keepContext();
		const { tracer, instruments, tree } = tracing();
		const { app, send } = newBlog({
			config: {
				events: { instruments },
				onBuilt({ emgr }) {
					emgr.onEvent(DatabaseEvents.MutatorInsertBefore, () => {}, {
						mode: "sync",
						id: "check",
					});
					emgr.onEvent(DatabaseEvents.MutatorInsertAfter, async () => {}, { id: "notify" });
				},
			},
		});
		await app.build();
		await tracer.startActiveSpan("POST", async (span) => {
			const request = ["POST", "/api/data/entity/tags", { id: 9, name: "x" }] as const;
			expect((await send(request)).status).toBe(201);
			span.end();
		});
		await app.emgr.drain();
		const spans = tree();
		expect(spans.slice(spans.indexOf("POST"))).toEqual([
			"POST",
			"  mutator-insert-before",
			"    check",
			"  mutator-insert-after",
			"    notify",
		]);
	});

	it("says which event it was, where, about what, and how each listener was called", async () => {
		const { exporter, instruments } = tracing();
		const { emgr } = manager({ instruments });
		emgr.on("order.paid", () => {}, { mode: "sync", id: "l" });
		const event = await emgr.emit("order.paid", {}, { path: "orders/1" });
		const spans = exporter.getFinishedSpans();
		expect(Object.fromEntries(spans.map(({ name, attributes }) => [name, attributes]))).toEqual({
			"order.paid": {
				"burdock.event.id": event.context.id,
				"burdock.event.topic": "order.paid",
				"burdock.event.path": "orders/1",
			},
			l: { "burdock.event.slug": "order.paid", "burdock.listener.mode": "sync" },
		});
	});

	it("records what listeners throw, at once or later, where it happened and where it ended", async () => {
		const { exporter, instruments } = tracing();
		const { emgr } = manager({ instruments, onError: () => {} });
		const fail = (): never => {
			throw new Error("no");
		};
		emgr.onEvent(Plain, fail, { mode: "sync", id: "refuses" });
		emgr.onEvent(Happened, async () => fail(), { mode: "sync", id: "of a fact" });
		emgr.onEvent(Other, async () => fail(), { id: "later" });
		expect(await failure(() => emgr.emit(new Plain({ n: 1 })))).toMatchObject({ message: "no" });
		await emgr.emit(new Happened({ n: 1 }));
		await emgr.emit(new Other());
		await emgr.drain();
		const failed = { code: SpanStatusCode.ERROR, message: "no" };
		const unset = { code: SpanStatusCode.UNSET };
		const spans = exporter.getFinishedSpans();
		expect(Object.fromEntries(spans.map(({ name, status }) => [name, status]))).toEqual({
			refuses: failed,
			plain: failed,
			"of a fact": failed,
			happened: unset,
			later: failed,
			other: unset,
		});
		const own = spans.find(({ name }) => name === "refuses");
		expect(own?.events).toMatchObject([
			{ name: "exception", attributes: { "exception.message": "no" } },
		]);
	});

	it("ends the span of a promise when it settles", async () => {
		const { instruments, tree } = tracing();
		const { emgr } = manager({ instruments });
		const gate = signal();
		emgr.onEvent(Plain, () => gate.promise, { mode: "sync", id: "slow" });
		const emitted = emgr.emit(new Plain({ n: 1 }));
		await Promise.resolve();
		expect(tree()).toEqual([]);
		gate.resolve();
		await emitted;
		expect(tree()).toEqual(["plain", "  slow"]);
	});

	it("makes no promise of what was none", () => {
		const { instruments } = tracing();
		const { emgr } = manager({ instruments });
		emgr.onEvent(Plain, () => {}, "sync");
		const event = new Plain({ n: 1 });
		expect(emgr.dispatch(event)).toBe(event);
	});

	it("makes no span of what nobody listens to", async () => {
		const { instruments, tree } = tracing();
		const { emgr } = manager({ instruments });
		const Checked = defineEvent("checked", z.object({ n: z.number() }));
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.emit(Checked, { n: 1 });
		expect(tree()).toEqual([]);
	});

	it("finds the parent of a call also where no context is kept", async () => {
		const { instruments, tree } = tracing();
		const { emgr } = manager({ instruments });
		emgr.onEvent(Piped, async () => "b", { mode: "sync", id: "sync" });
		emgr.onEvent(Piped, async () => {}, { id: "later" });
		await emgr.emit(new Piped({ text: "a" }));
		await emgr.drain();
		expect(tree()).toEqual(["piped", "  sync", "  later"]);
	});

	it.each([
		["01", 1],
		["00", 0],
	])("goes on with the trace of a request's traceparent, flags %s", async (flags, kept) => {
		const { exporter, instruments } = tracing();
		const { app, send } = newBlog({ config: { events: { instruments } } });
		await app.build();
		app.emgr.on("app-request", () => {}, { mode: "sync", id: "l" });
		exporter.reset();
		const traceparent = `00-${TRACE_ID}-00f067aa0ba902b7-${flags}`;
		await send(["GET", "/health", undefined, { traceparent }]);
		const [call, emit] = exporter.getFinishedSpans();
		expect([call, emit].filter(Boolean)).toHaveLength(kept * 2);
		if (kept === 0) return;
		expect(emit?.parentSpanContext).toMatchObject({
			traceId: TRACE_ID,
			spanId: "00f067aa0ba902b7",
			isRemote: true,
		});
		expect(call?.spanContext().traceId).toBe(TRACE_ID);
		expect(call?.parentSpanContext?.spanId).toBe(emit?.spanContext().spanId);
	});

	it("asks the provider that is registered, and changes nothing without one", async () => {
		const { emgr } = manager({ instruments: [openTelemetry()] });
		emgr.onEvent(Piped, async () => "b", "sync");
		expect((await emgr.emit(new Piped({ text: "a" }))).params.text).toBe("a-b");
		const { exporter, provider } = recording();
		trace.setGlobalTracerProvider(provider);
		onTestFinished(() => trace.disable());
		await emgr.emit(new Piped({ text: "a" }));
		expect(exporter.getFinishedSpans().map(({ name }) => name)).toContain("piped");
		expect(exporter.getFinishedSpans()[0]?.instrumentationScope.name).toBe("burdock");
	});
});

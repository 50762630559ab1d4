import type { Maybe } from "../kernel/maybe.ts";
import type { Logger } from "../kernel/logger.ts";
import { DeferredQueue, waitForAll } from "./deferred-queue.ts";
import type { DeferredCall, Executor } from "./deferred-queue.ts";
import type { DispatchScope } from "./dispatcher.ts";
import type { Emit } from "./emit.ts";
import { eventOf } from "./event-of.ts";
import type { EmitArguments } from "./event-of.ts";
import { eventErrors } from "./errors.ts";
import { bindEvent, STATE } from "./event.ts";
import type { AnyEvent } from "./event-class.ts";
import type { Actor, Cause } from "./event-context.ts";
import type { EventCore } from "./event-core.ts";
import type { ListenerCall } from "./listener-call.ts";

/** What a scope is opened for: a request, a job, a delivery. */
export interface ScopeOptions {
	/** Keeps the runtime alive for deferred work that starts by itself (Workers). */
	readonly waitUntil?: (work: Promise<unknown>) => void;
	readonly actor?: Actor;
	readonly request?: Request;
	/** Settings and bindings of this request. */
	readonly env?: unknown;
	/** Aborted when the caller is gone. */
	readonly signal?: AbortSignal;
	/** Facts for `event.context.meta` of every event. */
	readonly meta?: Readonly<Record<string, unknown>>;
}

const NO_META = Object.freeze({});

/**
 * Emits of one request, job or delivery: it shares the listeners of its manager, and owns what it
 * defers. Opened by `emgr.scope()`.
 *
 * Async listeners of its events wait until {@link EventScope.executeAsyncs} is called, once the
 * answer is ready; what is deferred after that starts by itself.
 *
 * @example
 * ```ts
 * const scope = emgr.scope({ request, waitUntil: (work) => ctx.waitUntil(work) });
 * const response = await scope.run(() => handle(request));
 * ctx.waitUntil(scope.executeAsyncs());
 * ```
 */
export class EventScope implements DispatchScope {
	readonly actor: Actor | undefined;
	readonly request: Request | undefined;
	readonly env: unknown;
	readonly signal: AbortSignal | undefined;
	readonly meta: Readonly<Record<string, unknown>>;
	readonly #core: EventCore;
	readonly #queue: DeferredQueue<DispatchScope>;
	readonly #waits: boolean;
	#running = 0;
	#admitted = 0;

	/** @internal */
	constructor(core: EventCore, options: ScopeOptions, root?: EventScope | "root") {
		this.actor = options.actor;
		this.request = options.request;
		this.env = options.env;
		this.signal = options.signal;
		this.meta = options.meta ?? NO_META;
		this.#core = core;
		this.#waits = root !== undefined && core.settings.deferral === "await";
		if (root instanceof EventScope) {
			this.#queue = root.#queue;
			return;
		}
		const start = root === undefined ? "after-flush" : this.#waits ? "by-hand" : "soon";
		this.#queue = new DeferredQueue(core, { start, waitUntil: options.waitUntil });
	}

	/** Deferred calls that have not been started. */
	get pending(): number {
		return this.#queue.length;
	}

	/** Emits an event here: `Event`, or a promise of it when a handler returned one. */
	dispatch<E extends AnyEvent>(event: E): Maybe<E> {
		const { index, dispatcher } = this.#core;
		const plan = index.planOf(event);
		if (plan.empty) return event;
		return dispatcher.dispatch(event, plan, this, dispatcher.current) as Maybe<E>;
	}

	/** Emits an event here, and always returns a promise. */
	readonly emit: Emit = ((...args: EmitArguments) =>
		this.emitAs(this.#core.dispatcher.current, args)) as Emit;

	/**
	 * Runs deferred listeners, also those that they defer in turn, until none is left.
	 *
	 * @param executor waits for the running listeners, whose promises never reject; default
	 * `Promise.all`.
	 */
	executeAsyncs(executor: Executor = waitForAll): Promise<void> {
		return this.#queue.flush(executor);
	}

	/** Makes this the scope of every `emgr.emit` that `callback` leads to, also after an `await`. */
	run<T>(callback: () => T): T {
		const { context } = this.#core.settings;
		return context === undefined ? callback() : context.run(this, callback);
	}

	/** @internal */
	emitAs(cause: Cause | undefined, args: EmitArguments): Promise<AnyEvent> {
		try {
			const event = eventOf(this.#core.index, args);
			return Promise.resolve(this.#emitEvent(event, cause, args[2]?.settle));
		} catch (error) {
			return Promise.reject(error);
		}
	}

	#emitEvent(event: AnyEvent, cause: Cause | undefined, settle = false): Maybe<AnyEvent> {
		const { index, dispatcher } = this.#core;
		event[STATE]?.signal?.throwIfAborted();
		const plan = index.planOf(event);
		if (plan.empty) {
			bindEvent(event, this, cause);
			return event;
		}
		return dispatcher.dispatch(event, plan, this, cause, settle ? "settle" : undefined);
	}

	/** @internal */
	get app(): unknown {
		return this.#core.settings.app();
	}

	/** @internal */
	get log(): Logger {
		return this.#core.settings.logger;
	}

	/** @internal */
	now(): number {
		return this.#core.settings.clock.now();
	}

	/** @internal */
	emitFrom(cause: ListenerCall): Emit {
		return ((...args: EmitArguments) => this.emitAs(cause, args)) as Emit;
	}

	/** @internal */
	service(token: unknown, call: ListenerCall): unknown {
		const { resolve } = this.#core.settings;
		if (resolve === undefined) {
			throw eventErrors.create("no_services", { listener: call.listenerId });
		}
		return resolve(token);
	}

	/** @internal */
	track(promise: Promise<unknown>, call: ListenerCall): void {
		const work = promise.then(
			() => {},
			(error: unknown) => this.#core.reporter.failed(call.event, error, call.listener),
		);
		this.#queue.track(work);
	}

	/** @internal */
	enter(): void {
		this.#running++;
	}

	/** @internal */
	leave(): void {
		this.#running--;
		if (this.#running === 0 && this.#queue.length === 0) this.#admitted = 0;
	}

	/** @internal */
	admit(slug: string): void {
		if (this.#running === 0) return;
		const { maxEmits: limit } = this.#core.settings;
		this.#admitted++;
		if (this.#admitted > limit) throw eventErrors.create("too_many_emits", { slug, limit });
	}

	/** @internal */
	enqueue(
		calls: readonly DeferredCall<DispatchScope>[],
		settle: "settle" | undefined,
	): Maybe<void> {
		if (settle !== undefined) return this.#core.runNow(calls);
		for (const call of calls) this.#queue.push(call);
		if (this.#waits) return this.executeAsyncs();
	}
}

import type { Maybe } from "../kernel/maybe.ts";
import type { Logger } from "../kernel/logger.ts";
import { DeferredQueue, waitForAll } from "./deferred-queue.ts";
import type { Executor } from "./deferred-queue.ts";
import type { DispatchScope } from "./dispatcher.ts";
import type { Emit, EmitOptions } from "./emit.ts";
import { eventOf } from "./event-of.ts";
import type { EmitSubject } from "./event-of.ts";
import { coreError } from "./core-error.ts";
import { bindEvent, STATE } from "./event.ts";
import type { AnyEvent } from "./event-class.ts";
import type { Actor, Cause } from "./event-context.ts";
import type { EventCore } from "./event-core.ts";
import type { EventScope, ScopeOptions } from "./event-scope.ts";
import type { ListenerCall } from "./listener-call.ts";
import type { Plan } from "./plan.ts";
import { untilAborted } from "./until-aborted.ts";

const NO_META = Object.freeze({});

/** The scope that a manager opens. */
export class LiveScope implements EventScope, DispatchScope {
	readonly actor: Actor | undefined;
	readonly request: Request | undefined;
	readonly env: unknown;
	readonly signal: AbortSignal | undefined;
	readonly meta: Readonly<Record<string, unknown>>;
	readonly #core: EventCore;
	readonly #queue: DeferredQueue;
	readonly waits: boolean;
	/** Whether unrelated emits meet here, so that their number says nothing beyond one turn. */
	readonly #shared: boolean;
	#running = 0;
	#admitted = 0;

	constructor(core: EventCore, options: ScopeOptions, root?: LiveScope | "root") {
		this.actor = options.actor;
		this.request = options.request;
		this.env = options.env;
		this.signal = options.signal;
		this.meta = options.meta ?? NO_META;
		this.#core = core;
		this.#shared = root === "root" && core.settings.context === undefined;
		this.waits = root !== undefined && core.settings.deferral === "await";
		if (root instanceof LiveScope) {
			this.#queue = root.#queue;
			return;
		}
		const start = root === undefined ? "after-flush" : this.waits ? "by-hand" : "soon";
		this.#queue = new DeferredQueue(core, { start, waitUntil: options.waitUntil });
	}

	get pending(): number {
		return this.#queue.length;
	}

	dispatch<E extends AnyEvent>(event: E): Maybe<E> {
		const { index, dispatcher } = this.#core;
		const plan = index.planOf(event);
		return plan.idle ? event : (this.start(event, plan, dispatcher.current) as Maybe<E>);
	}

	/** Dispatches an event that somebody listens to. */
	start(event: AnyEvent, plan: Plan, cause: Cause | undefined, settle?: "settle"): Maybe<AnyEvent> {
		if (cause === undefined) this.admit(plan.slug);
		return this.continue(event, plan, cause, settle);
	}

	/** The same for who knows that this is the current scope: it is not looked up again. */
	startWithin(event: AnyEvent, plan: Plan, cause: Cause | undefined): Maybe<AnyEvent> {
		if (cause === undefined) this.admit(plan.slug);
		return this.#core.dispatcher.dispatch(event, plan, this, cause);
	}

	/** Dispatches an event that has been admitted. */
	continue(
		event: AnyEvent,
		plan: Plan,
		cause: Cause | undefined,
		settle?: "settle",
	): Maybe<AnyEvent> {
		const { dispatcher, settings } = this.#core;
		if (settings.context === undefined || settings.context.get() === this) {
			return dispatcher.dispatch(event, plan, this, cause, settle);
		}
		return settings.context.run(this, () => dispatcher.dispatch(event, plan, this, cause, settle));
	}

	readonly emit = ((subject: EmitSubject, params?: unknown, options?: EmitOptions) =>
		this.emitAs(this.#core.dispatcher.current, subject, params, options)) as Emit;

	executeAsyncs(executor: Executor = waitForAll): Promise<void> {
		return this.#queue.flush(executor);
	}

	run<T>(callback: () => T): T {
		const { context } = this.#core.settings;
		return context === undefined ? callback() : context.run(this, callback);
	}

	emitAs(
		cause: Cause | undefined,
		subject: EmitSubject,
		params: unknown,
		options: EmitOptions = {},
	): Promise<AnyEvent> {
		try {
			const { index } = this.#core;
			const event = eventOf(index, subject, params, options);
			event[STATE]?.signal?.throwIfAborted();
			const plan = index.planOf(event);
			if (plan.idle) {
				bindEvent(event, this, cause);
				return Promise.resolve(event);
			}
			const settle = options.settle === true ? "settle" : undefined;
			const final = Promise.resolve(this.start(event, plan, cause, settle));
			return options.signal === undefined ? final : untilAborted(final, options.signal);
		} catch (error) {
			return Promise.reject(error);
		}
	}

	get app(): unknown {
		return this.#core.settings.app();
	}

	get log(): Logger {
		return this.#core.settings.logger;
	}

	now(): number {
		return this.#core.settings.clock.now();
	}

	service(token: unknown, call: ListenerCall): unknown {
		const { resolve } = this.#core.settings;
		if (resolve === undefined) {
			throw coreError("no_services", { listener: call.listenerId });
		}
		return resolve(token, this.#shared ? undefined : this);
	}

	track(promise: Promise<unknown>, call: ListenerCall): void {
		const work = promise.then(
			() => {},
			(error: unknown) => this.#core.reporter.failed(call.event, error, call.listener),
		);
		this.#queue.track(work);
	}

	enter(): void {
		this.#running++;
	}

	leave(): void {
		this.#running--;
		if (this.#admitted !== 0 && this.#running === 0 && this.#queue.length === 0) this.#admitted = 0;
	}

	/** Counts what is emitted while listeners wait and nobody knows the cause; refuses one too many. */
	admit(slug: string): void {
		if (this.#running === 0) return;
		const { maxEmits: limit } = this.#core.settings;
		if (this.#shared && this.#admitted === 0) setTimeout(() => (this.#admitted = 0), 0);
		this.#admitted++;
		if (Math.max(this.#admitted, this.#shared ? this.#running : 0) > limit) {
			throw coreError("too_many_emits", { slug, limit });
		}
	}

	enqueue(calls: readonly ListenerCall[], settle: "settle" | undefined): Maybe<void> {
		if (settle !== undefined) return this.#core.runNow(calls);
		for (const call of calls) this.#queue.push(call);
		if (this.waits) return this.executeAsyncs();
	}
}

import { isPromise } from "../kernel/maybe.ts";
import type { Maybe } from "../kernel/maybe.ts";
import type { AsyncContext } from "../kernel/platform.ts";
import { systemClock } from "../kernel/clock.ts";
import { ActingScope } from "./acting-scope.ts";
import { ConsoleLogger } from "./console-logger.ts";
import type { Executor } from "./deferred-queue.ts";
import type { DispatchScope } from "./dispatcher.ts";
import type { Emit, EmitOptions } from "./emit.ts";
import type { AnyEvent, EventClass } from "./event-class.ts";
import type { Actor, Cause } from "./event-context.ts";
import { EventCore } from "./event-core.ts";
import type { EmitSubject } from "./event-of.ts";
import { coreError } from "./core-error.ts";
import type { EventScope, ScopeOptions } from "./event-scope.ts";
import type { ListenerCall } from "./listener-call.ts";
import { ListenerRegistry } from "./listener-registry.ts";
import { LiveScope } from "./live-scope.ts";
import { combineInstruments } from "./instrument.ts";
import type { CoreManagerOptions } from "./manager-options.ts";

/** Where an emit comes from, kept by emitters that go on after an `await`. */
export interface EventOrigin {
	readonly scope: EventScope;
	/** The listener whose synchronous part was running, if any. */
	readonly frame: Cause | undefined;
	/** @internal Whether the scope has counted it. */
	counted: boolean;
}

/** Whether everything deferred was done in time, and how much was not. */
export interface DrainResult {
	readonly drained: boolean;
	readonly pending: number;
}

/**
 * Dispatches events to listeners: all that an emit needs, and nothing else. `EventManager` adds
 * channels, history, adapters and the rest.
 *
 * `sync` listeners run one after the other, in order; the emitter waits, their replies may change
 * the event, a throw aborts the emit. Then `async` listeners get the final event, later and on their
 * own. An event that nobody listens to costs next to nothing.
 *
 * @example
 * ```ts
 * const emgr = new CoreEventManager({ OrderPaid });
 * emgr.onEvent(OrderPaid, (event) => console.log(event.params.id), "sync");
 * await emgr.emit(OrderPaid, { id: "a1", total: 42 });
 * ```
 */
export class CoreEventManager<App = unknown> extends ListenerRegistry<App> {
	/** @internal */
	protected readonly core: EventCore;
	readonly #root: LiveScope;

	/**
	 * @param events classes to register, as a record or an array.
	 * @throws {EventError} `duplicate_slug`, `bad_event_name`; what `on` throws for `listeners`.
	 */
	constructor(
		events: Readonly<Record<string, EventClass>> | readonly EventClass[] = {},
		options: CoreManagerOptions<App> = {},
	) {
		const core = new EventCore(settingsOf(options));
		super(core.index, core.settings.entityNames);
		this.core = core;
		this.#root = new LiveScope(core, {}, "root");
		this.registerEvents(events);
		for (const { ref, handler, config } of options.listeners ?? []) {
			this.add(ref, handler, config);
		}
	}

	/**
	 * Emits an event, and always returns a promise of the final one.
	 *
	 * @throws (rejects) what a sync listener throws, unless the event is a fact; {@link EventError}
	 * `unknown_event`, `emit_too_deep`, `emit_loop`, `too_many_emits`, `listener_timeout`.
	 */
	readonly emit = ((
		subject: EmitSubject,
		params?: unknown,
		options?: EmitOptions,
	): Promise<AnyEvent> => {
		try {
			const event =
				typeof subject === "object" && options === undefined
					? this.dispatch(subject)
					: this.#emitMade(subject, params, options);
			return event instanceof Promise ? event : Promise.resolve(event);
		} catch (error) {
			return Promise.reject(error);
		}
	}) as Emit;

	/**
	 * The same for one event, without a promise unless a handler returned one: for emitters on a hot
	 * path. It throws where `emit` rejects.
	 */
	dispatch<E extends AnyEvent>(event: E): Maybe<E> {
		const core = this.core;
		const plan = core.index.planOf(event);
		if (plan.idle) return event;
		const cause = core.dispatcher.current;
		const scope = this.#scope(cause);
		if (scope !== undefined) return scope.start(event, plan, cause) as Maybe<E>;
		return this.#transient((opened) => opened.start(event, plan, cause)) as Maybe<E>;
	}

	/**
	 * Emits an event of a class that is marked with `static syncOnly = true`: its listeners have all
	 * run when this returns.
	 *
	 * @throws what a sync listener throws; {@link EventError} `not_sync_only`, and `promise_in_commit`
	 * when a listener, or an asynchronous schema, returned a promise.
	 */
	emitSync<E extends AnyEvent>(event: E): E {
		const { slug, syncOnly } = this.core.index.planOf(event);
		if (!syncOnly) throw coreError("not_sync_only", { slug });
		const final = this.dispatch(event);
		if (!isPromise(final)) return final;
		final.catch(() => {});
		throw coreError("promise_in_commit", { listener: `the schema of ${slug}`, slug });
	}

	/** Where an emit made right now comes from. A write keeps it for all of its events. */
	origin(): EventOrigin {
		const frame = this.core.dispatcher.current;
		const scope = this.#scope(frame) ?? this.#transient((opened) => opened);
		return { scope, frame, counted: false };
	}

	/**
	 * Dispatches an event as if it were emitted where `origin` was taken. However many events have
	 * that origin, they count as one emit against the scope's `maxEmits`.
	 */
	dispatchFrom<E extends AnyEvent>(origin: EventOrigin, event: E): Maybe<E> {
		const plan = this.core.index.planOf(event);
		if (plan.idle) return event;
		const { settings, dispatcher } = this.core;
		const { scope, frame } = origin;
		const live = scope as LiveScope;
		if (frame === undefined && !origin.counted) live.admit(plan.slug);
		origin.counted = true;
		const dispatch = (): Maybe<AnyEvent> => dispatcher.dispatch(event, plan, live, frame);
		return (settings.context?.get() === live ? dispatch() : live.run(dispatch)) as Maybe<E>;
	}

	/** Opens a scope: it shares the listeners and owns what it defers. */
	scope(options: ScopeOptions = {}): EventScope {
		return new LiveScope(this.core, options);
	}

	/** Runs what the current scope, or else the root, has deferred; see {@link EventScope.executeAsyncs}. */
	executeAsyncs(executor?: Executor): Promise<void> {
		const scope = (this.core.settings.context?.get() as LiveScope | undefined) ?? this.#root;
		return scope.executeAsyncs(executor);
	}

	/** Deferred calls anywhere that have not started, and work that has not ended. */
	get pending(): number {
		return this.core.pending;
	}

	/** Waits until everything deferred, in all scopes, is done, for at most `timeout` milliseconds. */
	async drain({ timeout }: { readonly timeout?: number } = {}): Promise<DrainResult> {
		let timer: ReturnType<typeof setTimeout> | undefined;
		const deadline = new Promise<"late">((resolve) => {
			if (timeout !== undefined) timer = setTimeout(() => resolve("late"), timeout);
		});
		try {
			const drained = await this.core.drain(deadline);
			return { drained, pending: this.pending };
		} finally {
			if (timer !== undefined) clearTimeout(timer);
		}
	}

	/** The id of the listener that threw this error first, for logs. */
	listenerOf(error: unknown): string | undefined {
		return this.core.reporter.listenerOf(error);
	}

	/** @internal A scope like the current one, in which this actor acts. */
	protected acting(actor: Actor): LiveScope {
		const around = this.#scope(this.core.dispatcher.current);
		return new ActingScope(this.core, around ?? new LiveScope(this.core, {}, this.#root), actor);
	}

	#emitMade(
		subject: EmitSubject,
		params: unknown,
		options: EmitOptions | undefined,
	): Maybe<AnyEvent> {
		const cause = this.core.dispatcher.current;
		const scope = this.#scope(cause);
		if (scope !== undefined) return scope.emitAs(cause, subject, params, options);
		return this.#transient((opened) => opened.emitAs(cause, subject, params, options));
	}

	/** The scope of an emit made right now; none outside of all, where a context could carry one. */
	#scope(cause: ListenerCall | undefined): LiveScope | undefined {
		const { context } = this.core.settings;
		if (context === undefined) return (cause?.scope as LiveScope | undefined) ?? this.#root;
		return (context.get() ?? cause?.scope) as LiveScope | undefined;
	}

	/** Opens a scope for one emit, so that what its listeners emit is counted with it. */
	#transient<T>(callback: (scope: LiveScope) => T): T {
		const scope = new LiveScope(this.core, {}, this.#root);
		return scope.run(() => callback(scope));
	}
}

function settingsOf<App>(options: CoreManagerOptions<App>): EventCore["settings"] {
	const { app, resolve } = options;
	return {
		app: typeof app === "function" ? (app as () => App) : () => app,
		observers: options,
		logger: options.logger ?? new ConsoleLogger(),
		clock: options.clock ?? systemClock,
		context: workingContext(options.context),
		deferral: options.deferral ?? "macrotask",
		entityNames: options.entityName ?? (() => undefined),
		resolve,
		instrument: combineInstruments(options.instruments ?? []),
		maxDepth: options.maxDepth ?? 16,
		maxEmits: options.maxEmits ?? 10_000,
	};
}

/** The context, or undefined where it holds nothing. */
function workingContext(
	context: AsyncContext<EventScope> | undefined,
): AsyncContext<DispatchScope> | undefined {
	if (context === undefined) return undefined;
	const shared = context as unknown as AsyncContext<unknown>;
	const probe = {};
	const works = shared.run(probe, () => shared.get() === probe);
	return works ? (shared as AsyncContext<DispatchScope>) : undefined;
}

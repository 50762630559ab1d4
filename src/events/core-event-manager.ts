import type { Maybe } from "../kernel/maybe.ts";
import type { AsyncContext } from "../kernel/platform.ts";
import { systemClock } from "../kernel/clock.ts";
import { ConsoleLogger } from "./console-logger.ts";
import type { Executor } from "./deferred-queue.ts";
import type { DispatchScope } from "./dispatcher.ts";
import type { Emit, EmitOptions } from "./emit.ts";
import type { AnyEvent, EventClass } from "./event-class.ts";
import { EventCore } from "./event-core.ts";
import type { EmitSubject } from "./event-of.ts";
import { coreError } from "./core-error.ts";
import type { EventScope, ScopeOptions } from "./event-scope.ts";
import { ListenerRegistry } from "./listener-registry.ts";
import { LiveScope } from "./live-scope.ts";
import type { CoreManagerOptions } from "./manager-options.ts";

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
		super(core.index);
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
		if (typeof subject !== "object" || options !== undefined) {
			return this.here().emitAs(this.core.dispatcher.current, subject, params, options);
		}
		try {
			const event = this.dispatch(subject);
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
		const { index, dispatcher } = this.core;
		const plan = index.planOf(event);
		if (plan.idle) return event;
		const entered = this.core.settings.context?.get() as LiveScope | undefined;
		const dispatched =
			entered?.startWithin(event, plan, dispatcher.current) ??
			this.here().start(event, plan, dispatcher.current);
		return dispatched as Maybe<E>;
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
		return this.dispatch(event) as E;
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
			// A timer that is set to more would go off at once; undefined is no limit either.
			if ((timeout as number) <= 2e9) timer = setTimeout(resolve, timeout, "late");
		});
		try {
			const drained = await this.core.drain(deadline);
			return { drained, pending: this.pending };
		} finally {
			if (timer !== undefined) clearTimeout(timer);
		}
	}

	/** The scope of an emit made right now; outside of all, where a context could carry one, a new one. */
	protected here(): LiveScope {
		const { context } = this.core.settings;
		const calling = this.core.dispatcher.current?.scope as LiveScope | undefined;
		if (context === undefined) return calling ?? this.#root;
		const current = context.get() as LiveScope | undefined;
		// What its listeners emit is counted with it.
		return current ?? calling ?? new LiveScope(this.core, {}, this.#root);
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
		hint: options.hint ?? (() => ""),
		instrument: options.instrument,
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

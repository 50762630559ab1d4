import { isPromise } from "../kernel/maybe.ts";
import type { Maybe } from "../kernel/maybe.ts";
import type { AsyncContext } from "../kernel/platform.ts";
import { systemClock } from "../kernel/clock.ts";
import { ConsoleLogger } from "./console-logger.ts";
import type { Executor } from "./deferred-queue.ts";
import type { DispatchScope } from "./dispatcher.ts";
import type { Emit, EmitOptions } from "./emit.ts";
import type { EmitArguments } from "./event-of.ts";
import { eventErrors } from "./errors.ts";
import { Event } from "./event.ts";
import type { AnyEvent, EntityRef, EventClass, EventOf } from "./event-class.ts";
import type { Cause } from "./event-context.ts";
import { EventCore } from "./event-core.ts";
import type { EventName, NamedEvent } from "./event-map.ts";
import { EventScope } from "./event-scope.ts";
import type { ScopeOptions } from "./event-scope.ts";
import { explainPlans } from "./explain.ts";
import type { Handler, ListenerConfig } from "./listener-config.ts";
import type { ListenerCall } from "./listener-call.ts";
import { Listener } from "./listener.ts";
import type { ListenerInfo } from "./listener.ts";
import type { EventManagerOptions, EventRef, PlanEntry } from "./manager-options.ts";
import { Pattern } from "./pattern.ts";
import { classOf } from "./plan.ts";
import { Subscription } from "./subscription.ts";

/** Where an emit comes from, kept by emitters that go on after an `await`. */
export interface EventOrigin {
	readonly scope: EventScope;
	/** The listener whose synchronous part was running, if any. */
	readonly frame: Cause | undefined;
}

/** Whether everything deferred was done in time, and how much was not. */
export interface DrainResult {
	readonly drained: boolean;
	readonly pending: number;
}

/**
 * Dispatches events to listeners.
 *
 * `sync` listeners run one after the other, in order; the emitter waits, their replies may change
 * the event, a throw aborts the emit. Then `async` listeners get the final event, later and on their
 * own. An event that nobody listens to costs next to nothing.
 *
 * @example
 * ```ts
 * const emgr = new EventManager({ OrderPaid });
 * emgr.onEvent(OrderPaid, (event) => console.log(event.params.id), "sync");
 * await emgr.emit(OrderPaid, { id: "a1", total: 42 });
 * ```
 */
export class EventManager<App = unknown> {
	readonly #core: EventCore;
	readonly #root: EventScope;
	#registered = 0;
	#source = "app";

	/**
	 * @param events classes to register, as a record or an array.
	 * @throws {EventError} `duplicate_slug`, `bad_event_name`; what `on` throws for `listeners`.
	 */
	constructor(
		events: Readonly<Record<string, EventClass>> | readonly EventClass[] = {},
		options: EventManagerOptions<App> = {},
	) {
		const { app, resolve } = options;
		this.#core = new EventCore({
			app: typeof app === "function" ? (app as () => App) : () => app,
			observers: options,
			logger: options.logger ?? new ConsoleLogger(),
			clock: options.clock ?? systemClock,
			context: workingContext(options.context),
			deferral: options.deferral ?? "macrotask",
			entityNames: options.entityName ?? (() => undefined),
			resolve: resolve === undefined ? undefined : (token) => resolve(token),
			maxDepth: options.maxDepth ?? 16,
			maxEmits: options.maxEmits ?? 10_000,
		});
		this.#root = new EventScope(this.#core, {}, "root");
		this.registerEvents(events);
		for (const { ref, handler, config } of options.listeners ?? []) {
			this.#add(ref, handler, config);
		}
	}

	/**
	 * Listens to a class of events. With `{ entity }` the event is typed for that entity.
	 *
	 * @throws {EventError} `bad_listener`, `sync_only`, `duplicate_slug`.
	 */
	onEvent<C extends EventClass, const Entity extends EntityRef = string>(
		eventClass: C,
		handler: Handler<EventOf<C, Entity>, App>,
		config?: ListenerConfig<EventOf<C, Entity>, Entity>,
	): Subscription {
		return this.#add(eventClass, handler, config);
	}

	/**
	 * Listens to a slug, a topic, a glob, or an array of these: once for each event, however many of
	 * them match it.
	 *
	 * @throws {EventError} `unknown_event` for an undotted slug that is not registered;
	 * `bad_pattern`, `bad_listener`, `sync_only`.
	 * @example
	 * ```ts
	 * emgr.on("data.posts.*.after", (event, slug) => console.log(slug, event.path));
	 * ```
	 */
	on<Name extends EventName>(
		ref: Name,
		handler: Handler<NamedEvent<Name>, App>,
		config?: ListenerConfig<NamedEvent<Name>>,
	): Subscription;
	on<E extends AnyEvent = AnyEvent>(
		ref: string | readonly string[],
		handler: Handler<E, App>,
		config?: ListenerConfig<E>,
	): Subscription;
	on(ref: EventRef, handler: unknown, config?: unknown): Subscription {
		return this.#add(ref, handler, config);
	}

	/** Listens to everything, also to events that are registered later. */
	onAny<E extends AnyEvent = AnyEvent>(
		handler: Handler<E, App>,
		config?: ListenerConfig<E>,
	): Subscription {
		return this.#add("*", handler, config);
	}

	/** Listens until the handler was called, or queued, for the first time. */
	once<C extends EventClass, const Entity extends EntityRef = string>(
		eventClass: C,
		handler: Handler<EventOf<C, Entity>, App>,
		config?: ListenerConfig<EventOf<C, Entity>, Entity>,
	): Subscription;
	once<Name extends EventName>(
		ref: Name,
		handler: Handler<NamedEvent<Name>, App>,
		config?: ListenerConfig<NamedEvent<Name>>,
	): Subscription;
	once<E extends AnyEvent = AnyEvent>(
		ref: string | readonly string[],
		handler: Handler<E, App>,
		config?: ListenerConfig<E>,
	): Subscription;
	once(ref: EventRef, handler: unknown, config?: unknown): Subscription {
		const options = typeof config === "string" ? { mode: config } : config;
		return this.#add(ref, handler, { ...(options as object | undefined), once: true });
	}

	/**
	 * Removes what was registered with exactly this ref (a class counts as its slug), of one handler
	 * or of all.
	 */
	off(ref: EventRef, handler?: unknown): void {
		for (const name of namesOf(ref)) this.#core.index.removeRef(name, handler);
	}

	/** Removes every listener of a source; see {@link EventManager.withSource}. */
	offSource(source: string): void {
		for (const listener of this.#core.index.listeners) {
			if (listener.source === source) this.#core.index.remove(listener);
		}
	}

	/**
	 * Marks what is registered while `callback` runs, until its promise resolves if it returns one, so
	 * that it can be shown and removed by its source.
	 */
	withSource<T>(source: string, callback: () => Maybe<T>): Maybe<T> {
		const outer = this.#source;
		const restore = (): void => {
			this.#source = outer;
		};
		this.#source = source;
		let result: Maybe<T>;
		try {
			result = callback();
		} catch (error) {
			restore();
			throw error;
		}
		if (isPromise(result)) return result.finally(restore);
		restore();
		return result;
	}

	/** @throws {EventError} `duplicate_slug`, `bad_event_name`. */
	registerEvent(eventClass: EventClass): this {
		this.#core.index.classes.add(eventClass);
		return this;
	}

	/** @throws {EventError} `duplicate_slug`, `bad_event_name`. */
	registerEvents(events: Readonly<Record<string, EventClass>> | readonly EventClass[]): this {
		for (const eventClass of Object.values(events)) this.registerEvent(eventClass);
		return this;
	}

	/** Whether a class, the class of an event, or a slug is registered. */
	eventExists(subject: AnyEvent | EventClass | string): boolean {
		const { classes } = this.#core.index;
		if (typeof subject === "string") return classes.named(subject) !== undefined;
		const eventClass = subject instanceof Event ? classOf(subject) : subject;
		return classes.find(eventClass) !== undefined;
	}

	/** Every listener, in order of registration. */
	getListeners(): readonly ListenerInfo[] {
		const { entityNames } = this.#core.settings;
		return Array.from(this.#core.index.listeners, (listener) => listener.info(entityNames));
	}

	/**
	 * Who hears what: every registered event, and every open name somebody listens to, with its
	 * listeners in the order in which they run; or only those that `ref` names.
	 */
	explain(ref?: EventClass | string): readonly PlanEntry[] {
		return explainPlans(this.#core.index, this.#core.settings.entityNames, ref);
	}

	/**
	 * Whether somebody listens to events of a class, of one entity or of any. Emitters ask it to skip
	 * all work; it allocates nothing.
	 */
	has(eventClass: EventClass, entityName?: string): boolean {
		return !this.#core.index.planFor(eventClass, entityName).empty;
	}

	/** Whether a listener of these events asks for the row as it was before. */
	wantsPrevious(eventClass: EventClass, entityName?: string): boolean {
		return this.#core.index.planFor(eventClass, entityName).previous;
	}

	/**
	 * Emits an event, and always returns a promise of the final one.
	 *
	 * @throws (rejects) what a sync listener throws, unless the event is a fact; {@link EventError}
	 * `unknown_event`, `emit_too_deep`, `emit_loop`, `too_many_emits`, `listener_timeout`.
	 */
	readonly emit = ((
		subject: AnyEvent | EventClass | string,
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
		const core = this.#core;
		const plan = core.index.planOf(event);
		if (plan.empty) return event;
		const cause = core.dispatcher.current;
		const scope = this.#scope(cause);
		if (scope !== undefined) return core.dispatcher.dispatch(event, plan, scope, cause) as Maybe<E>;
		return this.#transient((opened) =>
			core.dispatcher.dispatch(event, plan, opened, cause),
		) as Maybe<E>;
	}

	/** Where an emit made right now comes from. A write keeps it for all of its events. */
	origin(): EventOrigin {
		const frame = this.#core.dispatcher.current;
		return { scope: this.#scope(frame) ?? this.#transient((scope) => scope), frame };
	}

	/** Dispatches an event as if it were emitted where `origin` was taken. */
	dispatchFrom<E extends AnyEvent>({ scope, frame }: EventOrigin, event: E): Maybe<E> {
		const plan = this.#core.index.planOf(event);
		if (plan.empty) return event;
		const { settings, dispatcher } = this.#core;
		const dispatch = (): Maybe<AnyEvent> => dispatcher.dispatch(event, plan, scope, frame);
		return (settings.context?.get() === scope ? dispatch() : scope.run(dispatch)) as Maybe<E>;
	}

	/** Opens a scope: it shares the listeners and owns what it defers. */
	scope(options: ScopeOptions = {}): EventScope {
		return new EventScope(this.#core, options);
	}

	/** Runs what the current scope, or else the root, has deferred; see {@link EventScope.executeAsyncs}. */
	executeAsyncs(executor?: Executor): Promise<void> {
		const scope = (this.#core.settings.context?.get() as EventScope | undefined) ?? this.#root;
		return scope.executeAsyncs(executor);
	}

	/** Deferred calls anywhere that have not started, and work that has not ended. */
	get pending(): number {
		return this.#core.pending;
	}

	/** Waits until everything deferred, in all scopes, is done, for at most `timeout` milliseconds. */
	async drain({ timeout }: { readonly timeout?: number } = {}): Promise<DrainResult> {
		let timer: ReturnType<typeof setTimeout> | undefined;
		const deadline = new Promise<"late">((resolve) => {
			if (timeout !== undefined) timer = setTimeout(resolve, timeout, "late");
		});
		try {
			const drained = await this.#core.drain(deadline);
			return { drained, pending: this.pending };
		} finally {
			clearTimeout(timer);
		}
	}

	/** The id of the listener that threw this error first, for logs. */
	listenerOf(error: unknown): string | undefined {
		return this.#core.reporter.listenerOf(error);
	}

	#emitMade(
		subject: AnyEvent | EventClass | string,
		params: unknown,
		options: EmitOptions | undefined,
	): Maybe<AnyEvent> {
		const cause = this.#core.dispatcher.current;
		const scope = this.#scope(cause);
		const args: EmitArguments =
			options === undefined ? [subject, params] : [subject, params, options];
		if (scope !== undefined) return scope.emitAs(cause, args);
		return this.#transient((opened) => opened.emitAs(cause, args));
	}

	/** The scope of an emit made right now; none outside of all, where a context could carry one. */
	#scope(cause: ListenerCall | undefined): EventScope | undefined {
		const { context } = this.#core.settings;
		if (context === undefined) return (cause?.scope as EventScope | undefined) ?? this.#root;
		return (context.get() ?? cause?.scope) as EventScope | undefined;
	}

	/** Opens a scope for one emit, so that what its listeners emit is counted with it. */
	#transient<T>(callback: (scope: EventScope) => T): T {
		const scope = new EventScope(this.#core, {}, this.#root);
		return scope.run(() => callback(scope));
	}

	#add(ref: EventRef, handler: unknown, config: unknown = "async"): Subscription {
		const { index } = this.#core;
		const refs: readonly (string | EventClass)[] = Array.isArray(ref) ? ref : [ref];
		for (const one of refs) if (typeof one === "function") index.classes.add(one);
		const patterns = [...new Set(namesOf(ref))].map((name) => Pattern.parse(name));
		if (patterns.length === 0) {
			throw eventErrors.create("bad_listener", { ref: "nothing", reason: "it has no events" });
		}
		const listener = new Listener(patterns, handler as Handler, config as ListenerConfig, {
			number: ++this.#registered,
			source: this.#source,
		});
		const subscription = new Subscription(listener, (removed) => index.remove(removed));
		index.add(listener);
		endWith(subscription, listener, config as ListenerConfig);
		return subscription;
	}
}

/** Unsubscribes when the signal of the config is aborted, which is forgotten with the listener. */
function endWith(subscription: Subscription, listener: Listener, config: ListenerConfig): void {
	const signal = typeof config === "string" ? undefined : config.signal;
	if (signal === undefined) return;
	if (signal.aborted) return subscription.unsubscribe();
	const end = (): void => subscription.unsubscribe();
	signal.addEventListener("abort", end, { once: true });
	listener.release = () => signal.removeEventListener("abort", end);
}

function namesOf(ref: EventRef): string[] {
	const refs: readonly (string | EventClass)[] = Array.isArray(ref) ? ref : [ref as string];
	return refs.map((one) => (typeof one === "string" ? one : one.slug));
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

import { isPromise } from "../kernel/maybe.ts";
import type { Maybe } from "../kernel/maybe.ts";
import { coreError } from "./core-error.ts";
import { Event } from "./event.ts";
import type { AnyEvent, EntityRef, EventClass, EventOf } from "./event-class.ts";
import type { EventName, NamedEvent, Untyped } from "./event-map.ts";
import { explainPlans } from "./explain.ts";
import type { Handler, ListenerConfig } from "./listener-config.ts";
import type { ListenerIndex } from "./listener-index.ts";
import { Listener } from "./listener.ts";
import type { EntityNames, ListenerInfo } from "./listener.ts";
import type { EventRef } from "./event-ref.ts";
import type { PlanEntry } from "./manager-options.ts";
import { ListenerStage } from "./listener-stage.ts";
import { Pattern } from "./pattern.ts";
import { classOf } from "./plan.ts";
import { Subscription } from "./subscription.ts";

/** Who listens to what: the half of an `EventManager` that comes before any emit. */
export abstract class ListenerRegistry<App> {
	readonly #index: ListenerIndex;
	readonly #entityNames: EntityNames;
	#registered = 0;
	/** The source of what is registered now is the last one; several may be open at a time. */
	readonly #sources: { readonly name: string }[] = [];
	#stage: ListenerStage | undefined;

	protected constructor(index: ListenerIndex, entityNames: EntityNames) {
		this.#index = index;
		this.#entityNames = entityNames;
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
		return this.add(eventClass, handler, config);
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
	on<E extends AnyEvent = AnyEvent, Ref extends string | readonly string[] = string>(
		ref: Untyped<Ref>,
		handler: Handler<E, App>,
		config?: ListenerConfig<E>,
	): Subscription;
	on(ref: EventRef, handler: unknown, config?: unknown): Subscription {
		return this.add(ref, handler, config);
	}

	/** Listens to everything, also to events that are registered later. */
	onAny<E extends AnyEvent = AnyEvent>(
		handler: Handler<E, App>,
		config?: ListenerConfig<E>,
	): Subscription {
		return this.add("*", handler, config);
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
	once<E extends AnyEvent = AnyEvent, Ref extends string | readonly string[] = string>(
		ref: Untyped<Ref>,
		handler: Handler<E, App>,
		config?: ListenerConfig<E>,
	): Subscription;
	once(ref: EventRef, handler: unknown, config?: unknown): Subscription {
		const options = typeof config === "string" ? { mode: config } : config;
		return this.add(ref, handler, { ...(options as object | undefined), once: true });
	}

	/**
	 * Removes what was registered with exactly this ref (a class counts as its slug), of one handler
	 * or of all.
	 */
	off(ref: EventRef, handler?: unknown): void {
		for (const name of namesOf(ref)) this.#index.removeRef(name, handler);
	}

	/** Removes every listener of a source; see {@link EventManager.withSource}. */
	offSource(source: string): void {
		for (const listener of this.#index.listeners) {
			if (listener.source === source) this.#index.remove(listener);
		}
	}

	/**
	 * Marks what is registered while `callback` runs, until its promise resolves if it returns one, so
	 * that it can be shown and removed by its source.
	 */
	withSource<T>(source: string, callback: () => Maybe<T>): Maybe<T> {
		const opened = { name: source };
		this.#sources.push(opened);
		const close = (): void => {
			this.#sources.splice(this.#sources.indexOf(opened), 1);
		};
		let result: Maybe<T>;
		try {
			result = callback();
		} catch (error) {
			close();
			throw error;
		}
		if (isPromise(result)) return result.finally(close);
		close();
		return result;
	}

	/**
	 * Keeps back what {@link withSource} registers from now on, until the stage takes over. One stage
	 * at a time: a new one takes the place of the last.
	 */
	stage(): ListenerStage {
		const stage = new ListenerStage(this.#index, () => {
			if (this.#stage === stage) this.#stage = undefined;
		});
		this.#stage = stage;
		return stage;
	}

	/** @throws {EventError} `duplicate_slug`, `bad_event_name`. */
	registerEvent(eventClass: EventClass): this {
		this.#index.classes.add(eventClass);
		return this;
	}

	/** @throws {EventError} `duplicate_slug`, `bad_event_name`. */
	registerEvents(events: Readonly<Record<string, EventClass>> | readonly EventClass[]): this {
		for (const eventClass of Object.values(events)) this.registerEvent(eventClass);
		return this;
	}

	/** Whether a class, the class of an event, or a slug is registered. */
	eventExists(subject: AnyEvent | EventClass | string): boolean {
		const { classes } = this.#index;
		if (typeof subject === "string") return classes.named(subject) !== undefined;
		const eventClass = subject instanceof Event ? classOf(subject) : subject;
		return classes.find(eventClass) !== undefined;
	}

	/** Every listener, in order of registration. */
	getListeners(): readonly ListenerInfo[] {
		return Array.from(this.#index.listeners, (listener) => listener.info(this.#entityNames));
	}

	/**
	 * Who hears what: every registered event, and every open name somebody listens to, with its
	 * listeners in the order in which they run; or only those that `ref` names.
	 */
	explain(ref?: EventClass | string): readonly PlanEntry[] {
		return explainPlans(this.#index, this.#entityNames, ref);
	}

	/**
	 * Whether somebody listens to events of a class, of one entity or of any. Emitters ask it to skip
	 * all work; it allocates nothing.
	 */
	has(eventClass: EventClass, entityName?: string): boolean {
		return !this.#index.planFor(eventClass, entityName).empty;
	}

	/** Whether a listener of these events asks for the row as it was before. */
	wantsPrevious(eventClass: EventClass, entityName?: string): boolean {
		return this.#index.planFor(eventClass, entityName).previous;
	}

	/** Adds a listener, whatever its types. */
	protected add(
		ref: EventRef,
		handler: unknown,
		config: unknown = "async",
		mode?: "record",
	): Subscription {
		const index = this.#index;
		const refs: readonly (string | EventClass)[] = Array.isArray(ref) ? ref : [ref];
		for (const one of refs) if (typeof one === "function") index.classes.add(one);
		const patterns = [...new Set(namesOf(ref))].map((name) => Pattern.parse(name));
		if (patterns.length === 0) {
			throw coreError("bad_listener", { ref: "nothing", reason: "it has no events" });
		}
		const source = this.#sources.at(-1)?.name;
		const listener = new Listener(patterns, handler as Handler, config as ListenerConfig, {
			number: ++this.#registered,
			source: source ?? "app",
			...(mode === undefined ? {} : { mode }),
		});
		const subscription = new Subscription(listener, (removed) => index.remove(removed));
		const stage = source === undefined || mode === "record" ? undefined : this.#stage;
		(stage ?? index).add(listener);
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
	const { release } = listener;
	listener.release = () => {
		signal.removeEventListener("abort", end);
		release?.();
	};
}

function namesOf(ref: EventRef): string[] {
	const refs: readonly (string | EventClass)[] = Array.isArray(ref) ? ref : [ref as string];
	return refs.map((one) => (typeof one === "function" ? one.slug : one));
}

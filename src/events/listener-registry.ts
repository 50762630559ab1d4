import { coreError } from "./core-error.ts";
import type { AnyEvent, EntityRef, EventClass, EventOf } from "./event-class.ts";
import type { Heard } from "./event-map.ts";
import type { Handler, ListenerConfig } from "./listener-config.ts";
import type { ListenerIndex } from "./listener-index.ts";
import { Listener } from "./listener.ts";
import type { EventRef } from "./event-ref.ts";
import { Pattern } from "./pattern.ts";
import { Subscription } from "./subscription.ts";

/** Who listens to what: the half of an `EventManager` that comes before any emit. */
export abstract class ListenerRegistry<App> {
	readonly #index: ListenerIndex;
	#registered = 0;
	/** What takes the listeners of open sources in place of the index. */
	protected waiting: { add(listener: Listener): void } | undefined;

	protected constructor(index: ListenerIndex) {
		this.#index = index;
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
	on<E extends AnyEvent = AnyEvent, const Ref extends string | readonly string[] = string>(
		ref: Ref,
		handler: Handler<Heard<Ref, E>, App>,
		config?: ListenerConfig<Heard<Ref, E>>,
	): Subscription {
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
	once<E extends AnyEvent = AnyEvent, const Ref extends string | readonly string[] = string>(
		ref: Ref,
		handler: Handler<Heard<Ref, E>, App>,
		config?: ListenerConfig<Heard<Ref, E>>,
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

	/**
	 * Whether somebody listens to events of a class, of one entity or of any. Emitters ask it to skip
	 * all work; it allocates nothing.
	 */
	has(eventClass: EventClass, entityName?: string): boolean {
		return !this.#index.planFor(eventClass, entityName).empty;
	}

	/** Whose listener is registered now, if that was said. */
	protected sourceNow?(): string | undefined;

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
		const source = this.sourceNow?.();
		const listener = new Listener(patterns, handler as Handler, config as ListenerConfig, {
			number: ++this.#registered,
			source: source ?? "app",
			...(mode === undefined ? {} : { mode }),
		});
		const subscription = new Subscription(listener, (removed) => index.remove(removed));
		const stage = source === undefined || mode === "record" ? undefined : this.waiting;
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

import type { AnyEvent, EventClass, InputOf, ParamsOf } from "./event-class.ts";
import type { Event } from "./event.ts";
import type { EventMap, EventName, NamedEvent } from "./event-map.ts";

/** How one event is emitted. */
export interface EmitOptions {
	/** What it happens to: `posts/1`. */
	readonly path?: string;
	/** Facts for `event.context.meta`, over those of the scope. */
	readonly meta?: Readonly<Record<string, unknown>>;
	/** Wait for the async listeners as well; they still can't reject the emit. Default: false. */
	readonly settle?: boolean;
	/**
	 * Aborts the emit: it rejects at once with the signal's reason, and no further listener is called.
	 */
	readonly signal?: AbortSignal;
}

/** Params, or a function that makes them: called once, and only if somebody listens. */
export type Lazy<Params> = Params | (() => Params);

type NamedParams<Name extends EventName> = EventMap[Name] extends AnyEvent
	? ParamsOf<EventMap[Name]>
	: EventMap[Name];

/**
 * Emits an event: an instance, a class with its params, or a name with its params.
 *
 * Sync listeners run one after the other and are waited for; async listeners run later with the
 * final event. The result is that final event.
 */
export interface Emit {
	<E extends AnyEvent>(event: E, params?: undefined, options?: EmitOptions): Promise<E>;
	<Params, Name extends string = string>(
		name: Name,
		...args: Name extends EventName
			? [params: Lazy<NamedParams<Name>>, options?: EmitOptions]
			: [params?: Lazy<Params>, options?: EmitOptions]
	): Promise<Name extends EventName ? NamedEvent<Name> : Event<Params, unknown>>;
	// The last one: its faults are the ones that compilers tell.
	<C extends EventClass & (new (params: never) => AnyEvent)>(
		eventClass: C,
		...args: undefined extends InputOf<C>
			? [params?: Lazy<InputOf<C>>, options?: EmitOptions]
			: [params: Lazy<InputOf<C>>, options?: EmitOptions]
	): Promise<InstanceType<C>>;
}

import type { EntityRef, AnyEvent, ReplyOf } from "./event-class.ts";
import type { ListenerContext } from "./listener-context.ts";

/**
 * `"sync"`: the emitter waits, a reply may change the event, a throw aborts it. `"async"`: called
 * after the sync listeners, nobody waits. It says nothing about JavaScript's `async`.
 */
export type ListenerMode = "sync" | "async";

/** A function that hears events. What a sync one returns is its reply. */
export type Handler<E extends AnyEvent = AnyEvent, App = unknown> = (
	event: E,
	slug: string,
	ctx: ListenerContext<App>,
) => ReplyOf<E> | void | Promise<ReplyOf<E> | void>;

/** How a listener is called, and for which events. */
export interface ListenerOptions<E extends AnyEvent = AnyEvent, Entity = EntityRef> {
	/** Default: `"async"`. */
	readonly mode?: ListenerMode;
	/** Unique; registering it again replaces the listener. Default: made from the source and a number. */
	readonly id?: string;
	/** Ascending; default 0; ties in order of registration. */
	readonly order?: number;
	/** Only events of this entity: its name, its table, or several of them. */
	readonly entity?: Entity;
	/** Only events that it says yes to. */
	readonly where?: (event: E) => boolean;
	/** Only events of exactly this path: `posts/1`. */
	readonly path?: string;
	/** Unsubscribe when the handler is called or queued for the first time. */
	readonly once?: boolean;
	/** Unsubscribes when aborted. */
	readonly signal?: AbortSignal;
	/** Milliseconds that a call may take; a sync listener that takes longer aborts the emit. */
	readonly timeout?: number;
	/** Told of every throw and timeout of this listener; it observes and can't undo one. */
	readonly onError?: (event: E, error: unknown) => void;
	/** Asks the emitter for the row as it was before (data events). Default: false. */
	readonly previous?: boolean;
	/** Allows the listener to be called again for the same path within a chain that it caused. */
	readonly reentrant?: boolean;
}

/** A mode, or everything about a listener. */
export type ListenerConfig<E extends AnyEvent = AnyEvent, Entity = EntityRef> =
	| ListenerMode
	| ListenerOptions<E, Entity>;

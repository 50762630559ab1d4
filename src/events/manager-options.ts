import type { Clock } from "../kernel/clock.ts";
import type { Class } from "../kernel/is-class.ts";
import type { Logger } from "../kernel/logger.ts";
import type { AsyncContext } from "../kernel/platform.ts";
import type { EventPolicy } from "./event-policy.ts";
import type { EventRef } from "./event-ref.ts";
import type { EventScope } from "./event-scope.ts";
import type { FindEntity } from "./bridge/remote-events.ts";
import type { HistoryOptions } from "./history/event-record.ts";
import type { Instrument } from "./instrument.ts";
import type { Handler, ListenerConfig } from "./listener-config.ts";
import type { EntityNames } from "./listener.ts";
import type { FailureObservers } from "./reporter.ts";

/** A listener as data. */
export interface ListenerDefinition {
	readonly ref: EventRef;
	/** Declared as a method, so that one whose event is narrower can stand here. */
	handler(...args: Parameters<Handler>): unknown;
	readonly config?: ListenerConfig;
}

/** What can be registered: a class with methods marked by `listen`, an instance of one, or data. */
export type ListenerSource = ListenerDefinition | Class | object;

/** Everything about a `CoreEventManager` that may be left out. */
export interface CoreManagerOptions<App = unknown> extends FailureObservers {
	/** What listeners get as `ctx.app`: it, or a function that finds it. */
	readonly app?: App | (() => App);
	readonly listeners?: readonly ListenerDefinition[];
	/** Default: warnings and errors on the console. */
	readonly logger?: Logger;
	/** Default: the system's clock. */
	readonly clock?: Clock;
	/** Carries the current scope along asynchronous calls. Default: none. */
	readonly context?: AsyncContext<EventScope>;
	/**
	 * What happens to calls that were deferred outside of any scope: `"macrotask"` starts them soon
	 * after, `"await"` makes the emitter wait for them. Default: `"macrotask"`.
	 */
	readonly deferral?: "macrotask" | "await";
	/** The name of an entity, from what `{ entity }` was given. Default: its `name`. */
	readonly entityName?: EntityNames;
	/**
	 * Finds the service for `ctx.get(token)`; `scope` is the same object for all calls of one scope, and
	 * undefined outside of any where no `context` tells unrelated emits apart.
	 */
	readonly resolve?: (token: unknown, scope: object | undefined) => unknown;
	/** What looks on while listeners are called. Default: nobody, at no cost. */
	readonly instrument?: Instrument;
	/**
	 * The end of the message about an unknown name, from it and the registered slugs. Default: nothing;
	 * `EventManager` names the nearest one.
	 */
	readonly hint?: (name: string, slugs: Iterable<string>) => string;
	/** Listeners in a row that may cause one another. Default: 16. */
	readonly maxDepth?: number;
	/**
	 * Emits of unknown cause that one scope takes while a listener of it waits for something; a write
	 * of the data floor counts as one. Without a `context` nobody knows which emits outside of a scope
	 * belong together: then it is those of one turn of the event loop, and those that wait at the same
	 * time. Default: 10 000.
	 */
	readonly maxEmits?: number;
}

/** Everything about an `EventManager` that may be left out. */
export interface EventManagerOptions<App = unknown> extends Omit<
	CoreManagerOptions<App>,
	"listeners" | "instrument"
> {
	/** What looks on while listeners are called, the first one outermost. Default: nobody, at no cost. */
	readonly instruments?: readonly Instrument[];
	/** Registered in this order; see {@link EventManager.register}. */
	readonly listeners?: readonly ListenerSource[];
	/** Which events `history()` remembers. Default: none, at no cost. */
	readonly history?: HistoryOptions;
	/** The entity of this name, for events of other processes, which carry names only. */
	readonly findEntity?: FindEntity;
	/** What actors from outside may do; see {@link EventManager.as}. Default: nothing. */
	readonly policy?: EventPolicy;
}

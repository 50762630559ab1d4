import { CoreEventManager } from "./core-event-manager.ts";
import type { EventClass } from "./event-class.ts";
import type { EventManagerOptions } from "./manager-options.ts";
import { eventStats, type EventStats } from "./observe/event-stats.ts";
import { Statistics } from "./observe/statistics.ts";

/**
 * Dispatches events to listeners, and everything around that: channels, class-based listeners,
 * history, adapters to other processes, what outside actors may do, statistics.
 *
 * `sync` listeners run one after the other, in order; the emitter waits, their replies may change
 * the event, a throw aborts the emit. Then channels, history and adapters are told of the final
 * event, and `async` listeners get it later and on their own. An event that nobody listens to costs
 * next to nothing.
 *
 * @example
 * ```ts
 * const emgr = new EventManager({ OrderPaid });
 * emgr.onEvent(OrderPaid, (event) => console.log(event.params.id), "sync");
 * await emgr.emit(OrderPaid, { id: "a1", total: 42 });
 * ```
 */
export class EventManager<App = unknown> extends CoreEventManager<App> {
	readonly #statistics: Statistics | undefined;

	/**
	 * @param events classes to register, as a record or an array.
	 * @throws {EventError} `duplicate_slug`, `bad_event_name`; what `on` throws for `listeners`.
	 */
	constructor(
		events: Readonly<Record<string, EventClass>> | readonly EventClass[] = {},
		options: EventManagerOptions<App> = {},
	) {
		super(events, options);
		this.#statistics = options.instruments?.find((one) => one instanceof Statistics);
	}

	/** What goes on right now, and what `statistics()` has counted if this manager was given one. */
	get stats(): EventStats {
		return eventStats(this.core, this.#statistics?.totals);
	}
}

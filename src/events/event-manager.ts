import { CoreEventManager } from "./core-event-manager.ts";
import type { ChannelOptions, NextOptions } from "./channel/channel-options.ts";
import type { Channel } from "./channel/channel.ts";
import { Channels } from "./channel/channels.ts";
import type { EventClass } from "./event-class.ts";
import type { EventOfRef, EventRef } from "./event-ref.ts";
import type { ListenerConfig } from "./listener-config.ts";
import type { EventManagerOptions } from "./manager-options.ts";
import { eventStats, type EventStats } from "./observe/event-stats.ts";
import { Statistics } from "./observe/statistics.ts";
import { sinkHandler, type Sink } from "./sink.ts";
import type { Subscription } from "./subscription.ts";

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
	readonly #channels = new Channels((ref, recorder, options) =>
		this.add(ref, recorder, options, "record"),
	);
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

	/**
	 * Opens a channel: events to be received one by one, without a handler. It hears the final events
	 * of all emits from now on, and only holds `buffer` of them; a slow consumer stalls nobody, unless
	 * it asks for that by `overflow: "wait"`.
	 *
	 * @throws {EventError} `bad_channel`; what `on` throws.
	 * @example
	 * ```ts
	 * for await (const event of emgr.subscribe("order.*")) console.log(event.slug, event.path);
	 * ```
	 */
	subscribe<R extends EventRef>(
		ref: R,
		options?: ChannelOptions<EventOfRef<R>>,
	): Channel<EventOfRef<R>> {
		return this.#channels.subscribe(ref, options);
	}

	/**
	 * Waits for the next event. It is heard from the call on, also before the promise is awaited; all
	 * who wait get the same one.
	 *
	 * @throws (rejects) {EventError} `channel_timeout`; `channel_closed` when the manager stops;
	 * `bad_channel`; what `on` throws. The signal's reason when it is aborted.
	 * @example
	 * ```ts
	 * const paid = emgr.next(OrderPaid, { path: "orders/1", timeout: 5000 });
	 * await startPayment();
	 * console.log((await paid).params.total);
	 * ```
	 */
	next<R extends EventRef>(ref: R, options?: NextOptions<EventOfRef<R>>): Promise<EventOfRef<R>> {
		return this.#channels.next(ref, options);
	}

	/**
	 * Sends events on to a sink, as an ordinary listener does: async unless the config says `"sync"`.
	 *
	 * @throws {EventError} `bad_sink`; what `on` throws.
	 */
	pipe<R extends EventRef>(
		ref: R,
		sink: Sink<EventOfRef<R>, App>,
		config?: ListenerConfig<EventOfRef<R>>,
	): Subscription {
		return this.add(ref, sinkHandler(sink as Sink), config);
	}

	/** What goes on right now, and what `statistics()` has counted if this manager was given one. */
	get stats(): EventStats {
		return eventStats(this.core, this.#statistics?.totals);
	}
}

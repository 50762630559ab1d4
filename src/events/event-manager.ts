import type { Class } from "../kernel/is-class.ts";
import type { DrainResult } from "./core-event-manager.ts";
import { ClassListeners } from "./class-listeners.ts";
import { HostEventManager } from "./host-event-manager.ts";
import type { ChannelOptions, NextOptions } from "./channel/channel-options.ts";
import type { Channel } from "./channel/channel.ts";
import type { Bridge } from "./bridge/bridge.ts";
import { Bridges } from "./bridge/bridges.ts";
import type { BridgeOptions, EventAdapter } from "./bridge/event-adapter.ts";
import { Channels } from "./channel/channels.ts";
import type { EventClass } from "./event-class.ts";
import type { Actor } from "./event-context.ts";
import { PolicyGate } from "./event-policy.ts";
import type { EventOfRef, EventRef } from "./event-ref.ts";
import { eventErrors } from "./errors.ts";
import { EventHistory } from "./history/event-history.ts";
import type { EventRecord, HistoryQuery } from "./history/event-record.ts";
import type { ListenerConfig } from "./listener-config.ts";
import type { ListenerGroup } from "./listener-group.ts";
import type { EventManagerOptions, ListenerSource } from "./manager-options.ts";
import { eventStats, type EventStats } from "./observe/event-stats.ts";
import { Statistics } from "./observe/statistics.ts";
import { OutsideEvents } from "./outside-events.ts";
import { sinkHandler, type Sink } from "./sink.ts";
import type { Recording } from "./recording.ts";
import type { Subscription } from "./subscription.ts";

/** Milliseconds that what is deferred has when a manager stops. */
const STOP_TIMEOUT = 10_000;

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
export class EventManager<App = unknown> extends HostEventManager<App> {
	readonly #channels = new Channels((ref, recorder, options) =>
		this.add(ref, recorder, options, "record"),
	);
	readonly #classes = new ClassListeners(
		(ref, handler, config) => this.add(ref, handler, config),
		this.core.settings.resolve === undefined ? "none" : "services",
		() => ({ source: this.sourceNow(), stage: this.waiting }),
	);
	readonly #bridges: Bridges;
	readonly #history: EventHistory | undefined;
	readonly #gate: PolicyGate;
	#stopping: Promise<DrainResult> | undefined;
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
		for (const listener of options.listeners ?? []) this.register(listener);
		const record: Recording = (ref, recorder, own) => this.add(ref, recorder, own, "record");
		this.#bridges = new Bridges(this.core, record, options.findEntity);
		if (options.history !== undefined) this.#history = new EventHistory(options.history, record);
		this.#gate = new PolicyGate(options.policy, this.core.settings.logger);
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

	/**
	 * Registers the methods of a class that are marked with {@link listen}. A class is asked for as a
	 * service at each call, so that it gets what its `static inject` names; without services one
	 * instance is made. An instance is itself. Registering the same one again replaces it.
	 *
	 * @param listener A class, an instance of one, or `{ ref, handler, config }`.
	 * @throws {EventError} `bad_listener_class`; what `on` throws, and then none is registered.
	 */
	register(listener: ListenerSource): ListenerGroup {
		return this.#classes.register(listener);
	}

	/** @internal The classes that are asked for as services when an event comes. */
	get listenerClasses(): readonly Class[] {
		return this.#classes.classes;
	}

	/**
	 * Events for somebody from outside, as far as the policy lets them. Code of the app, which emits and
	 * listens itself, is never asked.
	 *
	 * @example
	 * ```ts
	 * const outside = emgr.as({ id: "partner" });
	 * await outside.emit("orders.paid", { id: "a1" });
	 * ```
	 */
	as(actor: Actor): OutsideEvents {
		return new OutsideEvents(actor, {
			core: this.core,
			gate: this.#gate,
			acting: (who) => this.acting(who),
			subscribe: (ref, options) => this.subscribe(ref, options),
			next: (ref, options) => this.next(ref, options),
		});
	}

	/**
	 * The last events, oldest first, as frozen copies: what happens to an event later is not in them.
	 *
	 * @throws (rejects) {EventError} `no_history` unless the manager was given `history`;
	 * `bad_history`, `bad_pattern`.
	 * @example
	 * ```ts
	 * const logins = await emgr.history({ ref: "user.login", limit: 10 });
	 * ```
	 */
	async history(query?: HistoryQuery): Promise<readonly EventRecord[]> {
		if (this.#history === undefined) throw eventErrors.create("no_history", {});
		return this.#history.query(query);
	}

	/**
	 * Connects this manager with others, in other processes: events that match `publish` go out once
	 * their sync listeners have run, and those of others come in. A transport that fails is logged, and
	 * never keeps an event from the listeners here; no emitter waits for it, unless it asks to settle.
	 *
	 * @throws {EventError} `bad_adapter`; what `on` throws.
	 * @example
	 * ```ts
	 * const bridge = emgr.connect(adapter, { publish: "order.**", receive: "(order|stock).**" });
	 * await bridge.ready;
	 * ```
	 */
	connect(adapter: EventAdapter, options: BridgeOptions): Bridge {
		return this.#bridges.connect(adapter, options);
	}

	/**
	 * Ends it, once: waits for what is deferred, ends the channels after what is buffered in them,
	 * closes the bridges, and removes every listener. From then on events reach nobody, and who wants to
	 * listen gets `manager_stopped`.
	 *
	 * @param options `timeout`: milliseconds that what is deferred may take; default 10 000. Bridges have
	 * what is left of it.
	 */
	stop({ timeout = STOP_TIMEOUT }: { readonly timeout?: number } = {}): Promise<DrainResult> {
		this.#stopping ??= this.#stop(timeout);
		return this.#stopping;
	}

	async #stop(timeout: number): Promise<DrainResult> {
		const { clock } = this.core.settings;
		const deadline = clock.now() + timeout;
		const result = await this.drain({ timeout });
		this.#channels.closeAll();
		await this.#bridges.closeAll({ timeout: Math.max(0, deadline - clock.now()) });
		this.core.index.close();
		return result;
	}

	/** What goes on right now, and what `statistics()` has counted if this manager was given one. */
	get stats(): EventStats {
		return eventStats(this.core, this.#statistics?.totals);
	}
}

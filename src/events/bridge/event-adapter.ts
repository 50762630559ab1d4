import type { EventRef } from "../event-ref.ts";
import type { EventRecord, HistoryQuery } from "../history/event-record.ts";
import type { EventEnvelope } from "./envelope.ts";

/**
 * What carries events to other processes and back. Write one around the client of your broker; the
 * suite `adapterConformance` of `burdock/testing` says whether it holds what is promised here.
 *
 * Every method may throw or reject: it is reported, and events reach local listeners all the same.
 *
 * @example
 * ```ts
 * const adapter: EventAdapter = {
 *   publish: (envelope) => broker.send("events", JSON.stringify(envelope)),
 *   subscribe: (receive) => broker.on("events", (text) => receive(text)),
 *   stop: () => broker.close(),
 * };
 * ```
 */
export interface EventAdapter {
	/** Sends an envelope, which is plain JSON. Envelopes of one adapter stay in order. */
	publish(envelope: EventEnvelope): void | Promise<unknown>;
	/**
	 * Calls `receive` with each envelope, as text or as an object, of others and also of its own. What
	 * comes in is checked; `receive` never throws. It may return a function that ends it.
	 */
	subscribe?(
		receive: (envelope: unknown) => void,
	): void | EndSubscription | Promise<void | EndSubscription>;
	/** Ends everything; called once, when the bridge is closed. A second call must be harmless. */
	stop?(): void | Promise<unknown>;
	/** What the other side remembers, for your own use: `emgr.history()` answers from memory. */
	history?(query: HistoryQuery): Promise<readonly EventRecord[]>;
}

/** Ends a subscription. */
export type EndSubscription = () => void | Promise<unknown>;

/** Which events go out and come in: never those of classes that are `local`. */
export interface BridgeOptions {
	/** The events that are published, in their final form. */
	readonly publish: EventRef;
	/** The events of others that are let in; default: the same. */
	readonly receive?: EventRef;
	/** Who publishes: the `source` of the envelopes, a URI or a path. Default: `"burdock"`. */
	readonly source?: string;
}

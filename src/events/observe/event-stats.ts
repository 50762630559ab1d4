import type { EventCore } from "../event-core.ts";
import type { Listener } from "../listener.ts";
import type { ListenerMode } from "../listener-config.ts";
import type { CallCounts } from "../meter.ts";

/** What was counted of one listener since it was registered. */
export interface ListenerStats {
	readonly id: string;
	/** Who registered it: `"app"`, or a plugin's name. */
	readonly source: string;
	readonly mode: ListenerMode;
	/** The slugs, topics and patterns it listens to. */
	readonly refs: readonly string[];
	readonly calls: number;
	/** Throws, rejections, timeouts, and replies that an event could not take. */
	readonly errors: number;
	/** Milliseconds that half of the timed calls took at most; absent until one was timed. */
	readonly p50?: number;
	/** Milliseconds that 95 % of the timed calls took at most. */
	readonly p95?: number;
}

/** What goes on in a manager, at one moment. */
export interface EventStats {
	/** Whether calls are counted; see `statistics`. If not, counts are 0. */
	readonly measured: boolean;
	/** Registered listeners; channels, history and adapters are none. */
	readonly listeners: number;
	/** Calls of async listeners that wait or run, and work that was deferred. */
	readonly pending: number;
	/** Calls of all listeners so far, those included that are gone. */
	readonly calls: number;
	/** What of that failed. */
	readonly errors: number;
	/** In the order in which they were registered. */
	readonly perListener: readonly ListenerStats[];
}

/** The statistics of a manager; without `totals` nothing was counted. */
export function eventStats(core: EventCore, totals: CallCounts | undefined): EventStats {
	const perListener: ListenerStats[] = [];
	for (const listener of core.index.listeners) {
		if (listener.mode !== "record") perListener.push(listenerStats(listener, listener.mode));
	}
	return Object.freeze({
		measured: totals !== undefined,
		listeners: perListener.length,
		pending: core.pending,
		calls: totals?.calls ?? 0,
		errors: totals?.errors ?? 0,
		perListener: Object.freeze(perListener),
	});
}

function listenerStats(
	{ id, source, patterns, meter }: Listener,
	mode: ListenerMode,
): ListenerStats {
	const refs = Object.freeze(patterns.map((pattern) => pattern.source));
	const sorted = meter?.times.toSorted((one, other) => one - other) ?? [];
	return Object.freeze({
		id,
		source,
		mode,
		refs,
		calls: meter?.calls ?? 0,
		errors: meter?.errors ?? 0,
		...(sorted.length > 0 && { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95) }),
	});
}

/** The smallest value that at least this share of the values does not exceed, to the microsecond. */
function percentile(sorted: readonly number[], share: number): number {
	const value = sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
	return Math.round(value * 1000) / 1000;
}

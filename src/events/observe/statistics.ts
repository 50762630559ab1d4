import type { Instrument } from "../instrument.ts";
import type { ListenerCall } from "../listener-call.ts";
import { Meter, type CallCounts } from "../meter.ts";
import { whenDone } from "./when-done.ts";

/** The first calls of a listener, each of which is timed. */
const ALL_OF = 64;
/** Of those after that, one in 16. */
const MASK = 15;

/** What statistics are made with. */
export interface StatisticsOptions {
	/** The time in milliseconds, from any beginning. Default: `performance.now`. */
	readonly now?: () => number;
}

/** Counts calls, and times some of them. */
export class Statistics implements Instrument {
	/** Of all listeners, those included that are gone. */
	readonly totals: CallCounts = { calls: 0, errors: 0 };
	readonly #now: () => number;

	constructor({ now = () => performance.now() }: StatisticsOptions = {}) {
		this.#now = now;
	}

	call<T>({ listener }: ListenerCall, go: () => T): T {
		const meter = (listener.meter ??= new Meter(this.totals));
		const before = meter.calls++;
		this.totals.calls++;
		if (before >= ALL_OF && (before & MASK) !== 0) return go();
		return this.#timed(meter, go);
	}

	/** A call that throws is timed as well. */
	#timed<T>(meter: Meter, go: () => T): T {
		const start = this.#now();
		const end = (): void => meter.took(this.#now() - start);
		return whenDone(go, end, end);
	}
}

/**
 * Counts the calls of listeners and what they throw, for `emgr.stats`. It times a sample: the first
 * 64 calls of a listener, then one in 16, of which the last 128 are kept; a promise until it settles.
 * An app has it already; a manager of your own counts once it is given one, of its own.
 *
 * On Workers the time stands still between two waits for input or output: a listener that only
 * computes takes 0 ms there.
 *
 * @example
 * ```ts
 * const emgr = new EventManager([OrderPaid], { instruments: [statistics()] });
 * await emgr.emit(OrderPaid, { id: "a1", total: 42 });
 * console.log(emgr.stats.calls);
 * ```
 */
export function statistics(options: StatisticsOptions = {}): Instrument {
	return new Statistics(options);
}

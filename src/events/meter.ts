/** Samples kept of each listener. */
const KEPT = 128;

/** Calls and failures, counted. */
export interface CallCounts {
	calls: number;
	errors: number;
}

/** What was measured of the calls of one listener. */
export class Meter implements CallCounts {
	calls = 0;
	errors = 0;
	/** Milliseconds of the last calls that were timed, in any order. */
	readonly times: number[] = [];
	readonly #totals: CallCounts;
	#timed = 0;

	/** @param totals where failures of all listeners are counted. */
	constructor(totals: CallCounts) {
		this.#totals = totals;
	}

	/** Counts a throw, a rejection, a timeout, or a reply that the event could not take. */
	failed(): void {
		this.errors++;
		this.#totals.errors++;
	}

	/** Keeps the time of a call; a clock that was set back makes it 0. */
	took(milliseconds: number): void {
		this.times[this.#timed++ % KEPT] = Math.max(0, milliseconds);
	}
}

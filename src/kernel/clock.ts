/** Where the time comes from: the system's clock, or one that a test holds. */
export interface Clock {
	/** Milliseconds since the Unix epoch. */
	now(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** Milliseconds for which what belongs to nothing is left alone. */
export const DEFAULT_GRACE = 3_600_000;

/** Milliseconds between two rounds of one process. */
export const DEFAULT_EVERY = 3_600_000;

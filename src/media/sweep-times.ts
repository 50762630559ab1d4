/** Milliseconds for which what belongs to nothing is left alone. */
export const DEFAULT_GRACE = 3_600_000;

/** Milliseconds that an upload may take, as stores know when one has begun, and not that it goes on. */
export const UNFINISHED_AGE = 86_400_000;

/** Milliseconds between two rounds of one process. */
export const DEFAULT_EVERY = 3_600_000;

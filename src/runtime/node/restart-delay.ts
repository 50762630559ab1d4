const FIRST_MS = 100;
const MOST_MS = 30_000;
/** A worker that has answered for so long has started well. */
const WELL_MS = 30_000;

/** How long to wait before a worker that died is started again: the more often it died, the longer. */
export class RestartDelay {
	#next = FIRST_MS;

	/** Milliseconds to wait after one that has answered for `lifetime` milliseconds. */
	after(lifetime: number): number {
		const delay = lifetime >= WELL_MS ? FIRST_MS : this.#next;
		this.#next = Math.min(delay * 2, MOST_MS);
		return delay;
	}
}

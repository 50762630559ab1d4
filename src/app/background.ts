import type { Logger } from "../kernel/logger.ts";
import { settled } from "./settled.ts";

/** Work that routes left running with `waitUntil`, where the runtime does not keep it itself. */
export class Background {
	readonly #logger: Logger;
	readonly #running = new Set<Promise<unknown>>();

	constructor(logger: Logger) {
		this.#logger = logger;
	}

	/** Keeps an eye on the work; a rejection goes to the log. */
	keep(work: unknown): void {
		const watched = Promise.resolve(work)
			.catch((error: unknown) => this.#logger.error("Work after a response failed.", { error }))
			.finally(() => this.#running.delete(watched));
		this.#running.add(watched);
	}

	/** Waits for all work, at most this many milliseconds; answers how much was not done by then. */
	settle(timeout: number): Promise<number> {
		return settled(this.#running, timeout);
	}
}

import type { Platform } from "../kernel/platform.ts";
import { settled } from "./settled.ts";

/** Work that goes on while nobody waits for it, such as what routes left running with `waitUntil`. */
export class Background {
	readonly #platform: Platform;
	readonly #running = new Set<Promise<unknown>>();

	constructor(platform: Platform) {
		this.#platform = platform;
	}

	/** Keeps an eye on the work; a rejection goes to the log. */
	keep(work: unknown): void {
		const { logger } = this.#platform;
		const watched = Promise.resolve(work)
			.catch((error: unknown) => logger.error("Work in the background failed.", { error }))
			.finally(() => this.#running.delete(watched));
		this.#running.add(watched);
		this.#platform.waitUntil?.(watched);
	}

	/** Waits for all work, at most this many milliseconds; answers how much was not done by then. */
	settle(timeout: number): Promise<number> {
		return settled(this.#running, timeout);
	}
}

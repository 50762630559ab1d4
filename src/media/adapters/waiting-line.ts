import { mediaErrors } from "../errors.ts";

/** How many may be at work, and how many may wait for it. */
export interface WaitingLineOptions {
	readonly atOnce: number;
	readonly waiting: number;
}

/** Lets a few calls run at once; the next ones wait in order, and the rest are refused. */
export class WaitingLine {
	readonly #options: WaitingLineOptions;
	readonly #waiting: (() => void)[] = [];
	#running = 0;

	constructor(options: WaitingLineOptions) {
		this.#options = options;
	}

	/** @throws (rejects) `images_busy` when too many wait already; what the call throws. */
	async run<T>(call: () => Promise<T>): Promise<T> {
		await this.#turn();
		try {
			return await call();
		} finally {
			const next = this.#waiting.shift();
			// Whoever is next takes this one's place.
			if (next === undefined) this.#running--;
			else next();
		}
	}

	#turn(): Promise<void> {
		const { atOnce, waiting } = this.#options;
		if (this.#running < atOnce) {
			this.#running++;
			return Promise.resolve();
		}
		if (this.#waiting.length >= waiting) throw mediaErrors.create("images_busy", {});
		return new Promise((next) => this.#waiting.push(next));
	}
}

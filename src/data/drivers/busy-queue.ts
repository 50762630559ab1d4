import type { Clock } from "../../kernel/clock.ts";

/** How a busy database is waited for. Every default is for production; tests hold their own. */
export interface BusyOptions {
	/** Milliseconds after which a call gives up; default 5 000. */
	readonly busyTimeout?: number;
	/** Milliseconds since any moment; default: the monotonic clock. */
	readonly clock?: Clock;
	/** Resolves after so many milliseconds; default: `setTimeout`. */
	readonly delay?: (milliseconds: number) => Promise<void>;
	/** A number from 0 to below 1 that keeps processes out of step; default `Math.random`. */
	readonly random?: () => number;
}

interface Waiting {
	readonly attempt: () => void;
	readonly refuse: (error: unknown) => void;
	readonly deadline: number;
}

const BUSY_TIMEOUT_MS = 5_000;
const FIRST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = 50;
/** After so many calls the event loop gets its turn, however many have been waiting. */
const CALLS_PER_TURN = 32;

/**
 * Holds the calls that found the database locked, in order. Only the first one tries again, after a
 * growing pause with jitter, so that a crowd of waiting calls costs no more than a single one; when
 * it succeeds the others follow at once. None is ever inside of a transaction while it waits.
 */
export class BusyQueue {
	readonly #isBusy: (error: unknown) => boolean;
	readonly #timeout: number;
	readonly #clock: Clock;
	readonly #delay: (milliseconds: number) => Promise<void>;
	readonly #random: () => number;
	readonly #waiting: Waiting[] = [];
	#running: Promise<void> | undefined;

	constructor(isBusy: (error: unknown) => boolean, options: BusyOptions = {}) {
		this.#isBusy = isBusy;
		this.#timeout = options.busyTimeout ?? BUSY_TIMEOUT_MS;
		this.#clock = options.clock ?? { now: () => performance.now() };
		this.#delay =
			options.delay ?? ((milliseconds) => new Promise((done) => setTimeout(done, milliseconds)));
		this.#random = options.random ?? Math.random;
	}

	/** Whether calls are waiting. */
	get isWaiting(): boolean {
		return this.#waiting.length > 0;
	}

	/** Resolves when none is waiting any more; undefined when none is. */
	get idle(): Promise<void> | undefined {
		return this.#running;
	}

	/**
	 * Runs the call when the lock is free and all earlier ones have run.
	 *
	 * @param call Synchronous; throws the engine's error.
	 * @returns What the call returns; rejects with its error, or after the timeout with the one that
	 * says busy.
	 */
	wait<T>(call: () => T): Promise<T> {
		return new Promise<T>((resolve, reject) => {
			this.#waiting.push({
				attempt: () => resolve(call()),
				refuse: reject,
				deadline: this.#clock.now() + this.#timeout,
			});
			this.#running ??= this.#run();
		});
	}

	async #run(): Promise<void> {
		let pause = FIRST_PAUSE_MS;
		while (this.#waiting.length > 0) {
			await this.#delay(pause * (0.5 + this.#random() / 2));
			pause = this.#turn() ? Math.min(pause * 2, LONGEST_PAUSE_MS) : 0;
		}
		this.#running = undefined;
	}

	/** Runs what is waiting, in order; answers true when the database is still locked. */
	#turn(): boolean {
		for (let calls = 0; calls < CALLS_PER_TURN; calls++) {
			const next = this.#waiting[0];
			if (next === undefined) return false;
			try {
				next.attempt();
			} catch (error) {
				if (this.#isBusy(error)) {
					this.#expire(error);
					return true;
				}
				next.refuse(error);
			}
			this.#waiting.shift();
		}
		return false;
	}

	#expire(busy: unknown): void {
		const now = this.#clock.now();
		while ((this.#waiting[0]?.deadline ?? Infinity) <= now) this.#waiting.shift()?.refuse(busy);
	}
}

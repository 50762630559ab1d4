import type { App } from "../../app/app.ts";

/** The longest that a timer waits; of more Node makes a millisecond. */
const LONGEST_MS = 2 ** 31 - 1;

/** Runs the duties of an app again and again, until it is stopped; never two runs at a time. */
export class DutyTimer {
	readonly #app: () => App;
	readonly #interval: number;
	readonly #stop = new AbortController();
	#timer: NodeJS.Timeout | undefined;

	/**
	 * @param app Asked at each run for the app that is served then.
	 * @param interval Milliseconds between the end of a run and the next one.
	 */
	constructor(app: () => App, interval: number) {
		this.#app = app;
		this.#interval = Math.min(interval, LONGEST_MS);
	}

	/** Begins with a run after one interval. A process is not kept alive for it. */
	start(): void {
		this.#timer = setTimeout(() => this.#run(), this.#interval).unref();
	}

	/** No run begins any more, and a running one ends after its step, for which `app.close` waits. */
	stop(): void {
		clearTimeout(this.#timer);
		this.#stop.abort();
	}

	#run(): void {
		const { signal } = this.#stop;
		const app = this.#app();
		void app
			.runDuties({ signal })
			.catch((error: unknown) => app.logger.error("The duties could not be run.", { error }))
			.finally(() => {
				if (!signal.aborted) this.start();
			});
	}
}

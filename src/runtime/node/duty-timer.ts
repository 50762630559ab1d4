import type { App } from "../../app/app.ts";
import { settled } from "../../app/settled.ts";

/** Runs the duties of an app again and again, until it is stopped; never two runs at a time. */
export class DutyTimer {
	readonly #app: () => App;
	readonly #interval: number;
	readonly #stop = new AbortController();
	#timer: NodeJS.Timeout | undefined;
	#running: Promise<unknown> | undefined;

	/**
	 * @param app Asked at each run for the app that is served then.
	 * @param interval Milliseconds between the end of a run and the next one.
	 */
	constructor(app: () => App, interval: number) {
		this.#app = app;
		this.#interval = interval;
	}

	/** Begins with a run after one interval. A process is not kept alive for it. */
	start(): void {
		this.#timer = setTimeout(() => this.#run(), this.#interval).unref();
	}

	/**
	 * No run begins any more, and a running one ends after its step. Resolves to 1 if that takes longer
	 * than `timeout` milliseconds, else to 0.
	 */
	async stop(timeout: number): Promise<number> {
		clearTimeout(this.#timer);
		this.#stop.abort();
		return this.#running === undefined ? 0 : settled([this.#running], timeout);
	}

	#run(): void {
		const { signal } = this.#stop;
		this.#running = this.#app()
			.runDuties({ signal })
			.finally(() => {
				this.#running = undefined;
				if (!signal.aborted) this.start();
			});
	}
}

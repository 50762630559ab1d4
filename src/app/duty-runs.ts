import type { Background } from "./background.ts";

/** The runs of an app's duties that are under way: they end with the app, which waits for their steps. */
export class DutyRuns {
	readonly #background: Background;
	readonly #endings = new Set<AbortController>();

	constructor(background: Background) {
		this.#background = background;
	}

	/**
	 * Begins a run.
	 * @param call Does it, until its signal is aborted.
	 * @param signal Ends the run, too.
	 */
	begin<T>(call: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
		const ending = new AbortController();
		this.#endings.add(ending);
		const ended = signal === undefined ? ending.signal : AbortSignal.any([signal, ending.signal]);
		const run = call(ended).finally(() => this.#endings.delete(ending));
		this.#background.keep(run);
		return run;
	}

	/** Ends all of them after the step that runs. */
	end(): void {
		for (const ending of this.#endings) ending.abort();
	}
}

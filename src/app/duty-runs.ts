import { settled } from "./settled.ts";

/** The runs of an app's duties that are under way: they end with the app, which waits for their steps. */
export class DutyRuns {
	readonly #running = new Map<AbortController, Promise<unknown>>();
	#ended = false;

	/**
	 * Begins a run.
	 * @param call Does it, until its signal is aborted.
	 * @param signal Ends the run, too.
	 */
	begin<T>(call: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
		const ending = new AbortController();
		if (this.#ended) ending.abort();
		const ended = signal === undefined ? ending.signal : AbortSignal.any([signal, ending.signal]);
		const run = call(ended).finally(() => this.#running.delete(ending));
		this.#running.set(ending, run);
		return run;
	}

	/**
	 * Ends all of them after the step that runs, and any to come before its first one. Answers how many
	 * take longer than these milliseconds.
	 */
	end(timeout: number): Promise<number> {
		this.#ended = true;
		for (const ending of this.#running.keys()) ending.abort();
		return settled(this.#running.values(), timeout);
	}
}

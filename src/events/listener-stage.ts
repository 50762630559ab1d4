import type { ListenerIndex } from "./listener-index.ts";
import type { Listener } from "./listener.ts";

/**
 * Listeners that wait to take over from those that their sources registered before. Until then
 * nobody hears them, so that an event is never heard by both, nor by neither.
 */
export class ListenerStage {
	readonly #index: ListenerIndex;
	readonly #end: () => void;
	readonly #listeners: Listener[] = [];

	constructor(index: ListenerIndex, end: () => void) {
		this.#index = index;
		this.#end = end;
	}

	/** @throws {EventError} `unknown_event`, `sync_only`. */
	add(listener: Listener): void {
		this.#index.check(listener);
		this.#listeners.push(listener);
	}

	/** Removes what is registered of these sources, and adds what waits, in one step. */
	takeOver(sources: ReadonlySet<string>): void {
		this.#end();
		for (const listener of this.#index.listeners) {
			if (sources.has(listener.source)) this.#index.remove(listener);
		}
		for (const listener of this.#listeners) if (listener.active) this.#index.add(listener);
	}

	/** Forgets what waits. */
	discard(): void {
		this.#end();
		for (const listener of this.#listeners) this.#index.remove(listener);
	}
}

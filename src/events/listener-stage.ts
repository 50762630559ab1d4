import type { ListenerIndex } from "./listener-index.ts";
import type { Listener } from "./listener.ts";

/**
 * Listeners that wait to take over from those that their sources registered before. Until then
 * nobody hears them, so that an event is never heard by both, nor by neither.
 *
 * Channels and bridges don't wait: who has opened one may need it at once. They stay, or go, with the
 * listeners of their source.
 */
export class ListenerStage {
	readonly #index: ListenerIndex;
	readonly #end: () => void;
	readonly #listeners: Listener[] = [];
	readonly #before: ReadonlySet<Listener>;

	constructor(index: ListenerIndex, end: () => void) {
		this.#index = index;
		this.#before = new Set(index.listeners);
		this.#end = end;
	}

	/** @throws {EventError} `unknown_event`, `sync_only`. */
	add(listener: Listener): void {
		this.#index.check(listener);
		this.#listeners.push(listener);
	}

	/** Removes what these sources had registered before, and adds what waits, in one step. */
	takeOver(sources: ReadonlySet<string>): void {
		this.#end();
		for (const listener of this.#before) {
			if (sources.has(listener.source)) this.#index.remove(listener);
		}
		for (const listener of this.#listeners) if (listener.active) this.#index.add(listener);
	}

	/** Forgets what waits, and removes what these sources have opened meanwhile. */
	discard(sources: ReadonlySet<string>): void {
		this.#end();
		for (const listener of this.#listeners) this.#index.remove(listener);
		for (const listener of this.#index.listeners) {
			if (this.#before.has(listener) || !sources.has(listener.source)) continue;
			this.#index.remove(listener);
		}
	}
}

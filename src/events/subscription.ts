import type { Listener } from "./listener.ts";

/**
 * A registered listener in the hands of who registered it. With `using`, it unsubscribes at the end
 * of the block.
 *
 * @example
 * ```ts
 * const subscription = emgr.on("order.*", handler);
 * subscription.unsubscribe();
 * ```
 */
export class Subscription implements Disposable {
	readonly #listener: Listener;
	readonly #remove: (listener: Listener) => void;

	constructor(listener: Listener, remove: (listener: Listener) => void) {
		this.#listener = listener;
		this.#remove = remove;
	}

	/** The listener's id: the given one, or a generated one. */
	get id(): string {
		return this.#listener.id;
	}

	/** False once it was unsubscribed, spent (`once`), aborted or replaced by another of its id. */
	get active(): boolean {
		return this.#listener.active;
	}

	/** Removes this listener and no other. A second call does nothing. An emit that runs is not affected. */
	unsubscribe(): void {
		this.#remove(this.#listener);
	}

	[Symbol.dispose](): void {
		this.unsubscribe();
	}
}

import type { Subscription } from "./subscription.ts";

/**
 * What was registered together: the marked methods of a class. With `using`, it unsubscribes at the
 * end of the block.
 */
export class ListenerGroup implements Disposable {
	readonly #subscriptions: readonly Subscription[];

	constructor(subscriptions: readonly Subscription[]) {
		this.#subscriptions = subscriptions;
	}

	/** The ids of the listeners. */
	get ids(): readonly string[] {
		return this.#subscriptions.map(({ id }) => id);
	}

	/** False once all of them are gone: unsubscribed, spent, aborted or replaced. */
	get active(): boolean {
		return this.#subscriptions.some(({ active }) => active);
	}

	/** Removes these listeners and no other. A second call does nothing. */
	unsubscribe(): void {
		for (const subscription of this.#subscriptions) subscription.unsubscribe();
	}

	[Symbol.dispose](): void {
		this.unsubscribe();
	}
}

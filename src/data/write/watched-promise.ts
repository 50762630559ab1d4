/**
 * A promise that knows whether somebody waits for it, so that a forgotten `await` is an error with a
 * name instead of a write that may or may not be stored. Its rejection is handled by who watches it.
 */
export class WatchedPromise<T> extends Promise<T> {
	#watched = false;
	#settled = false;

	/** What comes of `then` and the like is a plain promise. */
	static override get [Symbol.species](): PromiseConstructor {
		return Promise;
	}

	/** Watches what a promise becomes. */
	static of<T>(promise: Promise<T>): WatchedPromise<T> {
		const watched = new WatchedPromise<T>((resolve, reject) => {
			promise.then(resolve, reject);
		});
		const settle = () => {
			watched.#settled = true;
		};
		void super.prototype.then.call(watched, settle, settle);
		return watched;
	}

	/** Whether somebody waits for it. */
	get watched(): boolean {
		return this.#watched;
	}

	/** Whether it has resolved or rejected. */
	get settled(): boolean {
		return this.#settled;
	}

	// oxlint-disable-next-line unicorn/no-thenable -- `await` calls it: that is how it is noticed.
	override then<A = T, B = never>(
		resolved?: ((value: T) => A | PromiseLike<A>) | null,
		rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
	): Promise<A | B> {
		this.#watched = true;
		return super.then(resolved, rejected);
	}
}

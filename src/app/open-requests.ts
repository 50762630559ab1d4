/** Counts the requests that wait for something, so that closing can wait for them. */
export class OpenRequests {
	#count = 0;
	#onIdle: (() => void)[] = [];

	/** Notes that a request is open. */
	enter(): void {
		this.#count++;
	}

	/** Notes that one has been answered. */
	readonly leave = (): void => {
		this.#count--;
		if (this.#count > 0 || this.#onIdle.length === 0) return;
		const waiting = this.#onIdle;
		this.#onIdle = [];
		for (const resolve of waiting) resolve();
	};

	/** Waits until none is open, at most this many milliseconds; answers how many are left. */
	async settle(timeout: number): Promise<number> {
		if (this.#count === 0) return 0;
		const idle = Promise.withResolvers<void>();
		this.#onIdle.push(idle.resolve);
		const timer = setTimeout(idle.resolve, timeout);
		await idle.promise;
		clearTimeout(timer);
		return this.#count;
	}
}

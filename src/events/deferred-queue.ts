import type { ListenerCall } from "./listener-call.ts";

/**
 * When a queue starts: `"soon"` after something was added, `"by-hand"`, or by hand once and soon
 * from then on, because nobody will flush it again.
 */
export type QueueStart = "soon" | "by-hand" | "after-flush";

/** Waits for running listeners; `Promise.all` is one. */
export type Executor = (running: Promise<unknown>[]) => unknown;

/** What a queue needs of its surroundings. */
export interface QueueHost {
	/** Calls a listener; the promise never rejects. */
	run(call: ListenerCall): Promise<void>;
	/** Told when the queue has something to do, and when it has not. */
	queued(queue: DeferredQueue): void;
	emptied(queue: DeferredQueue): void;
	/** Told of work that runs; the promise never rejects. */
	started(work: Promise<void>): void;
}

/** Calls of async listeners that wait for their turn. */
export class DeferredQueue {
	readonly #host: QueueHost;
	readonly #waitUntil: ((work: Promise<unknown>) => void) | undefined;
	#calls: ListenerCall[] = [];
	/** Made for the first one: most queues never hold any. */
	#work: Set<Promise<void>> | undefined;
	#start: QueueStart;
	#scheduled = false;
	#flushing = 0;

	constructor(
		host: QueueHost,
		options: {
			readonly start: QueueStart;
			readonly waitUntil: ((work: Promise<unknown>) => void) | undefined;
		},
	) {
		this.#host = host;
		this.#start = options.start;
		this.#waitUntil = options.waitUntil;
	}

	/** Calls that have not been started. */
	get length(): number {
		return this.#calls.length;
	}

	push(call: ListenerCall): void {
		this.#calls.push(call);
		if (this.#calls.length === 1) this.#host.queued(this);
		if (this.#start === "soon") this.#schedule();
	}

	/** Makes the next flush wait for work that runs already; the promise must not reject. */
	track(work: Promise<void>): void {
		this.#host.started(work);
		this.#keep(work);
		this.#waitUntil?.(work);
	}

	/**
	 * Starts everything that is queued and waits for it, until nothing is left, also of what was
	 * queued meanwhile.
	 */
	async flush(executor: Executor): Promise<void> {
		this.#flushing++;
		if (this.#start === "after-flush") this.#start = "soon";
		try {
			while (this.#calls.length + (this.#work?.size ?? 0) > 0) {
				const work = this.#work ?? [];
				this.#work = undefined;
				await executor([...this.#startAll(), ...work]);
			}
		} finally {
			this.#flushing--;
		}
	}

	#startAll(): Promise<void>[] {
		const calls = this.#calls;
		this.#calls = [];
		this.#host.emptied(this);
		return calls.map((call) => {
			const work = this.#host.run(call);
			this.#host.started(work);
			return work;
		});
	}

	/** Starts soon what is queued, whatever runs already: one listener never waits for another. */
	#schedule(): void {
		if (this.#scheduled) return;
		this.#scheduled = true;
		const done = new Promise((resolve) => {
			setTimeout(() => {
				this.#scheduled = false;
				const started = this.#startAll();
				if (this.#flushing > 0) for (const work of started) this.#keep(work);
				resolve(Promise.all(started));
			}, 0);
		});
		this.#waitUntil?.(done);
	}

	#keep(work: Promise<void>): void {
		this.#work ??= new Set();
		this.#work.add(work);
		void work.then(() => this.#work?.delete(work));
	}
}

/** The default executor. */
export function waitForAll(running: Promise<unknown>[]): Promise<unknown> {
	return Promise.all(running);
}

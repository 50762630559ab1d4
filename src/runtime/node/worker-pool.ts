import { settled } from "../../app/settled.ts";
import type { Logger } from "../../kernel/logger.ts";
import { WorkerSlot } from "./worker-slot.ts";

/** What a worker that was told to stop may take beyond its time, until it is killed. */
const GRACE_MS = 1_000;

/** The workers of a server. */
export class WorkerPool {
	readonly #slots: readonly WorkerSlot[];

	constructor(options: { readonly count: number; readonly port: number; readonly logger: Logger }) {
		const { count, port, logger } = options;
		this.#slots = Array.from(
			{ length: count },
			(_, index) => new WorkerSlot({ number: index + 1, port }, logger),
		);
	}

	/** Resolves when all workers answer. @throws AppError `worker_failed` when one ends before. */
	async start(): Promise<void> {
		await Promise.all(this.#slots.map((slot) => slot.start()));
	}

	/**
	 * Stops the workers one after the other, so that the port is answered as long as possible. The next
	 * one is told when the one before has ended, or its share of the first half of the time is over: each
	 * has at least half of the time. Resolves to the number of those that had to leave something undone.
	 */
	async stop(timeout: number): Promise<number> {
		const deadline = performance.now() + timeout;
		const share = timeout / 2 / this.#slots.length;
		const ends: Promise<boolean>[] = [];
		for (const slot of this.#slots) {
			const end = slot.stop(deadline - performance.now());
			ends.push(end);
			await settled([end], share);
		}
		await settled(ends, deadline - performance.now() + GRACE_MS);
		this.kill();
		return (await Promise.all(ends)).filter((clean) => !clean).length;
	}

	/** Ends those that run at once. */
	kill(): void {
		for (const slot of this.#slots) slot.kill();
	}
}

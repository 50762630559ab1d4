/** What one step of a duty may do. */
export interface DutyStep {
	/** How many pieces of work it may do. */
	readonly limit: number;
	/** Aborted when the process stops: what is left can wait for the next step. */
	readonly signal: AbortSignal;
}

/**
 * Work that has to be done now and then, in bounded steps: a sweep, a retention, what has become due.
 * A timer runs it on Node, Cron Triggers and queues do on Workers. Several processes may run a step at
 * the same time, so it has to bear that.
 *
 * @example
 * ```ts
 * const publishDue: Duty = {
 *   name: "publish-due",
 *   async runOnce({ limit }) {
 *     const due = await app.em.repository(posts).findMany({ where: isDue(), limit });
 *     for (const { id } of due.data) await app.em.mutator(posts).updateOne(id, { status: "live" });
 *     return due.data.length;
 *   },
 * };
 * ```
 */
export interface Duty {
	/** Unique; for the log. */
	readonly name: string;
	/** Does up to `limit` pieces of work, and answers how many it did: fewer when none is left. */
	runOnce(step: DutyStep): Promise<number>;
}

/** How far duties are run. */
export interface RunDutiesOptions {
	/** Pieces of work in one step; default 100. */
	readonly limit?: number;
	/** Milliseconds after which no further step begins; default 20 000. */
	readonly timeout?: number;
	/** Ends the run early. */
	readonly signal?: AbortSignal;
}

/** What became of one duty. */
export interface DutyReport {
	readonly duty: string;
	/** Pieces of work that were done. */
	readonly done: number;
	/** Whether nothing was left. */
	readonly finished: boolean;
	/** What ended it, if it failed. */
	readonly error?: unknown;
}

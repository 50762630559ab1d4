/** What a Worker hands to each event beside `env`. */
export interface WorkerContext {
	/** Keeps the isolate alive until the work is done, for 30 seconds after the response at most. */
	waitUntil(work: Promise<unknown>): void;
}

/** What of a Cron Trigger's controller is used. */
export interface CronController {
	/** The expression that fired: `0 3 * * *`. */
	readonly cron: string;
	/** Milliseconds since the epoch. */
	readonly scheduledTime: number;
}

/** One delivery of a message of a queue. */
export interface QueueDelivery {
	/** The message's: the same at each delivery. */
	readonly id: string;
	readonly timestamp: Date;
	readonly body: unknown;
	/** How often it has been delivered, this time included. */
	readonly attempts: number;
	/** The message is done with. */
	ack(): void;
	/** It is to come again. */
	retry(): void;
}

/** Messages that a queue delivers together. */
export interface QueueBatch {
	readonly queue: string;
	readonly messages: readonly QueueDelivery[];
}

/** What the default export of a Worker is made of. */
export interface WorkerHandlers {
	/**
	 * Answers a request. It rejects only where there is no app to answer: when a config that is a
	 * function of the environment is wrong.
	 */
	fetch(request: Request, env: unknown, context: WorkerContext): Promise<Response>;
	/**
	 * Emits `AppScheduled`, waits for all of its listeners, and runs the duties.
	 * @throws `scheduled_failed` in the end, when a listener or a duty has failed.
	 */
	scheduled(controller: CronController, env: unknown, context: WorkerContext): Promise<void>;
	/**
	 * Emits `AppQueueMessage` for each message in turn, waits for all listeners, acknowledges the message
	 * or has it come again, and runs the duties.
	 */
	queue(batch: QueueBatch, env: unknown, context: WorkerContext): Promise<void>;
}

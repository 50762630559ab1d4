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

/** One message of a queue. */
export interface QueuedMessage {
	readonly id: string;
	readonly timestamp: Date;
	readonly body: unknown;
	/** How often it has been delivered, this time included. */
	readonly attempts: number;
	ack(): void;
	retry(): void;
}

/** Messages that a queue delivers together. */
export interface QueueBatch {
	readonly queue: string;
	readonly messages: readonly QueuedMessage[];
}

/** What the default export of a Worker is made of. */
export interface WorkerHandlers {
	/** Answers a request; it never rejects. */
	fetch(request: Request, env: unknown, context: WorkerContext): Promise<Response>;
	/** Emits `AppScheduled`, waits for all of its listeners, and runs the duties. */
	scheduled(controller: CronController, env: unknown, context: WorkerContext): Promise<void>;
	/** Emits `AppQueueMessage` for each message, waits for all listeners, and runs the duties. */
	queue(batch: QueueBatch, env: unknown, context: WorkerContext): Promise<void>;
}

import { Event } from "../events/event.ts";
import type { App } from "./app.ts";

/** Which Cron Trigger fired. */
export interface ScheduledParams {
	readonly app: App;
	/** Its expression: `0 3 * * *`. */
	readonly cron: string;
	/** When it was due. */
	readonly scheduledTime: Date;
}

/**
 * A Cron Trigger of a Worker fired. All listeners are waited for; when one of them fails, the
 * others still run, and the trigger counts as failed.
 *
 * @example
 * ```ts
 * emgr.onEvent(
 *   AppEvents.AppScheduled,
 *   ({ params }) => {
 *     if (params.cron === "0 3 * * *") console.log("Good night.");
 *   },
 *   { id: "nightly", mode: "sync" },
 * );
 * ```
 */
export class AppScheduled extends Event<ScheduledParams> {
	static override slug = "app-scheduled";
	static override fact = true;
	static override local = true;
	static override topicFor(): string {
		return "app.scheduled";
	}
}

/** A message of a queue, as its listeners see it. */
export interface QueueMessage {
	/** The queue's own id of it: the same at each attempt. */
	readonly id: string;
	readonly body: unknown;
	/** How often it has been delivered, this time included. */
	readonly attempts: number;
	/** When it was sent. */
	readonly timestamp: Date;
}

/** A message, and where it came from. */
export interface QueueMessageParams {
	readonly app: App;
	/** The name of the queue. */
	readonly queue: string;
	readonly message: QueueMessage;
}

/**
 * A queue has delivered a message to a Worker. It is done when all of its listeners are: if one
 * fails, sync or async, the message comes again, as it does when nobody takes it. So a message may be
 * heard twice; its id tells. Who hears all events, or leaves this one out by `where` or `path`, takes none.
 *
 * @example
 * ```ts
 * emgr.onEvent(
 *   AppEvents.AppQueueMessage,
 *   async ({ params: { message } }) => console.log(message.id, message.body),
 *   { id: "mail", path: "mail" }, // the messages of the queue "mail"
 * );
 * ```
 */
export class AppQueueMessage extends Event<QueueMessageParams> {
	static override slug = "app-queue-message";
	static override local = true;
	static override topicFor(): string {
		return "app.queue-message";
	}

	/** The queue: a listener of one alone has it as its `path`. */
	override get path(): string {
		return this.params.queue;
	}
}

declare module "../events/event-map.ts" {
	interface EventMap {
		"app-scheduled": AppScheduled;
		"app-queue-message": AppQueueMessage;
	}
}

import type { AnyEvent } from "../../src/events/event-class.ts";
import type { SubscriberConfig } from "../../src/app/subscriber-module.ts";

/** What was shelved so far. */
export const shelved: unknown[] = [];

export const config: SubscriberConfig = { events: "data.*.insert.after" };

/** Notes what was inserted. */
export function listen(event: AnyEvent): void {
	shelved.push(event.path);
}

import type { EventPolicy } from "../events/event-policy.ts";
import { isOperator } from "../server/guard.ts";

/**
 * What actors from outside may do with an app's events: as the config says; else who runs the server
 * may listen to all of them, and nobody may do anything else.
 */
export function appPolicy(configured: EventPolicy | undefined): EventPolicy {
	return configured ?? ((action, _, actor) => action === "events.subscribe" && isOperator(actor));
}

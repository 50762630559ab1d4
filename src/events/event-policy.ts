import type { Logger } from "../kernel/logger.ts";
import { isPromise } from "../kernel/maybe.ts";
import { eventErrors } from "./errors.ts";
import type { AnyEvent } from "./event-class.ts";
import type { Actor } from "./event-context.ts";

/** What an outside actor wants to do with events. */
export type EventAction = "events.subscribe" | "events.send";

/**
 * Says what actors from outside may do; code of the app is never asked. Only `true` is a yes.
 *
 * @param resource a slug, topic or pattern that is subscribed to; the slug, or the topic, of an event
 * that is sent or about to be delivered.
 * @example
 * ```ts
 * const policy: EventPolicy = (action, resource, actor) =>
 *   action === "events.subscribe" && resource.startsWith(`orders.${actor.id}.`);
 * ```
 */
export type EventPolicy = (action: EventAction, resource: string, actor: Actor) => boolean;

/** Asks a policy, and takes whatever is no clear yes for a no. */
export class PolicyGate {
	readonly #policy: EventPolicy | undefined;
	readonly #logger: Logger;

	constructor(policy: EventPolicy | undefined, logger: Logger) {
		this.#policy = policy;
		this.#logger = logger;
	}

	/** @throws {EventError} `policy_denied` unless the policy says yes. */
	check(action: EventAction, resource: string, actor: Actor): void {
		if (this.#allows(action, resource, actor)) return;
		throw denied(action, resource, actor);
	}

	/** Refuses an event unless its slug and its topic may be sent. */
	checkSend(event: AnyEvent, actor: Actor): void {
		for (const name of namesOf(event)) this.check("events.send", name, actor);
	}

	/** Whether an event may reach the actor: its slug and its topic. */
	delivers(event: AnyEvent, actor: Actor): boolean {
		return namesOf(event).every((name) => this.#allows("events.subscribe", name, actor));
	}

	#allows(action: EventAction, resource: string, actor: Actor): boolean {
		const failed = (error: unknown): void =>
			this.#logger.error("The event policy failed.", { action, resource, actor: actor.id, error });
		try {
			const answer: unknown = this.#policy?.(action, resource, actor);
			if (isPromise(answer)) Promise.resolve(answer).catch(failed);
			return answer === true;
		} catch (error) {
			failed(error);
			return false;
		}
	}
}

/** The error of who may not do something. */
export function denied(action: EventAction, resource: string, actor: Actor): Error {
	return eventErrors.create("policy_denied", { actor: actor.id, action, resource });
}

function namesOf({ slug, topic }: AnyEvent): readonly string[] {
	return slug === topic ? [slug] : [slug, topic];
}

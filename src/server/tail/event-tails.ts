import type { Entity } from "../../data/schema/entity.ts";
import type { EventManager } from "../../events/event-manager.ts";
import type { AnyEvent } from "../../events/event-class.ts";
import type { Actor } from "../../events/event-context.ts";
import type { Redact } from "../../events/redact-url.ts";
import { serverErrors } from "../errors.ts";
import { Tail } from "./tail.ts";
import { secretNames } from "./secret-names.ts";
import { tailLine } from "./tail-line.ts";

/** Events that wait for a slow reader; the oldest ones go first. */
const BUFFER = 256;
const MAX_TAILS = 100;

/** What {@link EventTails} are made with. */
export interface EventTailsOptions {
	readonly events: Pick<EventManager, "as">;
	/** Their hidden fields are told by no tail. */
	readonly entities: readonly Entity[];
	/** How many there may be at a time; default 100. */
	readonly limit?: number;
}

/** Who follows the events of an app right now. */
export class EventTails {
	readonly #events: EventTailsOptions["events"];
	readonly #redact: Redact;
	readonly #limit: number;
	readonly #open = new Set<Tail>();

	constructor({ events, entities, limit = MAX_TAILS }: EventTailsOptions) {
		this.#events = events;
		const hidden = entities.flatMap(({ fields }) => fields.filter((field) => field.hidden));
		this.#redact = secretNames(hidden.flatMap(({ name, columnName }) => [name, columnName]));
		this.#limit = limit;
	}

	/** How many there are. */
	get size(): number {
		return this.#open.size;
	}

	/**
	 * Follows events for an actor, from now on.
	 *
	 * @param closing Ends it when aborted.
	 * @throws `too_many_tails`; {@link EventError} `bad_pattern`, `unknown_event`, `policy_denied`.
	 */
	open(actor: Actor, ref: readonly string[], closing?: AbortSignal): Tail {
		if (this.#open.size >= this.#limit) {
			throw serverErrors.create("too_many_tails", { limit: this.#limit });
		}
		const channel = this.#events.as(actor).subscribe<readonly string[]>(ref, {
			buffer: BUFFER,
			overflow: "drop-oldest",
			where: isTimed,
		});
		const end = (): void => tail.end();
		const tail: Tail = new Tail({
			channel,
			line: (event) => tailLine(event, this.#redact),
			onEnd: () => {
				this.#open.delete(tail);
				closing?.removeEventListener("abort", end);
			},
		});
		this.#open.add(tail);
		closing?.addEventListener("abort", end);
		if (closing?.aborted === true) end();
		return tail;
	}

	/** Ends all of them. */
	closeAll(): void {
		for (const tail of this.#open) tail.end();
	}
}

/** An event takes its time when its context is first read, which may be late where it waits in a buffer. */
function isTimed(event: AnyEvent): boolean {
	return event.context.time !== undefined;
}

import type { AdHocEvent } from "./ad-hoc-event.ts";
import type { AnyEvent } from "./event-class.ts";

/**
 * Event names and what they carry, for `on("…")` and `emit("…")`. Augment it: a value is the params,
 * or the event itself.
 *
 * @example
 * ```ts
 * declare module "burdock/events" {
 *   interface EventMap {
 *     "order.paid": { id: string; total: number };
 *   }
 * }
 * ```
 */
export interface EventMap {}

/** A name that {@link EventMap} knows. */
export type EventName = keyof EventMap & string;

/** The event that a name of {@link EventMap} stands for. */
export type NamedEvent<Name extends EventName> = EventMap[Name] extends AnyEvent
	? EventMap[Name]
	: AdHocEvent<EventMap[Name]>;

/** What a listener of a ref hears: what {@link EventMap} says of a name that it knows, else `E`. */
export type Heard<Ref, E> = Ref extends EventName ? NamedEvent<Ref> : E;

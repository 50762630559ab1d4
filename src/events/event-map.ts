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

/** A ref that {@link EventMap} does not know: for one that it knows, no handler of another type will do. */
export type Untyped<Ref> = Ref extends EventName ? never : Ref;

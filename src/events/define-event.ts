import { Event } from "./event.ts";
import type { ConcreteEventClass } from "./event-class.ts";
import { checkEventName } from "./pattern.ts";

/**
 * Makes an event class from its slug and the type of its params. The class is the token: emit and
 * listen with it.
 *
 * @throws {EventError} `bad_event_name` when the slug is empty or holds characters of patterns.
 * @example
 * ```ts
 * const OrderPaid = defineEvent<{ id: string; total: number }>("order.paid");
 * emgr.onEvent(OrderPaid, (event) => ship(event.params.id));
 * await emgr.emit(OrderPaid, { id: "a1", total: 42 });
 * ```
 */
export function defineEvent<Params = void>(slug: string): ConcreteEventClass<Event<Params>> {
	checkEventName(slug);
	return class extends Event<Params> {
		static override slug = slug;
	};
}

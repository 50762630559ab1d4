import type { SchemaInput, SchemaOutput, StandardSchema } from "../kernel/schema.ts";
import { checkSchema } from "./check-params.ts";
import { Event } from "./event.ts";
import type { ConcreteEventClass } from "./event-class.ts";
import { checkEventName } from "./pattern.ts";

/**
 * Makes an event class from its slug and the type of its params, or a schema of them. The class is
 * the token: emit and listen with it.
 *
 * With a schema, any that speaks Standard Schema 1 (zod, valibot, arktype), params are checked at
 * every emit, and replaced by what the schema makes of them (defaults, conversions). Params that are
 * given as a function are made, and checked, only if somebody listens.
 *
 * @throws {EventError} `bad_event_name` when the slug is empty or holds characters of patterns;
 * `bad_schema` when the schema is none. Emits reject with `event_invalid`, which lists every fault,
 * or `schema_failed` when the schema itself throws.
 * @example
 * ```ts
 * const OrderPaid = defineEvent<{ id: string; total: number }>("order.paid");
 * emgr.onEvent(OrderPaid, (event) => ship(event.params.id));
 * await emgr.emit(OrderPaid, { id: "a1", total: 42 });
 * ```
 */
export function defineEvent<S extends StandardSchema>(
	slug: string,
	schema: S,
): ConcreteEventClass<Event<SchemaOutput<S>>, SchemaInput<S>>;
export function defineEvent<Params = void>(slug: string): ConcreteEventClass<Event<Params>>;
export function defineEvent(slug: string, schema?: StandardSchema): unknown {
	checkEventName(slug);
	if (schema !== undefined) checkSchema(schema, slug);
	return class extends Event<unknown> {
		static override slug = slug;
		static override schema = schema;
	};
}

import { eventErrors } from "./errors.ts";
import type { AnyEvent, EntityRef, EventClass, EventOf, ReplyOf } from "./event-class.ts";
import type { EventName, NamedEvent } from "./event-map.ts";
import type { EventRef } from "./event-ref.ts";
import { ListenMarks } from "./listen-marks.ts";
import type { ListenerConfig } from "./listener-config.ts";
import type { ListenerContext } from "./listener-context.ts";

/** A method that can hear an event. */
type Hears<This, E extends AnyEvent> = (
	this: This,
	event: E,
	slug: string,
	ctx: ListenerContext<never>,
) => ReplyOf<E> | void | Promise<ReplyOf<E> | void>;

/** Marks a method that hears events of type `E`. */
export type ListenDecorator<E extends AnyEvent> = <This>(
	method: Hears<This, E>,
	context: ClassMethodDecoratorContext<This>,
) => void;

/** Marks a method that says itself what its events are. */
export type OpenListenDecorator = <This, E extends AnyEvent>(
	method: Hears<This, E>,
	context: ClassMethodDecoratorContext<This>,
) => void;

/**
 * A decorator: marks a method as a listener, for `emgr.register` and the `listeners` of a config. A
 * method may have several, and it is called for each of them. In a class that extends another, an
 * override is called in place of what it overrides.
 *
 * Decorators that replace the method stand below it: it marks the function that it gets.
 *
 * @param config As for `emgr.on`. Default id: `Class.method`; of a second one `Class.method#2`.
 * @throws {EventError} `bad_listener_class`, where the class is defined: the method is static or
 * private, or the ref undefined.
 * @example
 * ```ts
 * class Receipts {
 *   static inject = [Mailer];
 *   readonly #mailer: Mailer;
 *   constructor(mailer: Mailer) {
 *     this.#mailer = mailer;
 *   }
 *
 *   @listen(OrderPaid, "sync")
 *   async send(event: InstanceType<typeof OrderPaid>): Promise<void> {
 *     await this.#mailer.send(event.params.id);
 *   }
 * }
 * ```
 */
export function listen<C extends EventClass, const Entity extends EntityRef = string>(
	ref: C,
	config?: ListenerConfig<EventOf<C, Entity>, Entity>,
): ListenDecorator<EventOf<C, Entity>>;
export function listen<const Classes extends readonly EventClass[]>(
	refs: Classes,
	config?: ListenerConfig<InstanceType<Classes[number]>>,
): ListenDecorator<InstanceType<Classes[number]>>;
export function listen<Name extends EventName>(
	ref: Name,
	config?: ListenerConfig<NamedEvent<Name>>,
): ListenDecorator<NamedEvent<Name>>;
export function listen(
	ref: string | readonly (string | EventClass)[],
	config?: ListenerConfig,
): OpenListenDecorator;
export function listen(ref: EventRef, config: unknown = "async"): OpenListenDecorator {
	return (method, context) => {
		const reason = faultOf(ref, context);
		if (reason !== undefined) {
			throw eventErrors.create("bad_listener_class", { name: String(context.name), reason });
		}
		ListenMarks.add(method, { ref, config: config as ListenerConfig });
	};
}

function faultOf(
	ref: unknown,
	context: Readonly<Record<"kind" | "static" | "private", unknown>>,
): string | undefined {
	if (context.kind !== "method") return `it is a ${String(context.kind)}, not a method`;
	if (context.static === true) return "it is static";
	if (context.private === true) return "it is private";
	if ([ref].flat().includes(undefined)) return "@listen was given no event (a circle of imports?)";
	return undefined;
}

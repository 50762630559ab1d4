import { AdHocEvent } from "./ad-hoc-event.ts";
import type { EmitOptions } from "./emit.ts";
import { coreError } from "./core-error.ts";
import { Event, stateOf } from "./event.ts";
import type { AnyEvent, EventClass } from "./event-class.ts";
import { checkEventName } from "./pattern.ts";
import type { ListenerIndex } from "./listener-index.ts";

/** What can be emitted. */
export type EmitSubject = AnyEvent | EventClass | string;

/**
 * The event that an emit is about: the given one, or one made of a class or name and its params. A
 * function is called for the params only when somebody listens; otherwise it waits until somebody
 * reads them.
 */
export function eventOf(
	index: ListenerIndex,
	subject: EmitSubject,
	params: unknown,
	{ path, meta, signal }: EmitOptions,
): AnyEvent {
	const event = subject instanceof Event ? subject : makeEvent(index, subject, params);
	if (path === "") throw coreError("bad_event_path", { slug: event.slug });
	if (path === undefined && meta === undefined && signal === undefined) return event;
	const state = stateOf(event);
	state.path = path ?? state.path;
	state.meta = meta ?? state.meta;
	state.signal = signal ?? state.signal;
	return event;
}

/** An event of this class, whatever its constructor makes of these params. */
export function newEvent(eventClass: EventClass, params: unknown): AnyEvent {
	return new (eventClass as unknown as new (params: unknown) => AnyEvent)(params);
}

function makeEvent(index: ListenerIndex, subject: EventClass | string, params: unknown): AnyEvent {
	if (typeof subject === "function") return makeOf(index, subject, params);
	const named = index.classes.named(subject);
	if (named !== undefined) return makeOf(index, named.eventClass, params);
	checkEventName(subject);
	if (!subject.includes(".")) throw index.unknown(subject);
	if (typeof params !== "function") return new AdHocEvent(subject, params);
	if (!index.planNamed(subject).empty) return new AdHocEvent(subject, call(params));
	return withLazyParams(new AdHocEvent<unknown>(subject, undefined), params);
}

function makeOf(index: ListenerIndex, eventClass: EventClass, params: unknown): AnyEvent {
	if (typeof params !== "function") return newEvent(eventClass, params);
	if (!index.planFor(eventClass).empty) return newEvent(eventClass, call(params));
	const event = Object.create(eventClass.prototype as object) as AnyEvent;
	event.returned = false;
	if (eventClass.schema !== undefined) stateOf(event).checked = true;
	return withLazyParams(event, params);
}

function call(make: unknown): unknown {
	return (make as () => unknown)();
}

function withLazyParams(event: AnyEvent, make: unknown): AnyEvent {
	return Object.defineProperty(event, "params", {
		configurable: true,
		enumerable: true,
		get() {
			const value = call(make);
			Object.defineProperty(event, "params", { value, enumerable: true });
			return value;
		},
	});
}

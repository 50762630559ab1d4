import type { StandardSchema } from "../kernel/schema.ts";
import type { EntityEventKind } from "./entity-event.ts";
import type { Event } from "./event.ts";

/** Any event, whatever its params and reply. */
export type AnyEvent = Event<unknown, unknown>;

/** What every class of events says of itself. */
interface EventStatics {
	readonly slug: string;
	readonly fact: boolean;
	readonly syncOnly: boolean;
	readonly local: boolean;
	readonly schema?: StandardSchema | undefined;
	topicFor(entityName?: string): string;
}

/** A class of events that can be listened to; `E` is what its instances are. */
export type EventClass<E extends AnyEvent = AnyEvent> = (abstract new (...args: never[]) => E) &
	EventStatics;

/** A class of events that can be made from its params; `Input` is what its schema takes for them. */
export type ConcreteEventClass<E extends AnyEvent = AnyEvent, Input = ParamsOf<E>> = (new (
	params: Input,
) => E) &
	EventStatics;

/** What an event of a class is made from. */
export type InputOf<C> = C extends new (params: infer Input) => unknown ? Input : never;

/** The params of an event. */
export type ParamsOf<E> = E extends Event<infer Params, infer _Reply> ? Params : never;

/** What a sync listener of an event may return. */
export type ReplyOf<E> = E extends Event<infer _Params, infer Reply> ? Reply : never;

/** What the `entity` of a listener may be: a name, a table or entity object, or several. */
export type EntityRef = string | object | readonly (string | object)[];

/** The event that a listener of class `C` gets when it narrows to `Entity`. */
export type EventOf<C extends EventClass, Entity> = C extends {
	readonly kind: infer Kind extends EntityEventKind;
}
	? Entity extends readonly (infer One)[]
		? OfTable<Kind, One, InstanceType<C>>
		: OfTable<Kind, Entity, InstanceType<C>>
	: InstanceType<C>;

type OfTable<Kind extends EntityEventKind, Table, Fallback> = Table extends object
	? (Kind & { readonly table: Table })["event"]
	: Fallback;

import type { AnyEvent, EventClass } from "./event-class.ts";
import type { EventName, NamedEvent } from "./event-map.ts";

/** What a listener listens to: a slug, topic or glob, a class, or several of these. */
export type EventRef = string | EventClass | readonly (string | EventClass)[];

/** The event that a ref stands for, as far as types can tell. */
export type EventOfRef<Ref> = Ref extends readonly (infer One)[]
	? EventOfRef<One>
	: Ref extends EventClass
		? InstanceType<Ref>
		: Ref extends EventName
			? NamedEvent<Ref>
			: AnyEvent;

import { AdHocEvent } from "./ad-hoc-event.ts";
import type { AnyEvent } from "./event-class.ts";
import type { EventClasses } from "./event-classes.ts";
import { UNKNOWN } from "./pattern.ts";
import { classOf } from "./plan.ts";

/** Whether an event means something only where it happens, or is named as if it were such a one. */
export function isLocal(event: AnyEvent, classes: EventClasses): boolean {
	return event instanceof AdHocEvent ? isLocalName(event.slug, classes) : classOf(event).local;
}

/** Whether a name is the slug, or a topic, of events that mean something only where they happen. */
export function isLocalName(name: string, classes: EventClasses): boolean {
	const named = classes.named(name);
	if (named !== undefined) return named.eventClass.local;
	const segments = name.split(".");
	for (const { eventClass, byEntity } of classes) {
		if (!eventClass.local) continue;
		if (isTopic(segments, eventClass.topicFor(byEntity ? UNKNOWN : undefined))) return true;
	}
	return false;
}

/** Whether a topic has these segments, of which one that is not known yet may be any. */
function isTopic(segments: readonly string[], topic: string): boolean {
	const parts = topic.split(".");
	return (
		parts.length === segments.length &&
		parts.every((part, at) => part.includes(UNKNOWN) || part === segments[at])
	);
}

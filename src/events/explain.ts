import type { EventClass } from "./event-class.ts";
import type { ListenerIndex } from "./listener-index.ts";
import type { EntityNames, ListenerInfo } from "./listener.ts";
import { Pattern, UNKNOWN } from "./pattern.ts";
import type { Plan } from "./plan.ts";

/** A registered event class, or an open name, with its listeners in the order in which they run. */
export interface PlanEntry {
	readonly event: string;
	/** Where it happens, `*` for the entity, when that differs from the slug. */
	readonly topic?: string;
	readonly listeners: readonly ListenerInfo[];
}

/** The plans of all registered events and open names, or of those that `ref` names. */
export function explainPlans(
	index: ListenerIndex,
	names: EntityNames,
	ref: EventClass | string | undefined,
): readonly PlanEntry[] {
	const wanted = filterOf(ref);
	const entries: PlanEntry[] = [];
	for (const { eventClass, byEntity } of index.classes) {
		const { slug } = eventClass;
		const topic = eventClass.topicFor(byEntity ? UNKNOWN : undefined);
		if (!wanted(slug) && !wanted(topic)) continue;
		const listeners = listenersOf(index.planFor(eventClass), names);
		const shown = topic.replaceAll(UNKNOWN, "*");
		entries.push({ event: slug, ...(topic === slug ? {} : { topic: shown }), listeners });
	}
	for (const name of index.openNames()) {
		if (!wanted(name)) continue;
		entries.push({ event: name, listeners: listenersOf(index.planNamed(name), names) });
	}
	return entries;
}

function listenersOf({ sync, record, async }: Plan, names: EntityNames): PlanEntry["listeners"] {
	return [...sync, ...record, ...async].map((listener) => listener.info(names));
}

function filterOf(ref: EventClass | string | undefined): (name: string) => boolean {
	if (ref === undefined) return () => true;
	if (typeof ref !== "string") return (name) => name === ref.slug;
	const pattern = Pattern.parse(ref);
	return (name) => pattern.matches(name);
}

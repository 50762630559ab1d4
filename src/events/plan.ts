import type { StandardSchema } from "../kernel/schema.ts";
import type { AnyEvent, EventClass } from "./event-class.ts";
import type { Listener } from "./listener.ts";

/** Who is called for the events of one class (and entity), in order: prepared once, walked by each emit. */
export interface Plan {
	readonly slug: string;
	readonly fact: boolean;
	readonly syncOnly: boolean;
	readonly sync: readonly Listener[];
	/** Told of the final event at once, before the async listeners are queued. */
	readonly record: readonly Listener[];
	readonly async: readonly Listener[];
	/** Whether anybody is told of the final event. */
	readonly ends: boolean;
	/** Whether nobody listens. */
	readonly empty: boolean;
	/** What the params must fit. */
	readonly schema: StandardSchema | undefined;
	/** Whether an emit has nothing to do: nobody listens, and nothing is to be checked. */
	readonly idle: boolean;
	/** Whether a listener asks for the row as it was before. */
	readonly previous: boolean;
	/** The version of the listeners that it was made from. */
	readonly version: number;
}

/** What a plan is made for. */
export interface PlanSubject {
	readonly slug: string;
	readonly fact: boolean;
	readonly syncOnly: boolean;
	readonly schema?: StandardSchema | undefined;
}

/** Sorts listeners into a plan: by order, then by when they were registered. */
export function makePlan(subject: PlanSubject, found: Iterable<Listener>, version: number): Plan {
	const listeners = [...found].sort((a, b) => compareOrder(a, b) || a.rank - b.rank);
	const sync = listeners.filter(({ mode }) => mode === "sync");
	const record = listeners.filter(({ mode }) => mode === "record");
	const async = subject.syncOnly ? [] : listeners.filter(({ mode }) => mode === "async");
	const ends = record.length + async.length > 0;
	const empty = sync.length === 0 && !ends;
	return {
		slug: subject.slug,
		fact: subject.fact,
		syncOnly: subject.syncOnly,
		sync,
		record,
		async,
		ends,
		empty,
		schema: subject.schema,
		idle: empty && subject.schema === undefined,
		previous: listeners.some(({ previous }) => previous),
		version,
	};
}

function compareOrder(a: Listener, b: Listener): number {
	if (a.order === b.order) return 0;
	return a.order < b.order ? -1 : 1;
}

/** A class of events, with the plans made for it so far. */
export class ClassPlans {
	readonly eventClass: EventClass;
	/** Whether its events belong to entities, each of which has a plan of its own. */
	readonly byEntity: boolean;
	/** The plan for events without an entity, or for "any entity". */
	plan: Plan | undefined;
	readonly entities = new Map<string, Plan>();

	constructor(eventClass: EventClass, divided: "by-entity" | "not") {
		this.eventClass = eventClass;
		this.byEntity = divided === "by-entity";
	}

	forget(): void {
		this.plan = undefined;
		this.entities.clear();
	}
}

/** The event's class. */
export function classOf(event: AnyEvent): EventClass {
	return event.constructor as unknown as EventClass;
}

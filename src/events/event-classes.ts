import { eventErrors } from "./errors.ts";
import { Event } from "./event.ts";
import type { EventClass } from "./event-class.ts";
import { checkEventName } from "./pattern.ts";
import { ClassPlans } from "./plan.ts";

/** The event classes of one manager, by class and by slug. */
export class EventClasses {
	readonly #classes = new Map<EventClass, ClassPlans>();
	readonly #slugs = new Map<string, ClassPlans>();

	/** The entry of a class, or undefined when it is not registered. */
	find(eventClass: EventClass): ClassPlans | undefined {
		return this.#classes.get(eventClass);
	}

	/** The entry of the class with this slug. */
	named(slug: string): ClassPlans | undefined {
		return this.#slugs.get(slug);
	}

	/**
	 * Registers a class unless it is.
	 *
	 * @throws {EventError} `bad_event_name`, or `duplicate_slug` when another class has its slug.
	 */
	add(eventClass: EventClass): ClassPlans {
		const known = this.#classes.get(eventClass);
		if (known !== undefined) return known;
		const { slug } = eventClass;
		checkEventName(slug);
		const other = this.#slugs.get(slug);
		if (other !== undefined) {
			throw eventErrors.create("duplicate_slug", {
				slug,
				first: other.eventClass.name,
				second: eventClass.name,
			});
		}
		const entry = new ClassPlans(eventClass, hasEntity(eventClass) ? "by-entity" : "not");
		this.#classes.set(eventClass, entry);
		this.#slugs.set(slug, entry);
		return entry;
	}

	[Symbol.iterator](): IterableIterator<ClassPlans> {
		return this.#slugs.values();
	}

	/** The registered slug that is most like this one, for a hint. */
	nearest(slug: string): string | undefined {
		let best: string | undefined;
		let bestDistance = Math.max(2, Math.floor(slug.length / 3)) + 1;
		for (const known of this.#slugs.keys()) {
			const distance = editDistance(slug, known, bestDistance);
			if (distance < bestDistance) {
				best = known;
				bestDistance = distance;
			}
		}
		return best;
	}
}

/** Whether a class says which entity its events belong to. */
function hasEntity(eventClass: EventClass): boolean {
	for (
		let prototype: unknown = eventClass.prototype;
		prototype !== null && prototype !== Event.prototype;
		prototype = Object.getPrototypeOf(prototype)
	) {
		if (Object.hasOwn(prototype as object, "entityName")) return true;
	}
	return false;
}

/** How many characters differ, or `limit` when that many or more do. */
function editDistance(a: string, b: string, limit: number): number {
	if (Math.abs(a.length - b.length) >= limit) return limit;
	let row = Array.from({ length: b.length + 1 }, (_, at) => at);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
			next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
		}
		row = next;
	}
	return Math.min(row[b.length] ?? limit, limit);
}

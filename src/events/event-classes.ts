import { coreError } from "./core-error.ts";
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
			throw coreError("duplicate_slug", {
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

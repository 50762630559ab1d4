import { DELETE_EVENTS } from "./delete-events.ts";
import type { Dependent } from "./dependents.ts";
import { UPDATE_EVENTS } from "./update-events.ts";
import type { Write, WriteTarget } from "./write.ts";

/** Whether anybody listens to what a delete of this entity does elsewhere. */
export function hearsDependents(write: Write, target: WriteTarget): boolean {
	return target.dependents.some((dependent) => hearsDependent(write, dependent, new Set()));
}

/** Whether anybody listens to what this foreign key does, or to what follows from that. */
export function hearsDependent(write: Write, dependent: Dependent, seen: Set<Dependent>): boolean {
	if (seen.has(dependent)) return false;
	seen.add(dependent);
	const { entity, action } = dependent;
	if (action !== "cascade") return write.hearsAny(UPDATE_EVENTS, entity);
	if (write.hearsAny(DELETE_EVENTS, entity)) return true;
	return write.target(entity).dependents.some((next) => hearsDependent(write, next, seen));
}

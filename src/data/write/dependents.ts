import type { Entity, FieldPair, Reference } from "../schema/entity.ts";
import { pairsOf } from "../schema/foreign-key.ts";

/** A foreign key, seen from the entity that it refers to: what has to happen when a row of that is deleted. */
export interface Dependent {
	/** The entity whose rows refer. */
	readonly entity: Entity;
	/** From its fields to those that they refer to. */
	readonly pairs: readonly FieldPair[];
	readonly action: "cascade" | "set null" | "set default";
}

/** The foreign keys among these entities that act on a delete, by the entity that they refer to. */
export function dependentsOf(
	entities: readonly Entity[],
): ReadonlyMap<Entity, readonly Dependent[]> {
	const byTable = new Map<object, Entity>(entities.map((entity) => [entity.table, entity]));
	const dependents = new Map<Entity, Dependent[]>();
	for (const entity of entities) {
		for (const reference of entity.references) {
			const parent = byTable.get(reference.table);
			const dependent = parent && dependentOf(entity, parent, reference);
			if (!parent || !dependent) continue;
			const known = dependents.get(parent);
			if (known) known.push(dependent);
			else dependents.set(parent, [dependent]);
		}
	}
	return dependents;
}

function dependentOf(entity: Entity, parent: Entity, reference: Reference): Dependent | undefined {
	const { onDelete } = reference;
	if (onDelete === "restrict" || onDelete === "no action") return undefined;
	const pairs = pairsOf(reference, parent);
	return pairs && { entity, pairs, action: onDelete };
}

import type { Entity, Reference } from "../schema/entity.ts";
import type { Field } from "../schema/field.ts";

/** A foreign key, seen from the entity that it refers to: what has to happen when a row of that is deleted. */
export interface Dependent {
	/** The entity whose rows refer. */
	readonly entity: Entity;
	/** The fields that refer, and those that they refer to. */
	readonly fields: readonly Field[];
	readonly columns: readonly Field[];
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

function dependentOf(
	entity: Entity,
	parent: Entity,
	{ fields, columns, onDelete }: Reference,
): Dependent | undefined {
	if (onDelete === "restrict" || onDelete === "no action") return undefined;
	const referred = columns.flatMap((column) => parent.fieldOf(column) ?? []);
	if (referred.length < fields.length) return undefined;
	return { entity, fields, columns: referred, action: onDelete };
}

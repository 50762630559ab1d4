import type { Entity, Relation } from "../schema/entity.ts";
import type { Field } from "../schema/field.ts";
import { shorten } from "../fault-list.ts";
import type { QueryReading } from "./query-reading.ts";

/** How many relations may lead to a field, or to related rows. */
export const MAX_HOPS = 5;

/** A field, and the relations that lead to it. */
export interface FieldPath {
	readonly field: Field;
	readonly hops: readonly Relation[];
}

/** Where a path begins. */
export interface PathOf {
	readonly entity: Entity;
	/** The relations whose rows are joined: a path may begin with one of them, whatever it is. */
	readonly joined: ReadonlyMap<string, Relation>;
	/** Where it stands in the query, for faults. */
	readonly path: string;
}

/** Reads `author.company.name`; what is wrong with it is added to the faults. */
export function readPath(name: string, of: PathOf, reading: QueryReading): FieldPath | undefined {
	const fault = (message: string, code: string): undefined =>
		reading.faults.add(of.path, message, code);
	const names = name.split(".", MAX_HOPS + 2);
	if (names.length > MAX_HOPS + 1) {
		return fault(`Relations nest over ${MAX_HOPS} deep.`, "too_deep");
	}
	const last = names.pop() ?? "";
	const hops: Relation[] = [];
	let { entity } = of;
	for (const [at, hop] of names.entries()) {
		const relation = entity.relation(hop);
		if (!relation) return fault(unknownRelation(entity, hop, reading), "unknown_relation");
		if (relation.cardinality === "many" && !(at === 0 && of.joined.has(hop))) {
			const where = at === 0 ? "" : " at the start of a path";
			const message = `${shorten(hop)} are many rows: join them${where} to filter by one of them.`;
			return fault(message, "to_many");
		}
		if (reading.step(of.path)) return undefined;
		hops.push(relation);
		entity = relation.target;
	}
	const field = entity.field(last);
	if (field && (!field.hidden || reading.access !== "client")) return { field, hops };
	const hint = reading.faults.hint(last, () => entity.visible.map((other) => other.name));
	return fault(`${entity.name} has no such field.${hint}`, "unknown_field");
}

/** The sentence about a relation that an entity does not have. */
export function unknownRelation(entity: Entity, name: string, { faults }: QueryReading): string {
	const hint = faults.hint(name, () => entity.relations.keys());
	return `${entity.name} has no such relation.${hint}`;
}

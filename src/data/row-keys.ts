import type { SqlRow } from "./database.ts";
import { hydrate, type Entity, type EntityId } from "./entity.ts";

/** An id as one text, to look rows up by it. */
export function idKey(id: EntityId): string {
	return typeof id === "object" ? JSON.stringify(Object.values(id)) : String(id);
}

/** The ids in rows that hold nothing but the key's fields. */
export function keysOf(entity: Entity, rows: readonly SqlRow[]): readonly EntityId[] {
	return rows.map((values) => entity.idOf(hydrate(entity.key, values)));
}

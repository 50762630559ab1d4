import type { SqlRow } from "../database.ts";
import { hydrate, type Entity, type EntityId, type Row } from "../schema/entity.ts";

/** An id as one text, to look rows up by it. */
export function idKey(id: EntityId): string {
	return typeof id === "object" ? JSON.stringify(Object.values(id)) : String(id);
}

/** The ids in rows that hold nothing but the key's fields. */
export function keysOf(entity: Entity, rows: readonly SqlRow[]): readonly EntityId[] {
	return rows.map((values) => entity.idOf(hydrate(entity.key, values)));
}

/** Puts rows into the order of their keys: what RETURNING answers is in the order of some index. */
export function sortByKey(entity: Entity, rows: Row[]): readonly Row[] {
	return rows.sort((a, b) => {
		for (const { name } of entity.key) {
			const one = a[name] as string | number;
			const other = b[name] as string | number;
			if (one !== other) return one < other ? -1 : 1;
		}
		return 0;
	});
}

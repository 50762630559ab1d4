import { chain, type Maybe } from "../kernel/maybe.ts";
import type { Entity } from "./schema/entity.ts";

/** Refuses reads of an entity by throwing. */
export type Permit = (entity: Entity) => Maybe<void>;

/** What a write does to a row. */
export type WriteAction = "create" | "update" | "delete";

/** Refuses writes to an entity by throwing. */
export type WritePermit = (entity: Entity, action: WriteAction) => Maybe<void>;

/** Asks for each of these entities. @throws What `permit` throws. */
export function permitAll(entities: ReadonlySet<Entity>, permit: Permit): Maybe<void> {
	let permitted: Maybe<void> = undefined;
	for (const entity of entities) permitted = chain(permitted, () => permit(entity));
	return permitted;
}

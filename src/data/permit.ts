import { chain, type Maybe } from "../kernel/maybe.ts";
import type { Entity } from "./entity.ts";

/** Refuses reads of an entity by throwing. */
export type Permit = (entity: Entity) => Maybe<void>;

/** Asks for each of these entities. @throws What `permit` throws. */
export function permitAll(entities: ReadonlySet<Entity>, permit: Permit): Maybe<void> {
	let permitted: Maybe<void> = undefined;
	for (const entity of entities) permitted = chain(permitted, () => permit(entity));
	return permitted;
}

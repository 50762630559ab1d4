import { Event } from "./event.ts";

/**
 * What an {@link EntityEvent} class becomes once its entity is known: `event` in terms of
 * `this["table"]`. It lets this floor type events of tables without knowing what a table is.
 *
 * @example
 * ```ts
 * interface SavedKind extends EntityEventKind {
 *   readonly event: Saved<this["table"]>;
 * }
 * class Saved<Table = unknown> extends EntityEvent<SavedParams<Table>> {
 *   static override slug = "saved";
 *   declare static readonly kind: SavedKind;
 * }
 * ```
 */
export interface EntityEventKind {
	readonly table: unknown;
	readonly event: Event<unknown, unknown>;
}

/**
 * An event of one entity. Listeners may narrow to entities with `{ entity }`, which is decided when
 * listeners register, so that events of other entities cost nothing.
 */
export abstract class EntityEvent<
	Params extends { readonly entity: { readonly name: string } },
	Reply = void,
> extends Event<Params, Reply> {
	/** Where events of this class happen for an entity: `data.posts.insert.before`. */
	static override topicFor(entityName: string): string {
		return `${this.slug}.${entityName}`;
	}

	override get entityName(): string {
		return this.params.entity.name;
	}
}

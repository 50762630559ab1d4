import type { Entity } from "./entity.ts";
import type { Field } from "./field.ts";

/** Two fields of two entities whose values are equal where rows belong together. */
export interface FieldPair {
	readonly from: Field;
	readonly to: Field;
}

/** The entity in the middle of a many-to-many relation: `posts` → `postsTags` → `tags`. */
export interface Through {
	readonly entity: Entity;
	/** From the source to the entity in the middle. */
	readonly source: readonly FieldPair[];
	/** From the entity in the middle to the target. */
	readonly target: readonly FieldPair[];
}

/**
 * How rows of one entity belong to rows of another, seen from one side. Relations come from Drizzle's
 * `relations()`; where none is declared, from foreign keys, in both directions.
 *
 * @example
 * ```ts
 * app.em.entity("posts").relation("author")?.target.name; // "users"
 * ```
 */
export interface Relation {
	/** The name in `with`, `join`, dotted fields and URLs. */
	readonly name: string;
	/** How many rows of the target belong to one of the source: at most one, or any number. */
	readonly cardinality: "one" | "many";
	readonly source: Entity;
	readonly target: Entity;
	/** The pairs that join source and target; empty when the relation goes through another entity. */
	readonly pairs: readonly FieldPair[];
	/** Set for a many-to-many relation. */
	readonly through?: Through;
	/**
	 * Where the foreign key is: in the source (`posts.authorId` for `author`), in the target (for
	 * `users.posts`), or in the entity that the relation goes through.
	 */
	readonly keyIn: "source" | "target" | "through";
}

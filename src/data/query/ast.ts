import type { SqlParameter } from "../database.ts";
import type { Entity, Relation } from "../schema/entity.ts";
import type { Field } from "../schema/field.ts";
import type { Sort } from "../schema/sort.ts";
import type { FindOptions } from "./find-options.ts";

/** A comparison with one value. */
export type BinaryOperator =
	| "eq"
	| "ne"
	| "gt"
	| "gte"
	| "lt"
	| "lte"
	| "like"
	| "glob"
	| "contains"
	| "starts"
	| "ends";

/** One test of a field. Values are in their stored form and in the order in which SQL binds them. */
export type Comparison =
	| {
			readonly type: "binary";
			readonly field: Field;
			readonly operator: BinaryOperator;
			readonly value: SqlParameter;
	  }
	| { readonly type: "in" | "notin"; readonly field: Field; readonly list: string }
	| {
			readonly type: "between";
			readonly field: Field;
			readonly low: SqlParameter;
			readonly high: SqlParameter;
	  }
	| { readonly type: "null" | "notnull"; readonly field: Field };

/**
 * A test of a field of the one row that a relation leads to; the field is NULL where there is no such
 * row, or where `filter` hides it.
 */
export interface Related {
	readonly type: "related";
	readonly relation: Relation;
	readonly filter: Condition | undefined;
	readonly of: Comparison | Related;
}

/** A relation whose rows are joined, but for those that `filter` hides. */
export interface Join {
	readonly relation: Relation;
	readonly filter: Condition | undefined;
	/** What must hold for rows of the entity that a many-to-many relation goes through. */
	readonly via: Condition | undefined;
}

/** Whether there is a row of each of these relations such that `of` is true of them together. */
export interface Exists {
	readonly type: "exists";
	readonly joins: readonly Join[];
	readonly of: Condition;
}

/** A condition about the joined row of this relation; it stands inside an {@link Exists} only. */
export interface OfJoined {
	readonly type: "joined";
	readonly relation: Relation;
	readonly of: Comparison | Related;
}

/** A checked condition. An empty `and` is true, an empty `or` is false. */
export type Condition =
	| Comparison
	| Related
	| Exists
	| OfJoined
	| { readonly type: "and" | "or"; readonly of: readonly Condition[] }
	| { readonly type: "not"; readonly of: Condition };

/** A checked query for rows. */
export interface Query {
	readonly entity: Entity;
	readonly select: readonly Field[];
	readonly where: Condition | undefined;
	readonly sort: readonly Sort[];
	readonly limit: number;
	readonly offset: number;
	/** The related rows that every row comes with. */
	readonly with: readonly With[];
	/** Whether any other entity is named anywhere in it. */
	readonly related: boolean;
	/** Set for a page by cursor. */
	readonly page: Page | undefined;
	/** What holds for the rows behind the cursor. */
	readonly after: Condition | undefined;
}

/** The rows of one relation that every row of a query comes with. */
export interface With {
	readonly relation: Relation;
	/** The options as they were written. */
	readonly options: FindOptions;
	readonly query: Query;
	/** What must hold for rows of the entity that a many-to-many relation goes through. */
	readonly via: Condition | undefined;
}

/** One page of a walk by cursor. */
export interface Page {
	/** The cursor as it was given; empty on the first page. */
	readonly cursor: string;
	/** What the cursors of this walk belong to, beside its sort. */
	readonly binding: string;
}

/**
 * Whose query it is. A `client`'s may not name hidden fields nor exceed the maximum limit; `trusted`
 * code's may, and so may a listener's `reply`, whose faults are no fault of the caller.
 */
export type Access = "client" | "trusted" | "reply";

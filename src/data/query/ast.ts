import type { SqlParameter } from "../database.ts";
import type { Field } from "../field.ts";

/** A comparison with one value. */
export type BinaryOperator = "eq" | "ne" | "gt" | "gte" | "lt" | "lte" | "like" | "glob";

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

/** A checked condition. An empty `and` is true, an empty `or` is false. */
export type Condition =
	| Comparison
	| { readonly type: "and" | "or"; readonly of: readonly Condition[] }
	| { readonly type: "not"; readonly of: Condition };

/** One field of a sort. */
export interface Sort {
	readonly field: Field;
	readonly direction: "asc" | "desc";
}

/** A checked query for rows. */
export interface Query {
	readonly select: readonly Field[];
	readonly where: Condition | undefined;
	readonly sort: readonly Sort[];
	readonly limit: number;
	readonly offset: number;
}

/**
 * Whose query it is. A `client`'s may not name hidden fields nor exceed the maximum limit; `trusted`
 * code's may, and so may a listener's `reply`, whose faults are no fault of the caller.
 */
export type Access = "client" | "trusted" | "reply";

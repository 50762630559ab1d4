import type {
	FieldsOf,
	FieldType,
	RelationName,
	TargetOf,
	ToOneName,
	VisibleName,
} from "./entity-model.ts";
import type { WireValue } from "./row.ts";

/** What may be written for a value of a field, null aside. */
export type InputValue<Field> = Field extends { readonly type: infer Type extends FieldType }
	? Type extends keyof InputTypes
		? InputTypes[Type]
		: WireValue<Field>
	: never;

interface InputTypes {
	readonly date: string | number | Date;
	readonly bigint: string | number | bigint;
	readonly bytes: string | number | bigint;
	readonly numeric: string | number;
	readonly blob: string | Uint8Array;
}

/** Tests that every field can be put to. */
interface NullTests {
	readonly $eq?: null;
	readonly $ne?: null;
	readonly $isnull?: boolean;
}

interface Comparisons<Value> {
	readonly $eq?: Value | null;
	readonly $ne?: Value | null;
	readonly $gt?: Value;
	readonly $gte?: Value;
	readonly $lt?: Value;
	readonly $lte?: Value;
	readonly $in?: readonly Value[];
	readonly $notin?: readonly Value[];
	readonly $between?: readonly [Value, Value];
	readonly $isnull?: boolean;
}

/** `%` and `*` stand for any characters, `_` for one; only `$ilike` takes `A` for `a`. */
interface Patterns {
	readonly $like?: string;
	readonly $ilike?: string;
	readonly $contains?: string;
	readonly $startsWith?: string;
	readonly $endsWith?: string;
}

/** The condition on one field: a value, null, or operators, all of which must hold. */
export type Filter<Field> = Field extends { readonly type: "json" | "blob" | "bytes" }
	? NullTests | null
	: Field extends { readonly type: "text" }
		? InputValue<Field> | null | (Comparisons<InputValue<Field>> & Patterns)
		: InputValue<Field> | null | Comparisons<InputValue<Field>>;

type FieldFilters<Model, Name extends keyof Model> = {
	readonly [F in VisibleName<Model, Name>]?: Filter<
		FieldsOf<Model, Name>[F & keyof FieldsOf<Model, Name>]
	>;
};

/** The paths to fields of related rows: `author.name`, `comments.body`. */
type Path<Model, Name extends keyof Model> = {
	[R in RelationName<Model, Name>]: `${R}.${VisibleName<Model, TargetOf<Model, Name, R>>}`;
}[RelationName<Model, Name>];

/** The paths of two relations, of which the second leads to at most one row: `post.author.name`. */
type LongPath<Model, Name extends keyof Model> = {
	[R in RelationName<Model, Name>]: `${R}.${OneHop<Model, TargetOf<Model, Name, R>>}`;
}[RelationName<Model, Name>];

type OneHop<Model, Name extends keyof Model> = {
	[R in ToOneName<Model, Name>]: `${R}.${VisibleName<Model, TargetOf<Model, Name, R>>}`;
}[ToOneName<Model, Name>];

type FilterAt<Model, Name extends keyof Model, At> = At extends `${infer R}.${infer Rest}`
	? R extends RelationName<Model, Name>
		? FilterAt<Model, TargetOf<Model, Name, R>, Rest>
		: never
	: At extends keyof FieldsOf<Model, Name>
		? Filter<FieldsOf<Model, Name>[At]>
		: never;

/** Paths of three to five relations are not followed by the types: they would be too many. */
type FarPath<
	Model,
	Name extends keyof Model,
> = `${RelationName<Model, Name>}.${string}.${string}.${string}`;

type FarFilter = Filter<{ readonly type: "text"; readonly value: string | number | boolean }>;

type PathFilters<Model, Name extends keyof Model> = {
	readonly [P in Path<Model, Name> | LongPath<Model, Name>]?: FilterAt<Model, Name, P>;
} & { readonly [P in FarPath<Model, Name>]?: FarFilter };

/**
 * A filter: conditions on fields, all of which must hold. Fields of related rows are named by dots,
 * those of a to-many relation only in a query that joins it.
 */
export type Where<Model, Name extends keyof Model> = FieldFilters<Model, Name> &
	PathFilters<Model, Name> & {
		readonly $and?: Where<Model, Name> | readonly Where<Model, Name>[];
		readonly $or?: Where<Model, Name> | readonly Where<Model, Name>[];
		readonly $not?: Where<Model, Name>;
	};

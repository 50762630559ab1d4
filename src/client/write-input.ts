import type {
	FieldsOf,
	IdOf,
	RelationName,
	RelationsOf,
	TargetOf,
	ToOneName,
} from "./entity-model.ts";
import type { Shown } from "./row.ts";
import type { InputValue } from "./where.ts";

type Writable<Fields> = {
	[F in keyof Fields]: Fields[F] extends { readonly readOnly: true } ? never : F;
}[keyof Fields];

type Required<Fields> = {
	[F in Writable<Fields>]: Fields[F] extends
		| { readonly nullable: true }
		| { readonly optional: true }
		? never
		: F;
}[Writable<Fields>];

type Written<Field> =
	| InputValue<Field>
	| (Field extends { readonly nullable: true } ? null : never);

/** Values of any fields: dates may be `Date`, ISO 8601 or epoch milliseconds, bytes base64 or bytes. */
type Values<Fields> = { readonly [F in Writable<Fields>]?: Written<Fields[F]> | undefined };

/** Values of all fields that a row needs, and of any others. */
type WholeValues<Fields> = Shown<
	Values<Fields> & { readonly [F in Required<Fields>]: Written<Fields[F]> }
>;

/** A row by its id, or by the fields of its key. */
type RowRef<Model, Name extends keyof Model> = IdOf<Model, Name> | Values<FieldsOf<Model, Name>>;

/** Writes the row on the other side along, or names it. */
type ToOneWrite<Model, Target extends keyof Model> =
	| { readonly $create: InsertInput<Model, Target> }
	| { readonly $set: RowRef<Model, Target> | null };

/** Writes rows on the other side along, or names them; `$set` replaces those that there are. */
interface ToManyWrite<Model, Target extends keyof Model> {
	readonly $create?: ChildInput<Model, Target> | readonly ChildInput<Model, Target>[];
	readonly $attach?: readonly RowRef<Model, Target>[];
	readonly $detach?: readonly RowRef<Model, Target>[];
	readonly $set?: readonly RowRef<Model, Target>[];
}

type RelationWrites<Model, Name extends keyof Model> = {
	readonly [R in RelationName<Model, Name>]?: RelationsOf<Model, Name>[R] extends {
		readonly many: true;
	}
		? ToManyWrite<Model, TargetOf<Model, Name, R>>
		: ToOneWrite<Model, TargetOf<Model, Name, R>>;
};

/** At least one row on the other side, whose key then need not be given as well. */
type SomeToOneWrite<Model, Name extends keyof Model> = {
	[R in ToOneName<Model, Name>]: {
		readonly [K in R]: ToOneWrite<Model, TargetOf<Model, Name, R>>;
	};
}[ToOneName<Model, Name>];

/** A row that another one brings along, and whose key to it need not be given. */
type ChildInput<Model, Name extends keyof Model> = Values<FieldsOf<Model, Name>> &
	RelationWrites<Model, Name>;

/** A row to insert, with writes of its relations. */
export type InsertInput<Model, Name extends keyof Model> =
	| (WholeValues<FieldsOf<Model, Name>> & RelationWrites<Model, Name>)
	| (Values<FieldsOf<Model, Name>> & RelationWrites<Model, Name> & SomeToOneWrite<Model, Name>);

/** What to change of a row, with writes of its relations. */
export type UpdateInput<Model, Name extends keyof Model> = Values<FieldsOf<Model, Name>> &
	RelationWrites<Model, Name>;

/** What to change of several rows. */
export type BulkUpdateInput<Model, Name extends keyof Model> = Values<FieldsOf<Model, Name>>;

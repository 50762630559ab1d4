import type {
	FieldsOf,
	FieldType,
	RelationName,
	RelationsOf,
	TargetOf,
	VisibleName,
} from "./entity-model.ts";

interface WireTypes {
	readonly integer: number;
	readonly real: number;
	readonly numeric: string;
	readonly bigint: string;
	readonly bytes: string;
	readonly text: string;
	readonly boolean: boolean;
	readonly date: string;
	readonly json: unknown;
	readonly blob: string;
	readonly custom: unknown;
}

/** What the values of a field are on the wire, null aside. */
export type WireValue<Field> = Field extends { readonly value: infer Value }
	? Value
	: Field extends { readonly type: infer Type extends FieldType }
		? WireTypes[Type]
		: never;

type ReadValue<Field> =
	| WireValue<Field>
	| (Field extends { readonly nullable: true } ? null : never);

/** Shows one object instead of the intersection that it was made of. */
export type Shown<T> = { [K in keyof T]: T[K] };

/**
 * A row as it is on the wire: dates are ISO 8601, bigints and bytes (base64) text, JSON is itself.
 * `Selected` are the fields that were asked for, `With` the relations.
 */
export type Row<
	Model,
	Name extends keyof Model,
	Selected extends VisibleName<Model, Name> = VisibleName<Model, Name>,
	With = Record<never, never>,
> = Shown<
	{
		[F in Selected]: ReadValue<FieldsOf<Model, Name>[F & keyof FieldsOf<Model, Name>]>;
	} & RelatedRows<Model, Name, With>
>;

type RelatedRows<Model, Name extends keyof Model, With> = With extends readonly (infer R)[]
	? { [K in R & RelationName<Model, Name>]: Related<Model, Name, K, true> }
	: { [K in keyof With & RelationName<Model, Name>]: Related<Model, Name, K, With[K]> };

/** What stands under the name of a relation. */
type Related<
	Model,
	Name extends keyof Model,
	R extends RelationName<Model, Name>,
	Query,
> = RelationsOf<Model, Name>[R] extends { readonly many: true }
	? NestedRow<Model, TargetOf<Model, Name, R>, Query>[]
	:
			| NestedRow<Model, TargetOf<Model, Name, R>, Query>
			| (RelationsOf<Model, Name>[R] extends { readonly nullable: true } ? null : never);

type NestedRow<Model, Name extends keyof Model, Query> = Row<
	Model,
	Name,
	Query extends { readonly select: readonly (infer S extends VisibleName<Model, Name>)[] }
		? S
		: VisibleName<Model, Name>,
	Query extends { readonly with: infer With } ? With : Record<never, never>
>;

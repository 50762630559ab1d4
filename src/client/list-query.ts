import type { RelationName, TargetOf, VisibleName } from "./entity-model.ts";
import type { Where } from "./where.ts";

/** A sort: fields, `-` before those that descend. */
export type Sort<Model, Name extends keyof Model> =
	| SortTerm<VisibleName<Model, Name>>
	| readonly SortTerm<VisibleName<Model, Name>>[];

type SortTerm<Field extends string> =
	| Field
	| `-${Field}`
	| { readonly by: Field; readonly dir?: "asc" | "desc" };

/** Relations to read along: their names, or a query for each. */
export type With<Model, Name extends keyof Model> =
	| readonly RelationName<Model, Name>[]
	| {
			readonly [R in RelationName<Model, Name>]?:
				| true
				| NestedQuery<Model, TargetOf<Model, Name, R>>;
	  };

/** Which related rows to read, and what of them. */
export interface NestedQuery<Model, Name extends keyof Model> {
	readonly where?: Where<Model, Name>;
	readonly select?: readonly VisibleName<Model, Name>[];
	readonly sort?: Sort<Model, Name>;
	readonly limit?: number;
	readonly offset?: number;
	readonly join?: readonly RelationName<Model, Name>[];
	readonly with?: With<Model, Name>;
}

/** What to read of one row. */
export interface OneQuery<Model, Name extends keyof Model, Selected, Related> {
	/** Default: all fields that are not hidden. */
	readonly select?: readonly Selected[];
	readonly with?: Related & Exact<Related, With<Model, Name>>;
}

/** Which rows to read, page by page, and what of them. */
export interface PageQuery<Model, Name extends keyof Model, Selected, Related> extends OneQuery<
	Model,
	Name,
	Selected,
	Related
> {
	readonly where?: Where<Model, Name>;
	/** Default: the entity's, or its primary key, ascending. */
	readonly sort?: Sort<Model, Name>;
	/** The most rows; default: the entity's limit (10), at most its maximum (100). */
	readonly limit?: number;
	/** Where to begin: `meta.cursor` of the page before, or `""` for the first page. */
	readonly cursor?: string;
	/** Relations of which a row must have some; `where` may then name their fields. */
	readonly join?: readonly RelationName<Model, Name>[];
	/** Whether `meta.count`, the number of all rows that match, is wanted. */
	readonly count?: boolean;
	/** Whether `meta.total`, the number of all rows, is wanted. */
	readonly total?: boolean;
}

/** Which rows to read, and what of them. */
export interface ListQuery<Model, Name extends keyof Model, Selected, Related> extends PageQuery<
	Model,
	Name,
	Selected,
	Related
> {
	/** Rows to pass over; default 0. Not together with `cursor`. */
	readonly offset?: number;
}

type KeyOfAny<Union> = Union extends unknown ? keyof Union : never;

type ValueOfAny<Union, Key> = Union extends unknown
	? Key extends keyof Union
		? Union[Key]
		: never
	: never;

/**
 * What makes `Given` an error where it has a key that `Allowed` does not know: a type that is
 * inferred from an object may have any keys beside those of its constraint.
 */
export type Exact<Given, Allowed> = unknown extends Allowed
	? unknown
	: Given extends readonly unknown[] | Date | Uint8Array
		? unknown
		: Given extends object
			? {
					readonly [K in keyof Given]: K extends KeyOfAny<Extract<Allowed, object>>
						? Exact<Given[K], ValueOfAny<Extract<Allowed, object>, K>>
						: never;
				}
			: unknown;

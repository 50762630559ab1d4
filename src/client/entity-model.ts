/** What a field holds. `bytes` are numbers that the database keeps as bytes: they have no order. */
export type FieldType =
	| "integer"
	| "real"
	| "numeric"
	| "bigint"
	| "bytes"
	| "text"
	| "boolean"
	| "date"
	| "json"
	| "blob"
	| "custom";

/** A field, as the client's types need to know it. */
export interface FieldModel {
	readonly type: FieldType;
	/** What its values are on the wire, where the type alone does not say it: `"draft" | "live"`. */
	readonly value?: unknown;
	readonly nullable?: boolean;
	/** Whether a row may be inserted without it, though it is never null. */
	readonly optional?: boolean;
	/** Whether the database computes it. */
	readonly readOnly?: boolean;
	/** Whether it can be written, but never read. */
	readonly hidden?: boolean;
}

/** A relation of an entity, as the client's types need to know it. */
export interface RelationModel {
	/** The name of the entity on the other side. */
	readonly to: PropertyKey;
	/** Whether any number of rows belong to one, or at most one. */
	readonly many: boolean;
	/** Whether a row may have none on the other side. */
	readonly nullable?: boolean;
}

/**
 * An entity, as the client's types need to know it. `burdock types` writes a file of these; those of
 * a Drizzle schema are inferred by {@link ModelOf}.
 */
export interface EntityModel {
	/** The type of its ids; never, if its key is composite. */
	readonly id: unknown;
	readonly fields: object;
	readonly relations: object;
}

/** The fields of an entity, by name. */
export type FieldsOf<Model, Name extends keyof Model> = Model[Name] extends {
	readonly fields: infer Fields;
}
	? Fields
	: never;

/** The relations of an entity, by name. */
export type RelationsOf<Model, Name extends keyof Model> = Model[Name] extends {
	readonly relations: infer Relations;
}
	? Relations
	: never;

/** The type of an entity's ids. */
export type IdOf<Model, Name extends keyof Model> = Model[Name] extends { readonly id: infer Id }
	? Id
	: never;

/** The names of an entity's relations. */
export type RelationName<Model, Name extends keyof Model> = keyof RelationsOf<Model, Name> & string;

/** The names of the relations that lead to at most one row. */
export type ToOneName<Model, Name extends keyof Model> = {
	[R in RelationName<Model, Name>]: RelationsOf<Model, Name>[R] extends { readonly many: true }
		? never
		: R;
}[RelationName<Model, Name>];

/** The entity on the other side of a relation. */
export type TargetOf<
	Model,
	Name extends keyof Model,
	R extends RelationName<Model, Name>,
> = RelationsOf<Model, Name>[R] extends { readonly to: infer To extends keyof Model } ? To : never;

/** The names of the fields that may be read: all but the hidden ones. */
export type VisibleName<Model, Name extends keyof Model> = {
	[F in keyof FieldsOf<Model, Name> & string]: FieldsOf<Model, Name>[F] extends {
		readonly hidden: true;
	}
		? never
		: F;
}[keyof FieldsOf<Model, Name> & string];

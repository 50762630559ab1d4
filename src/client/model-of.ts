import type { EntityModel, FieldType } from "./entity-model.ts";

/** A Drizzle table, told by the parts of its type that are needed. */
interface TableShape {
	readonly $inferSelect: unknown;
	readonly _: { readonly name: string; readonly columns: object };
}

/** A Drizzle column, as far as its values go. */
interface ColumnShape {
	readonly columnType: string;
	readonly data: unknown;
	readonly notNull: boolean;
	readonly hasDefault: boolean;
	readonly isPrimaryKey: boolean;
	readonly generated: unknown;
}

/** What `relations(table, …)` makes. */
interface RelationsShape<TableName extends string> {
	readonly table: { readonly _: { readonly name: TableName } };
	readonly config: (helpers: never) => unknown;
}

interface TypeOfColumn {
	readonly SQLiteInteger: "integer";
	readonly SQLiteReal: "real";
	readonly SQLiteNumeric: "numeric";
	readonly SQLiteNumericNumber: "real";
	readonly SQLiteNumericBigInt: "bigint";
	readonly SQLiteBigInt: "bytes";
	readonly SQLiteText: "text";
	readonly SQLiteBoolean: "boolean";
	readonly SQLiteTimestamp: "date";
	readonly SQLiteTextJson: "json";
	readonly SQLiteBlobJson: "json";
	readonly SQLiteBlobBuffer: "blob";
}

/**
 * The entities of a schema. Of a module of Drizzle tables and `relations()` they are inferred; what
 * `burdock types` has written is taken as it is.
 */
export type ModelOf<Schema> = {
	readonly [
		K in keyof Schema as Schema[K] extends TableShape | EntityModel ? K : never
	]: Schema[K] extends TableShape ? EntityOf<Schema, Schema[K]> : Schema[K];
};

interface EntityOf<Schema, Table extends TableShape> {
	readonly id: IdOfColumns<Table["_"]["columns"]>;
	readonly fields: FieldsOfColumns<Table["_"]["columns"]>;
	readonly relations: RelationsOfTable<Schema, Table["_"]["name"]>;
}

type Config<Column> = Column extends { readonly _: infer C extends ColumnShape } ? C : never;

type FieldsOfColumns<Columns> = {
	readonly [F in keyof Columns]: FieldOfColumn<Config<Columns[F]>>;
};

interface FieldOfColumn<C extends ColumnShape> {
	readonly type: FieldTypeOf<C["columnType"]>;
	readonly value: ValueOf<FieldTypeOf<C["columnType"]>, C["data"]>;
	readonly nullable: C["notNull"] extends true ? false : true;
	readonly optional: C["hasDefault"];
	readonly readOnly: C["generated"] extends undefined ? false : true;
}

type FieldTypeOf<ColumnType extends string> = ColumnType extends keyof TypeOfColumn
	? TypeOfColumn[ColumnType]
	: "custom";

/** What a column's values are once they have been JSON. */
type ValueOf<Type extends FieldType, Data> = Type extends "bigint" | "bytes" | "date" | "blob"
	? string
	: Type extends "custom"
		? Data extends Date | bigint
			? string
			: Data
		: Data;

/** A key that the types do not show is one of `primaryKey({ columns })`. */
type IdOfColumns<Columns> = [KeyName<Columns>] extends [never]
	? string | number
	: Config<Columns[KeyName<Columns>]>["data"];

type KeyName<Columns> = {
	[F in keyof Columns]: Config<Columns[F]>["isPrimaryKey"] extends true ? F : never;
}[keyof Columns];

/** The names of the module, by the SQL names of their tables: relations know only these. */
type ByTableName<Schema> = {
	[K in keyof Schema as Schema[K] extends TableShape ? Schema[K]["_"]["name"] : never]: K;
};

type RelationsOfTable<Schema, TableName extends string> = {
	readonly [R in keyof Declared<Schema, TableName>]: RelationOf<
		ByTableName<Schema>,
		Declared<Schema, TableName>[R]
	>;
};

/** All that is declared for a table, in one `relations()` or in several. */
type Declared<Schema, TableName extends string> = Intersection<
	{
		[K in keyof Schema]: Schema[K] extends RelationsShape<TableName>
			? ReturnType<Schema[K]["config"]>
			: never;
	}[keyof Schema]
>;

type Intersection<Union> = [Union] extends [never]
	? Record<never, never>
	: (Union extends unknown ? (part: Union) => void : never) extends (part: infer All) => void
		? All
		: never;

/** Drizzle's `isNullable` is true where no key of the relation is nullable. */
interface RelationOf<Names, R> {
	readonly to: R extends { readonly referencedTableName: infer N extends keyof Names }
		? Names[N]
		: never;
	readonly many: R extends { readonly isNullable: boolean } ? false : true;
	readonly nullable: R extends { readonly isNullable: true } ? false : true;
}

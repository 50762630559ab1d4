/** A column, as far as SQL says what it is. Expressions are in canonical form. */
export interface ColumnShape {
	readonly name: string;
	/** Without a length: it means nothing to SQLite. */
	readonly type: string;
	/** True of a part of the primary key in any case. */
	readonly notNull: boolean;
	readonly default: string | undefined;
	/** The default as it is written. */
	readonly defaultSql: string | undefined;
	/** `stored length ( title )`. */
	readonly generated: string | undefined;
	/** Its definition as it is written, without the name. */
	readonly source: string;
}

/** A reference to another table. */
export interface ForeignKeyShape {
	/** In lower case, as `targets`. */
	readonly columns: readonly string[];
	readonly table: string;
	/** Empty for the primary key of the table. */
	readonly targets: readonly string[];
	readonly onUpdate: string;
	readonly onDelete: string;
	/** Where the table's name stands in the statement that creates the table. */
	readonly at: { readonly start: number; readonly end: number };
}

/** An index, or a UNIQUE of a table. */
export interface IndexShape {
	/** Undefined for a UNIQUE of the table itself, which only goes with the table. */
	readonly name: string | undefined;
	readonly unique: boolean;
	/** Its columns or expressions, in order. */
	readonly parts: readonly string[];
	readonly where: string | undefined;
	/** The statement that creates it. */
	readonly sql: string | undefined;
}

/** A table, as far as SQL says what it is. */
export interface TableShape {
	readonly name: string;
	/** By name in lower case. */
	readonly columns: ReadonlyMap<string, ColumnShape>;
	/** In lower case. */
	readonly primaryKey: readonly string[];
	readonly autoIncrement: boolean;
	readonly foreignKeys: readonly ForeignKeyShape[];
	readonly checks: readonly string[];
	readonly indexes: readonly IndexShape[];
	/** The statement that creates it. */
	readonly sql: string;
	/** Where its name stands in that statement. */
	readonly at: { readonly start: number; readonly end: number };
}

/** The tables of a database or of a schema, by name in lower case. */
export type TableShapes = ReadonlyMap<string, TableShape>;

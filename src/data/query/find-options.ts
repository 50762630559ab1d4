/** A filter as written: fields to values or operators, `$and`, `$or`, `$not`. */
export interface Where {
	readonly [key: string]: unknown;
}

/** A sort as written: `-id,title`, a list of such, or `{ by, dir }`. */
export type SortInput = string | SortRule | readonly (string | SortRule)[];

/** One field of a sort as an object. */
export interface SortRule {
	readonly by: string;
	readonly dir?: "asc" | "desc";
}

/** A query for related rows as written: what a query has, but for what is said of a list as a whole. */
export type WithOptions = Omit<FindOptions, "count" | "total" | "cursor">;

/** Relations as written: `author,comments`, a list of names, or an object of names with options. */
export type WithInput = string | readonly string[] | { readonly [relation: string]: WithOptions };

/** A query for rows as written. Read events carry it with its defaults filled in, frozen. */
export interface FindOptions {
	/** What must hold for a row; fields of to-one relations by dot: `author.name`. */
	readonly where?: Where;
	/** The fields to read; default: all that are not hidden. */
	readonly select?: readonly string[] | string;
	/** Default: the entity's sort, or its primary key, ascending. */
	readonly sort?: SortInput;
	/** The most rows; default: the entity's limit. */
	readonly limit?: number;
	/** Rows to pass over; default 0. */
	readonly offset?: number;
	/**
	 * The related rows that every row comes with, read in the same statement: an object or null for a
	 * relation to one, a list for one to many. Each may have options of its own.
	 */
	readonly with?: WithInput;
	/**
	 * Relations of which a row must have at least one row. Dotted fields of a joined relation, which
	 * may be one to many, all speak of the same one.
	 */
	readonly join?: string | readonly string[];
	/**
	 * Where a page begins: `meta.cursor` of the page before, or `""` for the first one. Pages by
	 * cursor miss and repeat no row when others come and go. Not together with `offset`.
	 */
	readonly cursor?: string;
	/** Whether `meta.count`, the number of all rows that match, is wanted; costs a second query. */
	readonly count?: boolean;
	/** Whether `meta.total`, the number of all rows, is wanted; costs a second query. */
	readonly total?: boolean;
}

/** The most rows that a client may ask for, unless configured otherwise. */
export const DEFAULT_MAX_LIMIT = 100;

/** What Drizzle can't say about an entity. */
export interface EntityOptions {
	/** The name that people read; default: the entity's name. */
	readonly label?: string;
	/** Fields that can be written, but never leave the process. */
	readonly hidden?: readonly string[];
	/** The default sort: `-id,title`; default: the primary key, ascending. */
	readonly sort?: string;
	/** Rows of a list when the query names no limit; default 10. */
	readonly limit?: number;
	/** The most rows that a client may ask for; default 100. */
	readonly maxLimit?: number;
	/**
	 * The field that counts the updates of a row, so that nobody overwrites what they have not seen:
	 * an integer that is NOT NULL. Default: the field `version`, if there is such a one; false: none.
	 */
	readonly version?: string | false;
}

/** What is known about a read beside its data. */
export interface ReadMeta {
	/** Rows in the data. */
	readonly items: number;
	readonly limit?: number;
	readonly offset?: number;
	/** All rows that match, if the query asked for it. */
	readonly count?: number;
	/** All rows, if the query asked for it. */
	readonly total?: number;
	/** For a page by cursor: where the next page begins, or null at the end. */
	readonly cursor?: string | null;
}

/** The answer to a read. */
export interface ReadResult<Data> {
	readonly data: Data;
	readonly meta: ReadMeta;
}

/**
 * What crosses the wire, as types alone: the server answers with these, and `burdock/client` reads
 * them. Nothing here may need another package, so that a client's declarations need none.
 */

/** One fault of an input: where (`where.$or[1].views`, `title`), what, and a code for programs. */
export interface Fault {
	readonly path: string;
	readonly message: string;
	readonly code?: string;
}

/** An error as RFC 9457 says it, with `error` (a string) for clients that read only that. */
export interface Problem {
	readonly type: string;
	readonly title: string;
	readonly status: number;
	readonly detail: string;
	readonly instance: string;
	readonly code: string;
	readonly error: string;
	readonly errors?: readonly Fault[];
	readonly details?: Readonly<Record<string, unknown>>;
	readonly traceId: string;
}

/** What is known about the rows of a read. */
export interface ReadMeta {
	/** Rows in the data. */
	readonly items: number;
	readonly limit?: number;
	readonly offset?: number;
	/** All rows that match, if the query asked for it. */
	readonly count?: number;
	/** All rows, if the query asked for it. */
	readonly total?: number;
	/** Where the next page begins, if the query asked by cursor; null after the last row. */
	readonly cursor?: string | null;
}

/** A listener's failure after a row was stored, which could no longer undo it. */
export interface WriteWarning {
	readonly code: string;
	/** The slug of the event. */
	readonly event: string;
	/** The id of the listener. */
	readonly listener: string;
	readonly message: string;
}

/** What is known about a write beside its data. */
export interface WriteMeta {
	/** Rows in the data. */
	readonly items: number;
	/** Of a bulk write: what became of each row of the data, in the same order. */
	readonly results?: readonly ("inserted" | "updated" | "deleted" | "prevented" | "unchanged")[];
	/** True when a listener prevented it (some of it, in bulk): what was prevented is not stored. */
	readonly prevented?: true;
	readonly warnings?: readonly WriteWarning[];
}

/** The answer to a read: of one row, or of a list of rows. */
export interface ReadAnswer<Data> {
	readonly data: Data;
	readonly meta: ReadMeta;
}

/** The answer to a write. */
export interface WriteAnswer<Data> {
	readonly data: Data;
	readonly meta: WriteMeta;
}

/** What a stored file is. */
export interface StoredFileMeta {
	/** The media type, by content. */
	readonly type: string;
	/** Bytes. */
	readonly size: number;
	/** Pixels, of an image. */
	readonly width?: number;
	/** Pixels, of an image. */
	readonly height?: number;
}

/** The answer to an upload. */
export interface FileAnswer<Data> {
	/** The row of the file; null when a listener prevented it, and nothing is stored. */
	readonly data: Data | null;
	/** The public name. */
	readonly name: string;
	readonly meta: StoredFileMeta;
	/** Changes with the content. */
	readonly etag: string;
	readonly state: {
		readonly name: string;
		/** Where the file can be read. */
		readonly path: string;
	};
	readonly warnings?: readonly WriteWarning[];
}

/** The answer to an upload to a row. It has no data: clients of bknd look for the result beside the rest. */
export interface AttachedFileAnswer<Data> extends Omit<FileAnswer<Data>, "data"> {
	/** Whether it was stored. */
	readonly ok: boolean;
	/** The row of the file; null when a listener prevented it, and nothing is stored. */
	readonly result: Data | null;
}

/** The answer to the deletion of a file; its data is the row as it was. */
export interface DeletedFileAnswer<Data> extends WriteAnswer<Data> {
	/** The latter when a listener prevented it. */
	readonly message: "File deleted" | "File kept";
}

/** A link to a file that ends. */
export interface FileLinkAnswer {
	readonly data: {
		/** A path on this server, or a URL of the store. */
		readonly url: string;
		/** ISO 8601. */
		readonly expires: string;
	};
}

/** The answer of `fn/count`. */
export interface CountAnswer {
	readonly entity: string;
	readonly count: number;
}

/** The answer of `fn/exists`. */
export interface ExistsAnswer {
	readonly entity: string;
	readonly exists: boolean;
}

/** What was counted of one listener since it was registered. */
export interface SystemListenerStats {
	readonly id: string;
	/** Who registered it: `"app"`, or a plugin's name. */
	readonly source: string;
	readonly mode: "sync" | "async";
	/** The slugs, topics and patterns it listens to. */
	readonly refs: readonly string[];
	readonly calls: number;
	readonly errors: number;
	/** Milliseconds that half, and 95 %, of the timed calls took at most; absent until one was timed. */
	readonly p50?: number;
	readonly p95?: number;
}

/** The answer of `system/stats`: the events of the server's process since it started. */
export interface SystemStats {
	/** Whether calls are counted. */
	readonly measured: boolean;
	readonly listeners: number;
	/** Deferred calls that wait or run. */
	readonly pending: number;
	readonly calls: number;
	readonly errors: number;
	readonly perListener: readonly SystemListenerStats[];
}

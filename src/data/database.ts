import type { Maybe } from "../kernel/maybe.ts";

/**
 * What an engine stores and returns. Integers outside of `Number.MIN_SAFE_INTEGER` to
 * `Number.MAX_SAFE_INTEGER` are bigint, all others numbers.
 */
export type SqlValue = string | number | bigint | null | Uint8Array;

/** What may be bound to a placeholder. A boolean is bound as 0 or 1. */
export type SqlParameter = SqlValue | boolean;

/** One SQL statement with `?` placeholders and a value for each, in order. */
export interface Statement {
	readonly sql: string;
	readonly params: readonly SqlParameter[];
	/** Answer at most the first row: reading one row is then nearly twice as fast. */
	readonly first?: true;
}

/** One row: the selected columns in the order of the statement. */
export type SqlRow = readonly SqlValue[];

/** What differs between engines, as data. */
export interface DatabaseCapabilities {
	/** Parameters that one statement may bind. */
	readonly maxParameters: number;
	/** Bytes that one bound value may have. */
	readonly maxValueBytes: number;
	/**
	 * Bits of the integers that are returned exactly. 53: a stored one beyond ±2^53 is returned as the
	 * nearest number; select `cast(column as text)`. Bound are all 64 bits on every engine.
	 */
	readonly integerBits: 53 | 64;
	/** How deep an expression may be, with the subqueries that stand in it. */
	readonly maxExpressionDepth: number;
	/** Whether `all` and `batch` answer at once, without a promise, unless the database is busy. */
	readonly synchronous: boolean;
	/** Whether tables may be created by the app itself (false: only migrations create them). */
	readonly ownsSchema: boolean;
}

/**
 * The port to a SQLite-family engine. Contract, held by `test/conformance/database.ts`:
 *
 * - `all` runs one statement and returns its rows (none for a statement that returns none).
 * - `batch` runs statements in order, atomically: all are stored or none is; it returns the rows of
 *   each. A failure anywhere rolls everything back. It is the only transaction: `begin`, `commit`
 *   and the like are refused, as are several statements in one text.
 * - Foreign keys are enforced. A statement sees what earlier statements of its batch wrote.
 * - Parameters are checked before the engine sees them: their number, and their kinds (text without
 *   NUL and lone surrogates, finite numbers, integers within 64 bits). A fault is `bad_parameter`,
 *   kind `internal`, because callers check input first. Whole numbers are stored as INTEGER, others
 *   as REAL; `-0` is 0.
 * - Blobs are returned as `Uint8Array`; integers are exact.
 * - Statements are kept prepared by their text: build texts from shapes, not from values. A changed
 *   schema needs no care.
 * - A failure is a `DatabaseError` whose message holds no SQL and no value, thrown or rejected with.
 * - Nothing blocks the event loop while it waits for a lock; after the busy timeout the failure is
 *   `database_unavailable`. While a write waits, later writes wait behind it and reads go on.
 * - `close` waits for what is running; afterwards everything fails with `database_unavailable`. A
 *   second close does nothing.
 *
 * A driver that cannot keep a line declares it where it runs the suite, with the reason.
 */
export interface Database {
	/** For people: `embedded libSQL`, `D1`. */
	readonly engine: string;
	/** For people: the file or host, without credentials. */
	readonly location: string;
	readonly capabilities: DatabaseCapabilities;
	all(statement: Statement): Maybe<readonly SqlRow[]>;
	batch(statements: readonly Statement[]): Maybe<readonly (readonly SqlRow[])[]>;
	/**
	 * Runs statements as `batch` does, but with foreign keys not enforced: they may drop a table that
	 * others refer to, and none of its rows goes. Whoever calls it checks the keys in its last
	 * statement. Engines that always enforce them don't have it (D1).
	 *
	 * @throws DatabaseError `statement_failed` with `details.statement`, the index of the one that
	 * failed; nothing is stored then.
	 */
	migrate?(statements: readonly Statement[]): Maybe<void>;
	close(): Maybe<void>;
}

import type { SqlRow, SqlValue, Statement } from "../database.ts";
import { bindParameters, type ParameterLimits, toExactValue } from "../parameters.ts";
import { readStatement, type StatementShape } from "../statement-shape.ts";

/** What of a prepared statement of `libsql` this driver uses. */
export interface NativeStatement {
	readonly reader: boolean;
	raw(): unknown;
	safeIntegers(): unknown;
	run(params: readonly unknown[]): unknown;
	all(params: readonly unknown[]): unknown[];
	get(params: readonly unknown[]): unknown;
}

/** What can prepare: a connection of `libsql`. */
export interface NativePreparer {
	prepare(sql: string): NativeStatement;
}

/** Whether all rows are answered or at most the first. */
export type RowsWanted = "all" | "first";

/** A longer text is prepared for each run: what the engine makes of it takes forty times its length. */
const LONGEST_KEPT = 8_000;

/** The first number that may stand for another integer: 2^53 + 1 is read as 2^53. */
const FIRST_AMBIGUOUS = 2 ** 53;
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * A statement of the embedded engine. From its second run on it stays prepared: SQLite prepares it
 * anew by itself when the schema has changed. What a native statement takes is given back when its
 * object is collected, and nothing else does it; so those of the many texts that are run once must
 * not grow old, which only a full collection ends.
 *
 * Reads ask the engine for numbers and, when one is so large that it may be inexact, run once more
 * for bigints and from then on always: bigints for all integers make a list 8 % slower. Writes
 * cannot run twice, so they always ask for bigints.
 *
 * Reads of one row have a native statement of their own: `get` of one that was run with `all`, or
 * whose last `get` failed, answers for the parameters of that run.
 */
export class PreparedStatement {
	readonly #sql: string;
	readonly #shape: StatementShape;
	#native: NativeStatement | undefined;
	#single: NativeStatement | undefined;
	#returnsRows = false;
	#exact: boolean;
	/** Whether what is prepared now is kept. */
	#stays = false;

	/** @throws DatabaseError `statement_refused`. */
	constructor(sql: string) {
		this.#sql = sql;
		this.#shape = readStatement(sql);
		this.#exact = !this.#shape.reads;
	}

	/** Whether it can only read. */
	get reads(): boolean {
		return this.#shape.reads;
	}

	/** Whether it may run within the transaction of a group. */
	get changesRows(): boolean {
		return this.#shape.changesRows;
	}

	/** @throws DatabaseError `bad_parameter`, `value_too_large`. */
	bind(statement: Statement, limits: ParameterLimits): readonly SqlValue[] {
		return bindParameters(statement, this.#shape.placeholders, limits, toExactValue);
	}

	/** Runs it. Throws what the engine throws. */
	run(
		database: NativePreparer,
		values: readonly SqlValue[],
		wanted: RowsWanted,
	): readonly SqlRow[] {
		const rows =
			wanted === "first" && this.#shape.reads
				? this.#readFirst(database, values)
				: this.#readAll(database, values);
		this.#stays = this.#sql.length <= LONGEST_KEPT;
		if (this.#exact) {
			for (const row of rows) toExactRow(row);
		} else if (!rows.every(toPlainRow)) {
			this.#exact = true;
			this.#native?.safeIntegers();
			this.#single?.safeIntegers();
			return this.run(database, values, wanted);
		}
		return wanted === "first" ? rows.slice(0, 1) : rows;
	}

	#prepare(database: NativePreparer): NativeStatement {
		const native = database.prepare(this.#sql);
		this.#returnsRows = native.reader;
		if (this.#returnsRows) native.raw();
		if (this.#exact) native.safeIntegers();
		return native;
	}

	/** Only a read may stop at its first row: a write is complete after its last one. */
	#readFirst(database: NativePreparer, values: readonly SqlValue[]): SqlValue[][] {
		const native = this.#single ?? this.#prepare(database);
		if (this.#stays) this.#single = native;
		try {
			const row = native.get(values) as SqlValue[] | undefined;
			return row === undefined ? [] : [row];
		} catch (error) {
			this.#single = undefined;
			throw error;
		}
	}

	#readAll(database: NativePreparer, values: readonly SqlValue[]): SqlValue[][] {
		const native = (this.#native ??= this.#prepare(database));
		const rows = this.#returnsRows ? (native.all(values) as SqlValue[][]) : [];
		if (!this.#returnsRows) native.run(values);
		// One that fails stays: until its next run it counts as running, and nothing can be committed.
		if (!this.#stays) this.#native = undefined;
		return rows;
	}
}

/** Makes blobs plain; answers false when a number may be an inexact integer. */
function toPlainRow(row: SqlValue[]): boolean {
	for (let index = 0; index < row.length; index++) {
		const value = row[index];
		if (typeof value === "number") {
			if (value >= FIRST_AMBIGUOUS || value <= -FIRST_AMBIGUOUS) return false;
		} else if (typeof value === "object" && value !== null) {
			row[index] = toBytes(value);
		}
	}
	return true;
}

/** Makes blobs plain, and numbers of the bigints that are safe as numbers. */
function toExactRow(row: SqlValue[]): void {
	for (let index = 0; index < row.length; index++) {
		const value = row[index];
		if (typeof value === "bigint") {
			if (value <= MAX_SAFE && value >= -MAX_SAFE) row[index] = Number(value);
		} else if (typeof value === "object" && value !== null) {
			row[index] = toBytes(value);
		}
	}
}

/** The engine's `Buffer` as what it is without Node: the same bytes, not a copy. */
function toBytes(blob: Uint8Array): Uint8Array {
	return new Uint8Array(blob.buffer, blob.byteOffset, blob.byteLength);
}

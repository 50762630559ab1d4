import { BoundedCache } from "../../kernel/bounded-cache.ts";
import type { Maybe } from "../../kernel/maybe.ts";
import { isBusy, statementFailed, toDatabaseError } from "../classify-database-error.ts";
import type { Database, DatabaseCapabilities, SqlRow, SqlValue, Statement } from "../database.ts";
import { databaseErrors } from "../database-error.ts";
import { type BusyOptions, BusyQueue } from "./busy-queue.ts";
import { type NativePreparer, PreparedStatement, type RowsWanted } from "./prepared-statement.ts";

/** What of a connection of the package `libsql` this driver uses. */
export interface NativeDatabase extends NativePreparer {
	readonly inTransaction: boolean;
	exec(sql: string): unknown;
	close(): unknown;
}

/** How the embedded driver behaves. */
export interface LibsqlLocalOptions extends BusyOptions {
	/** The file, for people. */
	readonly location: string;
	/** Statements that stay prepared; default 500. */
	readonly preparedStatements?: number;
}

const PREPARED_STATEMENTS = 500;

const CAPABILITIES: DatabaseCapabilities = Object.freeze({
	maxParameters: 32_766,
	maxValueBytes: 500_000_000,
	integerBits: 64,
	synchronous: true,
	ownsSchema: true,
});

type Rows = readonly SqlRow[];

interface Call {
	readonly prepared: PreparedStatement;
	readonly values: readonly SqlValue[];
	readonly wanted: RowsWanted;
}

/**
 * The embedded engine: libSQL inside this process. Everything is answered at once, without a
 * promise, unless another process holds the lock.
 *
 * @example
 * ```ts
 * const native = new Libsql("data.db");
 * native.exec("pragma journal_mode = wal; pragma foreign_keys = on; pragma busy_timeout = 5");
 * const database = new LibsqlLocal(native, { location: "data.db" });
 * ```
 */
export class LibsqlLocal implements Database {
	readonly engine = "embedded libSQL";
	readonly location: string;
	readonly capabilities = CAPABILITIES;
	readonly #native: NativeDatabase;
	readonly #queue: BusyQueue;
	readonly #prepared: BoundedCache<string, PreparedStatement>;
	#closed = false;
	#closing: Promise<void> | undefined;
	#rollbackIsDue = false;

	/**
	 * @param native An open connection in WAL mode with foreign keys on and a busy timeout of a few
	 * milliseconds (that long it blocks the event loop). The driver owns it from now on.
	 */
	constructor(native: NativeDatabase, options: LibsqlLocalOptions) {
		this.location = options.location;
		this.#native = native;
		this.#queue = new BusyQueue(isBusy, options);
		const kept = options.preparedStatements ?? PREPARED_STATEMENTS;
		this.#prepared = new BoundedCache(Math.max(1, Math.ceil(kept / 2)));
	}

	all(statement: Statement): Maybe<Rows> {
		this.#refuseIfClosed();
		const call = this.#bind(statement);
		if (this.#queue.isWaiting && !call.prepared.reads) return this.#wait(() => this.#run(call));
		try {
			return this.#run(call);
		} catch (error) {
			if (!isBusy(error)) throw toDatabaseError(error);
			return this.#wait(() => this.#run(call));
		}
	}

	batch(statements: readonly Statement[]): Maybe<readonly Rows[]> {
		this.#refuseIfClosed();
		const calls = statements.map((statement) => this.#bind(statement));
		const begin = calls.every(({ prepared }) => prepared.reads) ? "BEGIN" : "BEGIN IMMEDIATE";
		const waits = this.#queue.isWaiting && begin !== "BEGIN";
		if (waits) return this.#wait(() => this.#runBatch(calls, begin));
		try {
			return this.#runBatch(calls, begin);
		} catch (error) {
			if (!isBusy(error)) throw toDatabaseError(error);
			return this.#wait(() => this.#runBatch(calls, begin));
		}
	}

	migrate(statements: readonly Statement[]): Maybe<void> {
		this.#refuseIfClosed();
		const calls = statements.map((statement) => this.#bind(statement));
		if (this.#queue.isWaiting) return this.#wait(() => this.#migrateNow(calls));
		try {
			return this.#migrateNow(calls);
		} catch (error) {
			if (!isBusy(error)) throw toDatabaseError(error);
			return this.#wait(() => this.#migrateNow(calls));
		}
	}

	close(): Maybe<void> {
		if (this.#closed) return this.#closing;
		this.#closed = true;
		const idle = this.#queue.idle;
		if (idle === undefined) return this.#closeNow();
		this.#closing = idle.then(() => this.#closeNow());
		return this.#closing;
	}

	#refuseIfClosed(): void {
		if (this.#closed) throw databaseErrors.create("database_unavailable", {});
	}

	#bind(statement: Statement): Call {
		const prepared = this.#prepared.getOrMake(statement.sql, prepareLater);
		const values = prepared.bind(statement, CAPABILITIES);
		return { prepared, values, wanted: statement.first === true ? "first" : "all" };
	}

	#run({ prepared, values, wanted }: Call): Rows {
		if (this.#rollbackIsDue) this.#rollback();
		return prepared.run(this.#native, values, wanted);
	}

	#runBatch(calls: readonly Call[], begin: string): Rows[] {
		const only = calls[0];
		if (only === undefined) return [];
		if (calls.length === 1) return [this.#run(only)];
		if (this.#rollbackIsDue) this.#rollback();
		this.#native.exec(begin);
		try {
			const results = calls.map((call) => this.#run(call));
			this.#native.exec("COMMIT");
			return results;
		} catch (error) {
			this.#undo();
			throw error;
		}
	}

	/** Inside of a transaction nobody can turn foreign keys off. */
	#migrateNow(calls: readonly Call[]): void {
		if (this.#rollbackIsDue) this.#rollback();
		let done = 0;
		this.#native.exec("PRAGMA foreign_keys = OFF");
		try {
			this.#native.exec("BEGIN IMMEDIATE");
			for (; done < calls.length; done++) this.#run(calls[done] as Call);
			this.#native.exec("COMMIT");
		} catch (error) {
			this.#undo();
			throw isBusy(error) ? error : statementFailed(error, done);
		} finally {
			this.#native.exec("PRAGMA foreign_keys = ON");
		}
	}

	#undo(): void {
		this.#rollbackIsDue = true;
		try {
			this.#rollback();
		} catch {
			// It stays due: nothing runs before it has succeeded. The first failure says more.
		}
	}

	/** Some failures have ended the transaction already. */
	#rollback(): void {
		if (this.#native.inTransaction) this.#native.exec("ROLLBACK");
		this.#rollbackIsDue = false;
	}

	async #wait<T>(call: () => T): Promise<T> {
		try {
			return await this.#queue.wait(call);
		} catch (error) {
			throw toDatabaseError(error);
		}
	}

	/** The write-ahead log goes into the file: it can then be copied as it is. */
	#closeNow(): void {
		this.#prepared.clear();
		try {
			this.#native.exec("PRAGMA wal_checkpoint(TRUNCATE)");
		} catch {
			// Another process reads or writes: the log stays, and whoever closes last takes it in.
		}
		this.#native.close();
	}
}

function prepareLater(sql: string): PreparedStatement {
	return new PreparedStatement(sql);
}

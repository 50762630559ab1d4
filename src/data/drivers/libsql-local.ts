import { BoundedCache } from "../../kernel/bounded-cache.ts";
import type { Maybe } from "../../kernel/maybe.ts";
import { isBusy, statementFailed, toDatabaseError } from "../classify-database-error.ts";
import type { Database, DatabaseCapabilities, SqlRow, SqlValue, Statement } from "../database.ts";
import { databaseErrors } from "../database-error.ts";
import { type BusyOptions, BusyQueue } from "./busy-queue.ts";
import { ReadSnapshot } from "./read-snapshot.ts";
import { type EndOfTurn, type GroupOutcome, type GroupRunner, WriteGroup } from "./write-group.ts";
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
	/** Lets what comes in one turn of the event loop share transactions; default: nothing does. */
	readonly endOfTurn?: EndOfTurn;
}

const PREPARED_STATEMENTS = 500;

const CAPABILITIES: DatabaseCapabilities = Object.freeze({
	maxParameters: 32_766,
	maxValueBytes: 500_000_000,
	integerBits: 64,
	maxExpressionDepth: 1_000,
	synchronous: true,
	ownsSchema: true,
});

type Rows = readonly SqlRow[];

interface Call {
	readonly prepared: PreparedStatement;
	readonly values: readonly SqlValue[];
	readonly wanted: RowsWanted;
}

/** What writes: one statement, or several. */
interface Write<T = unknown> {
	readonly calls: readonly Call[];
	/** A migration never shares its transaction. */
	readonly kind: "statement" | "batch" | "migration";
	/** Runs it by itself. */
	readonly run: () => T;
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
	readonly #group: WriteGroup<Write> | undefined;
	readonly #snapshot: ReadSnapshot | undefined;
	readonly #runner: GroupRunner<Write> = {
		together: (writes) =>
			this.#transaction("BEGIN IMMEDIATE", () => writes.map((write) => this.#runMember(write))),
		alone: ({ run }) => (this.#queue.isWaiting ? this.#wait(run) : this.#orWait(run)),
	};
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
		const { endOfTurn } = options;
		if (endOfTurn === undefined) return;
		this.#group = new WriteGroup(this.#runner, endOfTurn);
		const stuck = () => void (this.#rollbackIsDue = true);
		this.#snapshot = new ReadSnapshot({ exec: (sql) => native.exec(sql), stuck }, endOfTurn);
	}

	all(statement: Statement): Maybe<Rows> {
		this.#refuseIfClosed();
		const call = this.#bind(statement);
		if (call.prepared.reads) return this.#orWait(() => this.#read(call));
		return this.#write({ calls: [call], kind: "statement", run: () => this.#run(call) });
	}

	batch(statements: readonly Statement[]): Maybe<readonly Rows[]> {
		this.#refuseIfClosed();
		const calls = statements.map((statement) => this.#bind(statement));
		if (calls.every(({ prepared }) => prepared.reads)) {
			return this.#orWait(() => this.#runBatch(calls, "BEGIN"));
		}
		const run = () => this.#runBatch(calls, "BEGIN IMMEDIATE");
		return this.#write({ calls, kind: "batch", run });
	}

	migrate(statements: readonly Statement[]): Maybe<void> {
		this.#refuseIfClosed();
		const calls = statements.map((statement) => this.#bind(statement));
		return this.#write({ calls, kind: "migration", run: () => this.#migrateNow(calls) });
	}

	close(): Maybe<void> {
		if (this.#closed) return this.#closing;
		this.#closed = true;
		this.#group?.flush();
		this.#snapshot?.end();
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

	/** Runs a write: at once, at the end of the turn with others, or when the lock is free. */
	#write<T>(write: Write<T>): Maybe<T> {
		const group = this.#group;
		if (this.#queue.isWaiting) return this.#wait(write.run);
		if (group === undefined) return this.#orWait(write.run);
		const joins = canJoin(write);
		if (joins && group.isOpen) return group.join(write);
		group.flush();
		if (joins) group.open();
		return this.#orWait(write.run);
	}

	/** Makes the call; when another process holds the lock, as soon as it is free. */
	#orWait<T>(call: () => T): Maybe<T> {
		try {
			return call();
		} catch (error) {
			if (!isBusy(error)) throw toDatabaseError(error);
			return this.#wait(call);
		}
	}

	#read(call: Call): Rows {
		if (this.#rollbackIsDue) this.#rollback();
		this.#snapshot?.read();
		return this.#run(call);
	}

	#run({ prepared, values, wanted }: Call): Rows {
		if (!prepared.reads) this.#snapshot?.end();
		if (this.#rollbackIsDue) this.#rollback();
		return prepared.run(this.#native, values, wanted);
	}

	#runBatch(calls: readonly Call[], begin: string): readonly Rows[] {
		const only = calls[0];
		if (only === undefined) return [];
		if (calls.length === 1) return [this.#run(only)];
		return this.#transaction(begin, () => calls.map((call) => this.#run(call)));
	}

	/** A failed statement has changed nothing, unless it has ended the whole transaction. */
	#runMember({ calls, kind }: Write): GroupOutcome {
		try {
			const results = calls.map((call) => this.#run(call));
			return { result: kind === "statement" ? results[0] : results };
		} catch (error) {
			if (calls.length > 1 || isBusy(error) || !this.#native.inTransaction) throw error;
			return { error: toDatabaseError(error) };
		}
	}

	#transaction<T>(begin: string, work: () => T): T {
		this.#snapshot?.end();
		if (this.#rollbackIsDue) this.#rollback();
		this.#native.exec(begin);
		try {
			const results = work();
			this.#native.exec("COMMIT");
			return results;
		} catch (error) {
			this.#undo();
			throw error;
		}
	}

	/** Inside of a transaction nobody can turn foreign keys off. */
	#migrateNow(calls: readonly Call[]): void {
		this.#snapshot?.end();
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

/** Whether a write means the same within a transaction of others. */
function canJoin({ kind, calls }: Write): boolean {
	const changesRows = calls.every(({ prepared }) => prepared.reads || prepared.changesRows);
	return changesRows && kind !== "migration";
}

function prepareLater(sql: string): PreparedStatement {
	return new PreparedStatement(sql);
}

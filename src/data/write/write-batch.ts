import type { SQL } from "drizzle-orm";
import type { SQLiteSyncDialect } from "drizzle-orm/sqlite-core";
import type { SqlParameter, Statement } from "../database.ts";
import { dataErrors } from "../errors.ts";
import { isExpression } from "../schema/is-expression.ts";

/** A Drizzle query builder, not awaited: `app.db.insert(audit).values(…)`. */
export interface StatementBuilder {
	toSQL(): { readonly sql: string; readonly params: readonly unknown[] };
}

/** A statement that may be queued: a Drizzle builder, a Drizzle `sql`, or plain SQL with values. */
export type BatchStatement =
	| StatementBuilder
	| SQL
	| { readonly sql: string; readonly params?: readonly SqlParameter[] };

/**
 * The statements of one write. Listeners of its commit event append their own: they are stored in
 * the same atomic round trip as the write, or not at all. They run in the order in which they were
 * added, and cannot be read from before the write is stored.
 *
 * @example
 * ```ts
 * app.emgr.onEvent(
 *   DatabaseEvents.MutatorInsertCommit,
 *   ({ params: { batch, rows } }) => {
 *     batch.add(app.db.insert(audit).values(rows.map((row) => ({ postId: row.rowId }))));
 *   },
 *   { mode: "sync", entity: posts },
 * );
 * ```
 */
export class WriteBatch {
	readonly #dialect: SQLiteSyncDialect;
	readonly #before: Statement[] = [];
	readonly #after: Statement[] = [];
	#open = true;

	/** @param dialect Compiles Drizzle's `sql`. */
	constructor(dialect: SQLiteSyncDialect) {
		this.#dialect = dialect;
	}

	/** Copies of events leave it out: what it holds may be secret. */
	toJSON(): undefined {
		return undefined;
	}

	/** Appends a statement that runs after the write itself. @throws `bad_statement`, `batch_closed`. */
	add(statement: BatchStatement): this {
		this.#after.push(this.#compile(statement));
		return this;
	}

	/** Appends a statement that runs before the write itself. @throws `bad_statement`, `batch_closed`. */
	before(statement: BatchStatement): this {
		this.#before.push(this.#compile(statement));
		return this;
	}

	/** Ends the collecting, and tells what was added. */
	close(): { readonly before: readonly Statement[]; readonly after: readonly Statement[] } {
		this.#open = false;
		return { before: this.#before, after: this.#after };
	}

	#compile(statement: BatchStatement): Statement {
		if (!this.#open) throw dataErrors.create("batch_closed", {});
		if (typeof statement !== "object" || statement === null) throw noStatement();
		if (isExpression(statement)) return this.#statement(this.#dialect.sqlToQuery(statement));
		if ("toSQL" in statement && typeof statement.toSQL === "function") {
			return this.#statement(statement.toSQL());
		}
		if ("sql" in statement && typeof statement.sql === "string") {
			return this.#statement({ sql: statement.sql, params: statement.params ?? [] });
		}
		throw noStatement();
	}

	#statement(query: { readonly sql: string; readonly params: readonly unknown[] }): Statement {
		if (query.sql.trim() === "") {
			throw dataErrors.create("bad_statement", { reason: "it is empty" });
		}
		if (!Array.isArray(query.params)) {
			throw dataErrors.create("bad_statement", { reason: "its params are no array" });
		}
		return { sql: query.sql, params: query.params as readonly SqlParameter[] };
	}
}

function noStatement(): Error {
	return dataErrors.create("bad_statement", { reason: "it is no SQL and no Drizzle builder" });
}

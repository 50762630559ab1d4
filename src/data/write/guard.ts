import { sql, type SQL } from "drizzle-orm";
import type { Statement } from "../database.ts";

/** The table whose CHECK fails on purpose, so that a whole batch rolls back; it never holds a row. */
export const GUARD_TABLE = "burdock_guard";
/** The name of that CHECK: every engine names it in its error. */
export const GUARD_CHECK = "burdock_guard_ok";

/** Creates the guard's table. */
export const createGuard: Statement = {
	sql: `create table if not exists ${GUARD_TABLE} (ok integer not null constraint ${GUARD_CHECK} check (ok = 1))`,
	params: [],
};

/** Rolls the batch back unless the statement before it changed exactly this many rows. */
export function changedExactly(rows: number): Statement {
	return { sql: refuseWhen("changes() <> ?"), params: [rows] };
}

/** Rolls the batch back if the statement before it changed more rows than this. */
export function changedAtMost(rows: number): Statement {
	return { sql: refuseWhen("changes() > ?"), params: [rows] };
}

/** The SQL of a statement that rolls the batch back when a condition holds. */
export function refuseWhen(condition: string): string {
	return `insert into ${GUARD_TABLE} (ok) select 0 where ${condition}`;
}

/** Rolls the batch back when a condition of Drizzle's holds. */
export function refuseBatch(condition: SQL): SQL {
	return sql`${sql.raw(refuseWhen(""))}${condition}`;
}

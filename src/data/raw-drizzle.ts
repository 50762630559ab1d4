import { drizzle, type SqliteRemoteDatabase } from "drizzle-orm/sqlite-proxy";
import type { Casing } from "./schema/casing.ts";
import type { Database, SqlParameter, SqlRow } from "./database.ts";
import { dataErrors } from "./errors.ts";

/** Drizzle on the app's own connection: for your own queries, which emit no events. */
export type RawDrizzle<S extends Record<string, unknown> = Record<string, unknown>> =
	SqliteRemoteDatabase<S>;

/**
 * Puts Drizzle on a database port, so that `app.db` is the same on every engine: asynchronous, with
 * `batch()`. Its `transaction` throws: on a shared connection it would swallow other writes.
 */
export function rawDrizzle<S extends Record<string, unknown>>(
	database: Database,
	schema: S,
	casing?: Casing,
): RawDrizzle<S> {
	const db = drizzle(
		async (sql, params, method) => {
			const rows = await database.all({ sql, params: params as readonly SqlParameter[] });
			return { rows: shapeFor(method, rows) };
		},
		async (queries) => {
			const results = await database.batch(
				queries.map(({ sql, params }) => ({ sql, params: params as readonly SqlParameter[] })),
			);
			return queries.map(({ method }, index) => ({
				rows: shapeFor(method, results[index] ?? []),
			}));
		},
		{ schema, ...(casing === undefined ? {} : { casing }) },
	);
	return Object.assign(db, {
		transaction: () => Promise.reject(dataErrors.create("raw_transaction", {})),
	});
}

/** A `get` wants the values of its one row; undefined is how it is told that there is none. */
function shapeFor(method: string, rows: readonly SqlRow[]): unknown[] {
	return (method === "get" ? rows[0] : rows) as unknown[];
}

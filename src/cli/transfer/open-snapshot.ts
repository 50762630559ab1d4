import { createRequire } from "node:module";
import type { Database } from "../../data/database.ts";
import { LibsqlLocal, type NativeDatabase } from "../../data/drivers/libsql-local.ts";

/** A database to read from. */
export interface Snapshot {
	readonly database: Database;
	/** Whether it stays as it was when it was opened, whatever others write meanwhile. */
	readonly consistent: boolean;
	close(): void;
}

/** Another process that is just opening the same file is waited for, in milliseconds. */
const OPENING_MS = 5_000;

/**
 * The database as it is now. Of a file a second connection is opened that stays inside of one read
 * transaction: in WAL mode it neither sees what others write from then on, nor keeps them waiting.
 * Any other database is read as it is.
 */
export function openSnapshot(database: Database): Snapshot {
	const { engine, location } = database;
	if (engine !== "embedded libSQL" || location === ":memory:") {
		return { database, consistent: false, close: () => undefined };
	}
	const Libsql = createRequire(import.meta.url)("libsql") as new (path: string) => NativeDatabase;
	const native = new Libsql(location);
	try {
		native.exec(`PRAGMA busy_timeout = ${OPENING_MS}`);
		native.exec("BEGIN");
		native.exec("SELECT count(*) FROM sqlite_master");
	} catch (error) {
		native.close();
		throw error;
	}
	const snapshot = new LibsqlLocal(native, { location });
	return { database: snapshot, consistent: true, close: () => native.close() };
}

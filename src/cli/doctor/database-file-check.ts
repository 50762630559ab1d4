import { closeSync, openSync, readSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { isBusy } from "../../data/classify-database-error.ts";
import { databaseFile } from "../database-file.ts";
import { shownPath } from "../source-position.ts";
import { fault, ok, warning, type Check, type ConfigFacts, type Finding } from "./check.ts";

const MAGIC = "SQLite format 3\0";
/** Where the header of a file says how it is written: 2 is a write-ahead log. */
const JOURNAL_AT = 18;
const WAL = 2;
const LARGE_WAL = 64 * 1024 * 1024;
/** Milliseconds that another program may hold the lock. */
const LOCK_MS = 1_000;

/** The database's file, looked at without opening it, and whether it can be locked. */
export const databaseFileCheck: Check<ConfigFacts> = {
	name: "Database file",
	run({ config }) {
		const file = databaseFile(config.connection);
		if (file === undefined) return [];
		const stats = statSync(file, { throwIfNoEntry: false });
		const shown = shownPath(file);
		if (stats === undefined) return [ok(`${shown} is not there yet: burdock start makes it`)];
		if (!stats.isFile()) {
			return [fault(`${shown} is no file.`, "Check connection.url in the config.")];
		}
		if (stats.size === 0) return [ok(`${shown} is empty: burdock start fills it`)];
		const header = headerOf(file);
		if (!header.toString("latin1").startsWith(MAGIC)) {
			const message = `${shown} is not a SQLite database.`;
			return [fault(message, "connection.url names a file of another program, or it is damaged.")];
		}
		const findings = [...journalFindings(file, header), ...lockFindings(file)];
		return findings.length > 0 ? findings : [ok(`${shown}, ${sizeOf(stats.size)}`)];
	},
};

function headerOf(file: string): Buffer {
	const header = Buffer.alloc(100);
	const descriptor = openSync(file, "r");
	try {
		readSync(descriptor, header, 0, header.length, 0);
		return header;
	} finally {
		closeSync(descriptor);
	}
}

function journalFindings(file: string, header: Buffer): readonly Finding[] {
	if (header[JOURNAL_AT] !== WAL) {
		const message = `${shownPath(file)} has no write-ahead log: readers and writers wait for each other.`;
		return [warning(message, "burdock start turns it on; another program has turned it off.")];
	}
	const { size = 0 } = statSync(`${file}-wal`, { throwIfNoEntry: false }) ?? {};
	if (size < LARGE_WAL) return [];
	return [
		warning(
			`The write-ahead log has ${sizeOf(size)}: somebody reads for so long that it is never taken in.`,
			"Stop all programs that have the database open, and start them again.",
		),
	];
}

interface Native {
	exec(sql: string): unknown;
	close(): unknown;
}

function lockFindings(file: string): readonly Finding[] {
	const Libsql = createRequire(import.meta.url)("libsql") as new (path: string) => Native;
	const native = new Libsql(file);
	try {
		native.exec(`PRAGMA busy_timeout = ${LOCK_MS}`);
		native.exec("BEGIN IMMEDIATE");
		native.exec("ROLLBACK");
		return [];
	} catch (error) {
		// Anything else shows when it is opened.
		if (!isBusy(error)) return [];
		const message = `Another program has kept ${shownPath(file)} locked for more than a second.`;
		return [fault(message, `lsof ${shownPath(file)} tells which one: end it.`)];
	} finally {
		native.close();
	}
}

function sizeOf(bytes: number): string {
	const [unit, divisor] = bytes < 1e6 ? ["kB", 1e3] : bytes < 1e9 ? ["MB", 1e6] : ["GB", 1e9];
	return `${Math.max(1, Math.round(bytes / divisor))} ${unit}`;
}

import { mkdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { setImmediate } from "node:timers";
import { fileURLToPath } from "node:url";
import { toDatabaseError } from "../../data/classify-database-error.ts";
import type { Database } from "../../data/database.ts";
import type { BusyOptions } from "../../data/drivers/busy-queue.ts";
import { LibsqlLocal, type NativeDatabase } from "../../data/drivers/libsql-local.ts";
import { LibsqlRemote } from "../../data/drivers/libsql-remote.ts";
import { openDatabaseErrors } from "./open-database-errors.ts";

/** Where a database is. */
export interface DatabaseConnection {
	/**
	 * `file:data.db` (relative to the working directory), `file:///srv/data.db` or `:memory:` for the
	 * embedded engine; `libsql:`, `https:`, `http:`, `wss:` or `ws:` for a libSQL server.
	 */
	readonly url: string;
	/** The token of a libSQL server. */
	readonly authToken?: string;
}

/** How the embedded engine behaves; a server has no use for it. */
export interface OpenDatabaseOptions extends BusyOptions {
	/** Statements that stay prepared; default 500. */
	readonly preparedStatements?: number;
	/**
	 * Whether what comes within one turn of the event loop shares transactions, as a server wants it:
	 * under load the writes of a turn are one commit, which halves the CPU time of an insert over
	 * HTTP, and its reads take one lock. Only the first write of a turn is then answered without a
	 * promise, and the reads of a turn do not see what another connection writes meanwhile.
	 */
	readonly shareTurns?: boolean;
}

const REMOTE: ReadonlySet<string> = new Set(["libsql:", "https:", "http:", "wss:", "ws:"]);
/** So long SQLite itself blocks the event loop at a lock, before the driver waits without blocking. */
const BLOCKING_MS = 5;
/** Opening is synchronous: another process that is just opening the same file is waited for. */
const OPENING_MS = 5_000;

const REASONS: Readonly<Record<string, string>> = {
	EACCES: "its directory may not be written to",
	EPERM: "its directory may not be written to",
	ENOENT: "its directory cannot be made",
	EROFS: "its file system is read-only",
	ENOTDIR: "a part of its path is a file",
	EEXIST: "a part of its path is a file",
	ENOSPC: "the disk is full",
	not_a_database: "the file is not a SQLite database",
	database_corrupt: "the file is damaged",
	database_read_only: "the file or its directory may not be written to",
	database_full: "the disk is full",
	database_unavailable:
		"it may not be written to, is a directory, or another program keeps it locked",
};

/**
 * Opens a database, the file and its directory made when there are none. Only the package that the
 * URL needs is loaded: `libsql` for the embedded engine, `@libsql/client` for a server, which is
 * not asked anything yet.
 *
 * @throws DatabaseError `database_url_invalid`, `database_package_missing`, `database_not_opened`.
 *
 * @example
 * ```ts
 * const database = openDatabase({ url: "file:.burdock/data.db" });
 * ```
 */
export function openDatabase(
	connection: DatabaseConnection,
	options: OpenDatabaseOptions = {},
): Database {
	const { url } = connection;
	if (url === ":memory:") return openLocal(url, url, options);
	const scheme = /^[a-z]+:/i.exec(url)?.[0].toLowerCase();
	if (scheme === "file:") {
		const path = toPath(url);
		return openLocal(path, path, options);
	}
	if (scheme !== undefined && REMOTE.has(scheme)) return openRemote(connection);
	throw invalidUrl(
		"a file's begins with file:, a server's with libsql:, https:, http:, wss: or ws:, and :memory: is one in memory",
	);
}

function openLocal(path: string, location: string, options: OpenDatabaseOptions): Database {
	const Libsql = load("libsql") as new (path: string) => NativeDatabase;
	try {
		if (path !== ":memory:") makeDirectory(dirname(path));
		const native = configure(new Libsql(path));
		const { shareTurns, ...rest } = options;
		return new LibsqlLocal(native, {
			...rest,
			location,
			...(shareTurns === true ? { endOfTurn: (callback) => void setImmediate(callback) } : {}),
		});
	} catch (error) {
		throw notOpened(location, error);
	}
}

/** Not `recursive: true`, which never returns where even an existing parent takes no directory. */
function makeDirectory(path: string): void {
	if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
	const parent = dirname(path);
	if (parent !== path) makeDirectory(parent);
	try {
		mkdirSync(path);
	} catch (error) {
		if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
	}
}

/** The file is not mapped into memory: one that loses its end meanwhile would end the process (SIGBUS). */
function configure(native: NativeDatabase): NativeDatabase {
	try {
		native.exec(`PRAGMA busy_timeout = ${OPENING_MS}`);
		native.exec("PRAGMA schema_version");
		native.exec("PRAGMA journal_mode = WAL");
		native.exec("PRAGMA synchronous = NORMAL");
		native.exec("PRAGMA foreign_keys = ON");
		native.exec(`PRAGMA busy_timeout = ${BLOCKING_MS}`);
		return native;
	} catch (error) {
		native.close();
		throw error;
	}
}

function openRemote({ url, authToken }: DatabaseConnection): Database {
	const location = URL.canParse(url) ? new URL(url).host : "";
	if (location === "") throw invalidUrl("it names no host");
	const { createClient } = load("@libsql/client") as typeof import("@libsql/client");
	try {
		const client = createClient({
			url,
			...(authToken === undefined ? {} : { authToken }),
			intMode: "bigint",
		});
		return new LibsqlRemote(client, { location });
	} catch (error) {
		throw notOpened(location, error);
	}
}

function load(name: string): unknown {
	try {
		return createRequire(import.meta.url)(name);
	} catch (cause) {
		throw openDatabaseErrors.create("database_package_missing", { package: name }, { cause });
	}
}

function toPath(url: string): string {
	if (/[?#]/.test(url)) throw invalidUrl("a file: URL has no ? or #");
	try {
		if (url.startsWith("file:/")) return fileURLToPath(url);
		const path = decodeURIComponent(url.slice("file:".length));
		if (path === "" || path.includes("\0")) throw invalidUrl("it names no file");
		return path === ":memory:" ? "./:memory:" : path;
	} catch {
		throw invalidUrl("it names no file of this machine");
	}
}

function invalidUrl(reason: string): Error {
	return openDatabaseErrors.create("database_url_invalid", { reason });
}

function notOpened(location: string, error: unknown): Error {
	const cause = toDatabaseError(error);
	const said = error instanceof Error && "code" in error ? String(error.code) : "";
	const reason = REASONS[said] ?? REASONS[cause.code] ?? "the engine refuses it";
	return openDatabaseErrors.create(
		"database_not_opened",
		{ location, reason },
		{ cause, retryable: false },
	);
}

import { DatabaseError, type DatabaseErrorOptions, databaseErrors } from "./database-error.ts";

type Facts = Omit<DatabaseErrorOptions, "code">;
type Code = keyof typeof databaseErrors.definitions;
/** The codes whose message has no placeholder: all that an engine's error can become. */
type EngineCode = Exclude<Code, "bad_parameter" | "statement_refused" | "statement_failed">;

/** SQLite's result codes that matter, by the name that every driver gives somewhere. */
const BY_SQLITE_CODE: readonly (readonly [prefix: string, code: EngineCode])[] = [
	["SQLITE_CONSTRAINT_UNIQUE", "unique"],
	["SQLITE_CONSTRAINT_PRIMARYKEY", "unique"],
	["SQLITE_CONSTRAINT_ROWID", "unique"],
	["SQLITE_CONSTRAINT_FOREIGNKEY", "foreign_key"],
	["SQLITE_CONSTRAINT_NOTNULL", "not_null"],
	["SQLITE_CONSTRAINT_CHECK", "check"],
	["SQLITE_CONSTRAINT_TRIGGER", "trigger"],
	["SQLITE_CONSTRAINT_DATATYPE", "type_mismatch"],
	["SQLITE_MISMATCH", "type_mismatch"],
	["SQLITE_TOOBIG", "value_too_large"],
	["SQLITE_BUSY", "database_unavailable"],
	["SQLITE_LOCKED", "database_unavailable"],
	["SQLITE_CANTOPEN", "database_unavailable"],
	["SQLITE_IOERR", "database_unavailable"],
	["SQLITE_PROTOCOL", "database_unavailable"],
	["SQLITE_INTERRUPT", "database_unavailable"],
	["SQLITE_NOMEM", "database_unavailable"],
	["SQLITE_PERM", "database_read_only"],
	["SQLITE_READONLY", "database_read_only"],
	["SQLITE_FULL", "database_full"],
	["SQLITE_CORRUPT", "database_corrupt"],
	["SQLITE_NOTADB", "not_a_database"],
];

/** SQLite's primary result codes: `libsql` has no names for some of the extended ones. */
const BY_PRIMARY_CODE: ReadonlyMap<number, string> = new Map([
	[5, "SQLITE_BUSY"],
	[6, "SQLITE_LOCKED"],
	[8, "SQLITE_READONLY"],
	[10, "SQLITE_IOERR"],
	[11, "SQLITE_CORRUPT"],
	[13, "SQLITE_FULL"],
	[14, "SQLITE_CANTOPEN"],
	[26, "SQLITE_NOTADB"],
]);

/** Codes of @libsql/client that mean: closed, or the server did not answer. */
const UNREACHABLE: ReadonlySet<string> = new Set([
	"CLIENT_CLOSED",
	"TRANSACTION_CLOSED",
	"HRANA_WEBSOCKET_ERROR",
	"HRANA_CLOSED_ERROR",
	"HRANA_PROTO_ERROR",
	"SERVER_ERROR",
	"BLOCKED",
	"UNAVAILABLE",
	"UNAUTHORIZED",
	"AUTH_JWT_INVALID",
]);

/** What native connections, `fetch` and D1 say, without any code, when nobody answered. */
const UNREACHABLE_MESSAGES: readonly RegExp[] = [
	/^ConnectionFailed/,
	/connection is (?:not open|closed)|^Client is closed/i,
	/^fetch failed|ECONNREFUSED|ECONNRESET|ENOTFOUND|^Network connection lost/,
	/timed out|timeout|overloaded|temporarily unavailable|transient issue/i,
	/to be reset|was reset|reset because/,
];

/** A person has to act before another attempt can succeed. */
const PERMANENT: ReadonlySet<string> = new Set<EngineCode>([
	"database_corrupt",
	"not_a_database",
	"database_read_only",
	"not_migrated",
]);

/** The bounds of SQLite's parser on how statements nest. */
const TOO_COMPLEX = /^(?:parser stack overflow|Expression tree is too large)/i;

/** Its bounds on how large they are. D1 has lower ones than others. */
const TOO_LARGE =
	/^(?:statement too long|too many SQL variables|too many columns in result set|too many terms in compound SELECT|at most \d+ tables in a join|too many arguments on function)/i;

/** A table of our own that migrations have not made yet. */
const NOT_MIGRATED = /^no such table: (?:\w+\.)?burdock_/i;

/** What the drivers wrap SQLite's own words in: a prefix per layer, a suffix by D1. */
const PREFIX =
	/^(?:D1_ERROR: |D1_EXEC_ERROR: |UNKNOWN: |SQLITE_[A-Z_]+: |SQLite error: |SqliteError: |Error: )+/;
const SUFFIX = /(?: at offset \d+)?(?:: SQLITE_[A-Z_]+)?(?: \(extended: SQLITE_[A-Z_]+\))?$/;

/** The words of an engine's error and the SQLite codes that came with it, most exact first. */
interface Spoken {
	readonly message: string;
	readonly codes: readonly string[];
}

/**
 * Makes a {@link DatabaseError} of whatever a driver threw: `libsql`, `@libsql/client` (local,
 * HTTP and WebSocket) and D1 wrap the same SQLite errors in different words, codes and classes.
 * What is a `DatabaseError` already is returned as it is.
 */
export function toDatabaseError(error: unknown): DatabaseError {
	if (error instanceof DatabaseError) return error;
	const spoken = listen(error);
	const constraint = readConstraint(spoken.message);
	if (constraint !== undefined) return make(constraint.code, { ...constraint.facts, cause: error });
	const code = codeOf(error, spoken);
	return make(code, PERMANENT.has(code) ? { cause: error, retryable: false } : { cause: error });
}

/** The failure of one statement of a migration. */
export function statementFailed(error: unknown, statement: number): DatabaseError {
	const facts = { cause: toDatabaseError(error), details: { statement } };
	return databaseErrors.create("statement_failed", { number: statement + 1 }, facts);
}

/** Whether a failure only means that another connection holds the lock. */
export function isBusy(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	if ("rawCode" in error && typeof error.rawCode === "number") {
		const base = error.rawCode & 0xff;
		return base === 5 || base === 6;
	}
	return (
		"code" in error && typeof error.code === "string" && /^SQLITE_(?:BUSY|LOCKED)/.test(error.code)
	);
}

function make(code: EngineCode, facts: Facts): DatabaseError {
	return databaseErrors.create(code, {}, facts);
}

function listen(error: unknown): Spoken {
	if (!(error instanceof Error)) return { message: "", codes: [] };
	const codes: string[] = [];
	for (const key of ["extendedCode", "code"] as const) {
		const value: unknown = (error as Error & Partial<Record<typeof key, unknown>>)[key];
		if (typeof value === "string") codes.push(nameOf(value));
	}
	const suffix = SUFFIX.exec(error.message)?.[0] ?? "";
	codes.push(...(suffix.match(/SQLITE_[A-Z_]+/g) ?? []).reverse());
	const message = error.message.replace(PREFIX, "");
	return { message: message.replace(SUFFIX, ""), codes };
}

/** The name of a code that `libsql` gives as a number: of its lowest byte, the primary code. */
function nameOf(code: string): string {
	const number = /^UNKNOWN_SQLITE_ERROR_(\d+)$/.exec(code)?.[1];
	if (number === undefined) return code;
	return BY_PRIMARY_CODE.get(Number(number) & 0xff) ?? code;
}

/** SQLite names the constraint only in its message, which is the same sentence in every driver. */
function readConstraint(message: string): { code: EngineCode; facts: Facts } | undefined {
	const said = /^(UNIQUE|NOT NULL|CHECK|FOREIGN KEY) constraint failed(?:: ([^]*))?$/.exec(message);
	if (said === null) return undefined;
	const subject = said[2] ?? "";
	switch (said[1]) {
		case "UNIQUE":
			return { code: "unique", facts: readColumns(subject) };
		case "NOT NULL":
			return { code: "not_null", facts: readColumns(subject) };
		case "CHECK":
			return { code: "check", facts: { constraint: subject } };
		default:
			return { code: "foreign_key", facts: {} };
	}
}

/** `posts.slug, posts.lang` or, for an index on expressions, `index 'posts_lower_slug'`. */
function readColumns(subject: string): Facts {
	const index = /^index '([^]*)'$/.exec(subject);
	if (index !== null) return { constraint: index[1] ?? "" };
	const pairs = subject.split(", ").map((pair) => {
		const dot = pair.indexOf(".");
		return [pair.slice(0, dot), pair.slice(dot + 1)] as const;
	});
	return { table: pairs[0]?.[0] ?? "", columns: pairs.map(([, column]) => column) };
}

function codeOf(error: unknown, spoken: Spoken): EngineCode {
	// Of a text that is too long the code says the same as of a value.
	if (TOO_LARGE.test(spoken.message)) return "query_too_large";
	if (NOT_MIGRATED.test(spoken.message)) return "not_migrated";
	for (const said of spoken.codes) {
		const known = BY_SQLITE_CODE.find(([prefix]) => said.startsWith(prefix));
		if (known !== undefined) return known[1];
	}
	if (spoken.message.startsWith("LIKE or GLOB pattern too complex")) return "pattern_too_long";
	if (TOO_COMPLEX.test(spoken.message)) return "query_too_complex";
	if (spoken.codes.some((code) => code.startsWith("SQLITE_"))) return "database_failed";
	if (spoken.message.startsWith("Exceeded maximum DB size")) return "database_full";
	return isUnreachable(error, spoken) ? "database_unavailable" : "database_failed";
}

function isUnreachable(error: unknown, { message, codes }: Spoken): boolean {
	if (codes.some((code) => UNREACHABLE.has(code))) return true;
	if (error === null || typeof error !== "object") return false;
	if ("retryable" in error && error.retryable === true) return true;
	if ("overloaded" in error && error.overloaded === true) return true;
	return UNREACHABLE_MESSAGES.some((pattern) => pattern.test(message));
}

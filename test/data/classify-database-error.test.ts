import { describe, expect, test } from "vitest";
import { isBusy, toDatabaseError } from "../../src/data/classify-database-error.ts";
import { databaseErrors } from "../../src/data/database-error.ts";

/** An error as a driver throws it: with whatever fields that driver adds. */
function thrown(message: string, fields: object = {}): Error {
	return Object.assign(new Error(message), fields);
}

/** The same failure in the words of each driver, as they were heard from it. */
function inAllWords(sentence: string, code: string, extendedCode: string): readonly Error[] {
	return [
		thrown(sentence, { code: extendedCode }),
		thrown(`${code}: ${sentence}`, { code, extendedCode }),
		thrown(`${code}: SQLite error: ${sentence}`, { code }),
		thrown(`D1_ERROR: ${sentence}: ${code} (extended: ${extendedCode})`),
		thrown(`D1_ERROR: ${sentence}: ${code}`),
		thrown(`D1_ERROR: ${sentence}`),
	];
}

const CONSTRAINT = "SQLITE_CONSTRAINT";

describe("toDatabaseError", () => {
	test.each([
		["UNIQUE constraint failed: posts.slug, posts.lang", "UNIQUE", "unique", "conflict"],
		["NOT NULL constraint failed: posts.title", "NOTNULL", "not_null", "invalid"],
		["CHECK constraint failed: burdock_one_row", "CHECK", "check", "invalid"],
		["FOREIGN KEY constraint failed", "FOREIGNKEY", "foreign_key", "conflict"],
	])("knows %j in the words of every driver", (sentence, suffix, code, kind) => {
		const words = inAllWords(sentence, CONSTRAINT, `${CONSTRAINT}_${suffix}`);
		for (const error of words.map(toDatabaseError)) expect(error).toMatchObject({ code, kind });
	});

	test.each(["parser stack overflow", "Expression tree is too large (maximum depth 1000)"])(
		"knows a query that is too complex for the engine: %s",
		(sentence) => {
			for (const error of inAllWords(sentence, "SQLITE_ERROR", "SQLITE_ERROR")) {
				const expected = { code: "query_too_complex", kind: "malformed" };
				expect(toDatabaseError(error)).toMatchObject(expected);
			}
		},
	);

	test("names the table and the columns", () => {
		const sentence = "UNIQUE constraint failed: order items.the order, order items.line";
		for (const error of inAllWords(sentence, CONSTRAINT, `${CONSTRAINT}_UNIQUE`)) {
			expect(toDatabaseError(error)).toMatchObject({
				table: "order items",
				columns: ["the order", "line"],
			});
		}
	});

	test("keeps the name or the text of a check exactly", () => {
		for (const constraint of ["burdock_one_row", "length(a) > 0\nand b <> ': x'"]) {
			const sentence = `CHECK constraint failed: ${constraint}`;
			for (const error of inAllWords(sentence, CONSTRAINT, `${CONSTRAINT}_CHECK`)) {
				expect(toDatabaseError(error).constraint).toBe(constraint);
			}
		}
	});

	test.each([
		["database is locked", "SQLITE_BUSY", "database_unavailable"],
		["database table is locked", "SQLITE_LOCKED_SHAREDCACHE", "database_unavailable"],
		["disk I/O error", "SQLITE_IOERR_WRITE", "database_unavailable"],
		["unable to open database file", "SQLITE_CANTOPEN_ISDIR", "database_unavailable"],
		["attempt to write a readonly database", "SQLITE_READONLY", "database_read_only"],
		["database or disk is full", "SQLITE_FULL", "database_full"],
		["database disk image is malformed", "SQLITE_CORRUPT", "database_corrupt"],
		["file is not a database", "SQLITE_NOTADB", "not_a_database"],
	])("%s is unavailable", (sentence, sqlite, code) => {
		for (const error of [
			thrown(sentence, { code: sqlite }),
			thrown(`${sqlite}: ${sentence}`, { code: sqlite }),
			thrown(`D1_ERROR: ${sentence}: ${sqlite}`),
		]) {
			expect(toDatabaseError(error)).toMatchObject({ kind: "unavailable", code });
		}
	});

	test.each([
		[1544, "attempt to write a readonly database", "database_read_only"],
		[4874, "disk I/O error", "database_unavailable"],
		[779, "database disk image is malformed", "database_corrupt"],
	])(
		"goes by the primary code where the driver has no name for the extended one: %d",
		(...said) => {
			const [rawCode, sentence, code] = said;
			const error = thrown(sentence, { code: `UNKNOWN_SQLITE_ERROR_${rawCode}`, rawCode });
			expect(toDatabaseError(error)).toMatchObject({ code });
		},
	);

	test.each([
		thrown("The database connection is not open"),
		thrown("CLIENT_CLOSED: The client is closed", { code: "CLIENT_CLOSED" }),
		thrown("UNKNOWN: Client is closed: ClientError", { code: "UNKNOWN" }),
		new TypeError("fetch failed"),
		thrown("SERVER_ERROR: Server returned HTTP status 503: down", { code: "SERVER_ERROR" }),
		thrown("HRANA_WEBSOCKET_ERROR: connect", { code: "HRANA_WEBSOCKET_ERROR" }),
		thrown("D1_ERROR: Network connection lost."),
		thrown("D1_ERROR: D1 DB is overloaded. Requests queued for too long."),
		thrown("D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset."),
		thrown("D1_ERROR: D1 DB exceeded its CPU time limit and was reset."),
		thrown("D1_ERROR: D1 DB reset because its code was updated."),
		thrown("D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node."),
		thrown('ConnectionFailed("Unable to open connection to local database /x: 14")'),
		thrown("anything", { remote: true, retryable: true }),
		thrown("anything", { overloaded: true }),
	])("%s is unavailable and worth another attempt", (error) => {
		expect(toDatabaseError(error)).toMatchObject({
			code: "database_unavailable",
			retryable: true,
			cause: error,
		});
	});

	test.each([
		thrown('near "UNIQUE constraint failed: a.b": syntax error', { code: "SQLITE_ERROR" }),
		thrown("D1_ERROR: no such table: SQLITE_BUSY: SQLITE_ERROR"),
		thrown("no such column: timeout", { code: "SQLITE_ERROR" }),
		thrown("D1_ERROR: no such column: timeout at offset 7: SQLITE_ERROR"),
		thrown("D1_TYPE_ERROR: Type 'bigint' not supported"),
		new RangeError("Received integer which cannot be safely represented"),
		"a text",
		undefined,
		null,
		{ code: "SQLITE_CONSTRAINT" },
	])("%s is internal", (error) => {
		expect(toDatabaseError(error)).toMatchObject({
			kind: "internal",
			code: "database_failed",
			cause: error,
		});
	});

	test.each([
		"statement too long: SQLITE_TOOBIG",
		"too many SQL variables at offset 421: SQLITE_ERROR",
		"too many columns in result set: SQLITE_ERROR",
		"too many terms in compound SELECT: SQLITE_ERROR",
		"at most 64 tables in a join: SQLITE_ERROR",
		"too many arguments on function json_array at offset 7: SQLITE_ERROR",
	])("%s is a query that is too large", (message) => {
		expect(toDatabaseError(thrown(`D1_ERROR: ${message}`))).toMatchObject({
			kind: "malformed",
			code: "query_too_large",
		});
	});

	test("a value or row that is too large is no query that is", () => {
		expect(
			toDatabaseError(thrown("D1_ERROR: string or blob too big: SQLITE_TOOBIG")),
		).toMatchObject({ kind: "too_large", code: "value_too_large" });
	});

	test.each([
		thrown("D1_ERROR: no such table: burdock_row_ids: SQLITE_ERROR"),
		thrown("D1_ERROR: no such table: main.burdock_guard at offset 12: SQLITE_ERROR"),
		thrown("no such table: burdock_meta", { code: "SQLITE_ERROR" }),
	])("%s says that migrations are missing", (error) => {
		expect(toDatabaseError(error)).toMatchObject({
			kind: "unavailable",
			code: "not_migrated",
			retryable: false,
			message: expect.stringContaining("burdock migrate generate") as string,
		});
	});

	test("knows a D1 database that has grown to its limit", () => {
		const error = toDatabaseError(thrown("D1_ERROR: Exceeded maximum DB size"));
		expect(error).toMatchObject({ kind: "unavailable", code: "database_full" });
	});

	test("leaves a DatabaseError as it is", () => {
		const error = databaseErrors.create("bad_parameter", { reason: "x" });
		expect(toDatabaseError(error)).toBe(error);
	});
});

describe("isBusy", () => {
	test("is about locks only", () => {
		expect(isBusy(thrown("database is locked", { rawCode: 5 }))).toBe(true);
		expect(isBusy(thrown("database is locked", { rawCode: 517 }))).toBe(true);
		expect(isBusy(thrown("database table is locked", { code: "SQLITE_LOCKED" }))).toBe(true);
		expect(isBusy(thrown("disk is full", { rawCode: 13 }))).toBe(false);
		expect(isBusy(thrown("database is locked"))).toBe(false);
		expect(isBusy(undefined)).toBe(false);
	});
});

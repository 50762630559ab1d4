import { databaseErrors } from "./database-error.ts";

/** What a driver must know of a statement before an engine sees it. */
export interface StatementShape {
	/** The statement without a semicolon at its end and comments behind that, which D1 refuses. */
	readonly sql: string;
	/** How many values it needs. */
	readonly placeholders: number;
	/** Whether it can only read: such a statement never waits for a writer. */
	readonly reads: boolean;
	/** Whether it inserts, updates or deletes rows, so that it means the same within a transaction. */
	readonly changesRows: boolean;
}

/** A batch is the only transaction: these would open or end one around other callers' work. */
const TRANSACTION: ReadonlySet<string> = new Set([
	"begin",
	"commit",
	"end",
	"rollback",
	"savepoint",
	"release",
]);
const READS: ReadonlySet<string> = new Set(["select", "values"]);
/** A statement with one of these words may write, wherever the word stands. */
const WRITES: ReadonlySet<string> = new Set(["insert", "update", "delete", "replace"]);

/** Names, keywords and numbers; strings and quoted names; comments; placeholders; the end. */
const TOKEN =
	/[\p{L}\p{N}_\u0080-\uffff][\p{L}\p{N}_$\u0080-\uffff]*|'[^']*'|"[^"]*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|\/\*[^]*?(?:\*\/|$)|\?(\d*)|([:@$])[\p{L}\p{N}_]|;/gu;

/**
 * Reads a statement's shape, without understanding SQL: engines disagree about what is not one
 * statement with `?` placeholders (the embedded one ignores a second statement and a missing value,
 * D1 runs both statements), so that is refused here.
 *
 * @throws DatabaseError `statement_refused`: several statements or none, named placeholders, a
 * transaction of its own, NUL.
 */
export function readStatement(sql: string): StatementShape {
	if (typeof sql !== "string" || sql.includes("\0")) throw refused("it is no text without NUL");
	const words: string[] = [];
	let placeholders = 0;
	let end: number | undefined;
	for (const token of sql.matchAll(TOKEN)) {
		const text = token[0];
		if (text.startsWith("--") || text.startsWith("/*")) continue;
		if (end !== undefined) throw refused("it is more than one");
		if (text === ";") end = isTrigger(words) ? undefined : token.index;
		else if (token[1] !== undefined) placeholders = nextPlaceholder(placeholders, token[1]);
		else if (token[2] !== undefined) throw refused("its placeholders have names");
		else words.push(text.toLowerCase());
	}
	const first = words[0];
	if (first === undefined) throw refused("it is empty");
	if (TRANSACTION.has(first)) throw refused("transactions are made by batches");
	const reads = readsOnly(first, words);
	const changesRows = WRITES.has(first) || (first === "with" && !reads);
	return { sql: sql.slice(0, end), placeholders, reads, changesRows };
}

/** Where a placeholder stands in a text. */
export interface Placeholder {
	readonly start: number;
	readonly end: number;
	/** The number of its value, from 1. */
	readonly value: number;
}

/** The placeholders of a statement that {@link readStatement} has taken, in their order. */
export function readPlaceholders(sql: string): readonly Placeholder[] {
	const found: Placeholder[] = [];
	let count = 0;
	for (const token of sql.matchAll(TOKEN)) {
		const digits = token[1];
		if (digits === undefined) continue;
		count = nextPlaceholder(count, digits);
		const value = digits === "" ? count : Number(digits);
		found.push({ start: token.index, end: token.index + token[0].length, value });
	}
	return found;
}

/** `?` is one more than the largest so far, `?3` is the third. */
function nextPlaceholder(count: number, digits: string): number {
	return digits === "" ? count + 1 : Math.max(count, Number(digits));
}

function readsOnly(first: string, words: readonly string[]): boolean {
	return READS.has(first) || (first === "with" && !words.some((word) => WRITES.has(word)));
}

/** The body of a trigger is the one place where a statement holds others. */
function isTrigger(words: readonly string[]): boolean {
	return words[0] === "create" && words.slice(1, 3).includes("trigger");
}

function refused(reason: string): Error {
	return databaseErrors.create("statement_refused", { reason });
}

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Migration } from "../../data/migrate/migrations.ts";
import { splitStatements } from "../../data/migrate/split-statements.ts";
import { isPlainObject } from "../../kernel/json.ts";
import { migrationErrors } from "./migration-errors.ts";

/** One line of drizzle-kit's journal. */
export interface JournalEntry {
	readonly idx: number;
	readonly version: string;
	readonly when: number;
	readonly tag: string;
	readonly breakpoints: boolean;
}

/** drizzle-kit's list of what it has made: `meta/_journal.json`. */
export interface Journal {
	readonly version: string;
	readonly dialect: string;
	readonly entries: readonly JournalEntry[];
}

/**
 * Reads the migrations of a folder as drizzle-kit makes it: `0000_name.sql`, … in the order of its
 * journal. None when there is no journal.
 *
 * @throws AppError `migrations_unreadable` when the journal is damaged, or names a file that is not
 * there.
 */
export function readMigrations(folder: string): readonly Migration[] {
	return readJournal(folder).entries.map(({ tag, when }) => {
		const text = readText(folder, `${tag}.sql`);
		if (text === undefined) throw unreadable(folder, `it has no ${tag}.sql`);
		const hash = createHash("sha256").update(text).digest("hex");
		return { tag, when, hash, statements: splitStatements(text) };
	});
}

/** The journal of a folder, in its order; an empty one when there is none. */
export function readJournal(folder: string): Journal {
	const text = readText(folder, "meta/_journal.json");
	if (text === undefined) return { version: "7", dialect: "sqlite", entries: [] };
	let journal: unknown;
	try {
		journal = JSON.parse(text);
	} catch {
		throw unreadable(folder, "meta/_journal.json is not JSON");
	}
	if (!isPlainObject(journal) || !Array.isArray(journal["entries"])) {
		throw unreadable(folder, "meta/_journal.json has no entries");
	}
	const { dialect, entries } = journal as unknown as Journal;
	if (dialect !== "sqlite" && dialect !== "turso") {
		throw unreadable(folder, `its migrations are for ${String(dialect)}, not for SQLite`);
	}
	if (!entries.every(isEntry)) throw unreadable(folder, "meta/_journal.json has a damaged entry");
	return journal as unknown as Journal;
}

function isEntry(entry: unknown): boolean {
	return (
		isPlainObject(entry) &&
		Number.isSafeInteger(entry["when"]) &&
		typeof entry["tag"] === "string" &&
		/^[^/\\]+$/.test(entry["tag"])
	);
}

function readText(folder: string, name: string): string | undefined {
	try {
		return readFileSync(join(folder, name), "utf8");
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === "ENOENT") return undefined;
		throw unreadable(folder, `${name} cannot be read (${String(code)})`);
	}
}

function unreadable(folder: string, reason: string): Error {
	return migrationErrors.create("migrations_unreadable", { folder, reason });
}

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readJournal, type Journal } from "../runtime/node/migration-folder.ts";
import { CliError } from "./cli-error.ts";
import type { Snapshot } from "./load-drizzle-kit.ts";
import { shownPath } from "./source-position.ts";

/** Adds migrations to a folder, in drizzle-kit's format. */
export class MigrationWriter {
	readonly #folder: string;
	readonly #journal: Journal;

	/** @throws AppError `migrations_unreadable`. */
	constructor(folder: string) {
		this.#folder = folder;
		this.#journal = readJournal(folder);
	}

	/** Whether there is none yet. */
	get empty(): boolean {
		return this.#journal.entries.length === 0;
	}

	/** What drizzle-kit keeps of the schema that the last migration leads to. */
	lastSnapshot(): Snapshot | undefined {
		const last = this.#journal.entries.at(-1);
		if (last === undefined) return undefined;
		return JSON.parse(readFileSync(this.#snapshot(last.idx), "utf8")) as Snapshot;
	}

	/**
	 * Writes one more; the journal, which makes it count, comes last.
	 * @returns The path of its SQL.
	 * @throws CliError when it cannot be written.
	 */
	write(name: string, sql: string, snapshot: Snapshot): string {
		const { entries } = this.#journal;
		const last = entries.at(-1);
		const idx = (last?.idx ?? -1) + 1;
		const when = Math.max(Date.now(), (last?.when ?? 0) + 1);
		const tag = `${String(idx).padStart(4, "0")}_${name}`;
		const entry = { idx, version: "6", when, tag, breakpoints: true };
		const path = join(this.#folder, `${tag}.sql`);
		const journal = { ...this.#journal, entries: [...entries, entry] };
		try {
			mkdirSync(join(this.#folder, "meta"), { recursive: true });
			writeFileSync(path, sql, { flag: "wx" });
			writeFileSync(this.#snapshot(idx), JSON.stringify(snapshot, null, 2));
			writeFileSync(join(this.#folder, "meta/_journal.json"), JSON.stringify(journal, null, 2));
		} catch (cause) {
			const why = cause instanceof Error ? cause.message : String(cause);
			throw new CliError(`${shownPath(path)} cannot be written: ${why}`, {
				hint: "Move away what is there, or name a folder that you may write to: --dir DIR.",
				cause,
			});
		}
		return path;
	}

	#snapshot(idx: number): string {
		return join(this.#folder, "meta", `${String(idx).padStart(4, "0")}_snapshot.json`);
	}
}

import type { App } from "../../app/app.ts";
import type { Statement } from "../../data/database.ts";
import { MAX_BULK_ROWS } from "../../data/entity-manager.ts";
import { CliError } from "../cli-error.ts";
import { Importer } from "./importer.ts";
import { ImportLedger } from "./import-ledger.ts";
import { ImportState, type ImportCounts } from "./import-state.ts";
import { ImportWriter } from "./import-writer.ts";
import { LateRows } from "./late-rows.ts";
import { readLines } from "./read-lines.ts";
import { RowStore, type Conflict } from "./row-store.ts";
import { skipDone } from "./skip-done.ts";
import type { EndLine, HeaderLine } from "./transfer-format.ts";

/** What is imported, and how. */
export interface ImportOptions {
	readonly app: App;
	/** What people call the file. */
	readonly name: string;
	readonly stream: AsyncIterable<Uint8Array>;
	readonly conflict: Conflict;
	/** Checks only, and stores nothing. */
	readonly dryRun?: boolean;
	/** Forgets an import that was interrupted. */
	readonly restart?: boolean;
	/** The most rows that one bulk write may have. */
	readonly bulkRows?: number | undefined;
	readonly onHeader?: (header: HeaderLine) => void;
	/** Told where an import goes on that was interrupted: after this line. */
	readonly onResume?: (line: number) => void;
	readonly onFault?: (line: number, reason: string) => void;
	readonly onProgress?: (entity: string, ledger: ImportLedger) => void;
}

/** How an import ended. */
export interface ImportOutcome {
	readonly counts: ImportCounts;
	/** Why it is not finished, as a sentence; it goes on when the whole file is imported again. */
	readonly unfinished?: string;
}

const BATCH_ROWS = 500;

/**
 * Imports what {@link ImportOptions.stream} holds. The app is built, unless it is a dry run.
 * @throws CliError when it is no export, another import is not finished, or a key is taken.
 */
export async function runImport(options: ImportOptions): Promise<ImportOutcome> {
	const { app, dryRun = false, conflict, bulkRows = MAX_BULK_ROWS } = options;
	const state = new ImportState(app.database);
	const { ledger, chunks } = await begin(state, options);
	const writer = dryRun ? undefined : new ImportWriter(app);
	const { onFault = ignore, onHeader = ignore, onProgress = ignore } = options;
	const store = new RowStore({ ledger, state, writer, conflict, onFault });
	const importer = new Importer({
		app,
		ledger,
		store,
		batchRows: Math.min(BATCH_ROWS, bulkRows),
		onHeader,
		onProgress: (entity) => onProgress(entity, ledger),
	});
	const cut = await importer.read(readLines(chunks, ledger.line + 1));
	const unfinished = faultOfEnd(cut, ledger);
	if (unfinished !== undefined) return { counts: ledger.counts, unfinished };
	if (writer !== undefined) {
		await new LateRows({ importer, store, state, writer }).settle();
		await app.database.batch(sequencesOf(app, ledger.end));
		await state.end();
	}
	return { counts: ledger.counts };
}

async function begin(
	state: ImportState,
	{ name, stream, restart, dryRun = false, onResume = ignore }: ImportOptions,
): Promise<{ readonly ledger: ImportLedger; readonly chunks: AsyncIterable<Uint8Array> }> {
	const known = await state.read();
	if (known === undefined || restart === true) {
		const ledger = new ImportLedger();
		if (dryRun) return { ledger, chunks: stream };
		if (known !== undefined) await state.end();
		await state.begin(name, ledger.position);
		return { ledger, chunks: stream };
	}
	const { position } = known;
	const remaining = await skipDone(stream, position);
	if (remaining === undefined) {
		throw new CliError(
			`An import of ${known.name} was interrupted after line ${position.line}, and this does not begin as that did.`,
			{ hint: "Import that file again to finish it, or give it up: --restart." },
		);
	}
	if (position.line > 0) onResume(position.line);
	return { ledger: new ImportLedger(position, remaining.hash), chunks: remaining.chunks };
}

function faultOfEnd(cut: number | undefined, ledger: ImportLedger): string | undefined {
	const { end, line, rows } = ledger;
	if (cut !== undefined) return `The file was cut off in the middle of line ${cut}.`;
	if (line === 0) return "The file is empty.";
	if (end === undefined) return `The file was cut off: it ends after line ${line}.`;
	if (end.rows === rows) return undefined;
	return `The file should hold ${end.rows} rows, by its last line, and holds ${rows}.`;
}

/** No key that was given out once is given out again, though its row be gone. */
function sequencesOf({ em }: App, end: EndLine | undefined): readonly Statement[] {
	return em.entities.flatMap(({ name, tableName, autoIncrement }) => {
		const value = end?.sequences[name];
		if (!autoIncrement || value === undefined) return [];
		return [
			{
				sql: "update sqlite_sequence set seq = max(seq, ?) where name = ?",
				params: [value, tableName],
			},
			{
				sql: "insert into sqlite_sequence (name, seq) select ?, ? where not exists (select 1 from sqlite_sequence where name = ?)",
				params: [tableName, value, tableName],
			},
		];
	});
}

function ignore(): void {}

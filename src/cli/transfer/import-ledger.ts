import { createHash, type Hash } from "node:crypto";
import type { ImportCounts, ImportPosition } from "./import-state.ts";
import type { Line } from "./read-lines.ts";
import type { EndLine } from "./transfer-format.ts";

const NOTHING: ImportCounts = { inserted: 0, replaced: 0, skipped: 0, prevented: 0, failed: 0 };

/** A line that is done. */
export interface DoneLine {
	readonly line: Line;
	/** Whether it is one of a row. */
	readonly rows: 0 | 1;
	/** What it says, if it is the last one. */
	readonly end?: EndLine;
}

/** Counts lines, rows and bytes as they are done, and what was done with them. */
export class ImportLedger {
	#hash: Hash;
	#line: number;
	#rows: number;
	#bytes: number;
	#counts: ImportCounts;
	#end: EndLine | undefined;

	/**
	 * Goes on where an import was interrupted.
	 * @param hash Of the bytes before the position.
	 */
	constructor(
		position: Omit<ImportPosition, "digest"> = { line: 0, rows: 0, bytes: 0, counts: NOTHING },
		hash: Hash = createHash("sha256"),
	) {
		this.#hash = hash;
		this.#line = position.line;
		this.#rows = position.rows;
		this.#bytes = position.bytes;
		this.#counts = position.counts;
		this.#end = position.end;
	}

	/** How far the import is. */
	get position(): ImportPosition {
		return {
			line: this.#line,
			rows: this.#rows,
			bytes: this.#bytes,
			digest: this.#hash.copy().digest("hex"),
			counts: this.#counts,
			end: this.#end,
		};
	}

	get counts(): ImportCounts {
		return this.#counts;
	}

	get rows(): number {
		return this.#rows;
	}

	/** The last line, once it is done. */
	get end(): EndLine | undefined {
		return this.#end;
	}

	/** Lines that are done. */
	get line(): number {
		return this.#line;
	}

	/** Bytes that are done. */
	get bytes(): number {
		return this.#bytes;
	}

	/** Says that a line is done. */
	advance({ line, rows, end }: DoneLine): void {
		this.#hash.update(line.bytes);
		this.#line = line.number;
		this.#rows += rows;
		this.#bytes += line.bytes.length;
		this.#end ??= end;
	}

	/** Says what was done with rows. */
	count(more: Partial<ImportCounts>): void {
		const names = Object.keys(more) as (keyof ImportCounts)[];
		const changed = names.map((name) => [name, this.#counts[name] + (more[name] ?? 0)]);
		this.#counts = { ...this.#counts, ...(Object.fromEntries(changed) as Partial<ImportCounts>) };
	}

	/** Takes the counts back to what they were. */
	restore(counts: ImportCounts): void {
		this.#counts = counts;
	}

	/** How it is now; the answer takes it back to that. */
	mark(): () => void {
		const [hash, line, rows] = [this.#hash.copy(), this.#line, this.#rows];
		const [bytes, counts, end] = [this.#bytes, this.#counts, this.#end];
		return () => {
			this.#hash = hash;
			this.#line = line;
			this.#rows = rows;
			this.#bytes = bytes;
			this.#counts = counts;
			this.#end = end;
		};
	}
}

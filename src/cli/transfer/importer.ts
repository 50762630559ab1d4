import type { App } from "../../app/app.ts";
import type { Row } from "../../data/schema/entity.ts";
import { RowReader } from "../../data/write/row-reader.ts";
import { didYouMean } from "../../kernel/nearest.ts";
import { CliError } from "../cli-error.ts";
import { EntityRows } from "./entity-rows.ts";
import type { ImportLedger } from "./import-ledger.ts";
import { parseLine } from "./parse-line.ts";
import type { Line } from "./read-lines.ts";
import { RowCodec } from "./row-codec.ts";
import { rowReason } from "./row-reason.ts";
import type { Item, RowStore } from "./row-store.ts";
import type { HeaderLine, RowLine } from "./transfer-format.ts";

/** What an import stands on. */
export interface ImporterOptions {
	readonly app: App;
	readonly ledger: ImportLedger;
	readonly store: RowStore;
	/** The most rows of one write. */
	readonly batchRows: number;
	/** Told of the first line. */
	readonly onHeader: (header: HeaderLine) => void;
	/** Told after each write, of which entity it was. */
	readonly onProgress: (entity: string) => void;
}

/** So many bytes of lines are stored at once, however few rows they are. */
const BATCH_BYTES = 1_000_000;

/** Takes the lines of an export to the store, in batches of rows of one entity. */
export class Importer {
	readonly #options: ImporterOptions;
	readonly #entities: ReadonlyMap<string, EntityRows>;
	#items: Item[] = [];
	#bytes = 0;
	/** The keys of the batch: none may be in it twice. */
	#keys = new Set<string>();
	#entity: EntityRows | undefined;

	constructor(options: ImporterOptions) {
		const { em, database } = options.app;
		this.#options = options;
		this.#entities = new Map(
			em.entities.map((entity) => [entity.name, new EntityRows(entity, em.entities, database)]),
		);
	}

	/** Lines that were read, but are not done yet. */
	get waiting(): number {
		return this.#items.length;
	}

	/** The rows of an entity. @throws TypeError when there is no such one. */
	rowsOf(entity: string): EntityRows {
		const rows = this.#entities.get(entity);
		if (rows === undefined) throw new TypeError(`There is no entity ${entity}.`);
		return rows;
	}

	/** The data of a row, its values of the columns' types. @throws AppError when they are not. */
	dataOf({ entity, row }: RowLine): Row {
		const model = this.rowsOf(entity).entity;
		const reader = new RowReader(model);
		const data = reader.read(new RowCodec(model).decode(row), "");
		reader.complain();
		return data;
	}

	/** Reads lines to their end, or to one that is cut off: then it answers the number of that line. */
	async read(lines: AsyncIterable<Line>): Promise<number | undefined> {
		const { ledger, store } = this.#options;
		let cut: number | undefined;
		for await (const line of lines) {
			const parsed = parseLine(line.bytes);
			const first = ledger.line === 0 && this.#items.length === 0;
			if (first && parsed.kind !== "header") throw notAnExport(parsed);
			if (!line.whole && parsed.kind === "fault") {
				cut = line.number;
				break;
			}
			if (parsed.kind === "header") this.#options.onHeader(parsed.header);
			if (parsed.kind === "fault") store.fail(line.number, parsed.reason);
			if (parsed.kind === "row") await this.#take(line, parsed.row);
			else if (parsed.kind === "end") this.#push({ line, rows: 0, end: parsed.end });
			else this.#push({ line, rows: parsed.kind === "fault" ? 1 : 0 });
			const { batchRows } = this.#options;
			if (this.#items.length >= batchRows || this.#bytes >= BATCH_BYTES) await this.#flush();
		}
		await this.#flush();
		return cut;
	}

	async #take(line: Line, row: RowLine): Promise<void> {
		const { store } = this.#options;
		const rows = this.#entities.get(row.entity);
		if (rows === undefined) {
			const guess = didYouMean(row.entity, [...this.#entities.keys()]);
			store.fail(line.number, `There is no entity ${row.entity}.${guess}`);
			return this.#push({ line, rows: 1 });
		}
		let data: Row;
		try {
			data = this.dataOf(row);
		} catch (error) {
			store.fail(line.number, `${row.entity}: ${rowReason(error) ?? ""}`);
			return this.#push({ line, rows: 1 });
		}
		const key = rows.keyOf(data);
		const other = this.#entity !== undefined && rows !== this.#entity;
		if (other || (key !== undefined && this.#keys.has(key))) await this.#flush();
		this.#entity = rows;
		if (key !== undefined) this.#keys.add(key);
		this.#push({ line, rows: 1, data });
	}

	#push(item: Item): void {
		this.#items.push(item);
		this.#bytes += item.line.bytes.length;
	}

	async #flush(): Promise<void> {
		const items = this.#items;
		if (items.length === 0) return;
		const { store, onProgress } = this.#options;
		const rows = this.#entity;
		if (rows === undefined) await store.pass(items);
		else await store.storeAll(rows, items);
		this.#items = [];
		this.#bytes = 0;
		this.#keys = new Set();
		if (rows !== undefined) onProgress(rows.entity.name);
	}
}

function notAnExport(parsed: ReturnType<typeof parseLine>): CliError {
	const reason = parsed.kind === "fault" ? parsed.reason : "Its first line is no header.";
	return new CliError(`This is not an export of Burdock. ${reason}`, {
		exit: "usage",
		hint: "burdock export makes one.",
	});
}

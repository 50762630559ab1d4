import type { Statement } from "../../data/database.ts";
import type { Row } from "../../data/schema/entity.ts";
import type { Field } from "../../data/schema/field.ts";
import { CliError } from "../cli-error.ts";
import type { EntityRows } from "./entity-rows.ts";
import type { DoneLine, ImportLedger } from "./import-ledger.ts";
import type { ImportState } from "./import-state.ts";
import type { ImportWriter } from "./import-writer.ts";
import { rowReason } from "./row-reason.ts";

/** What happens to a row whose key is taken. */
export type Conflict = "fail" | "skip" | "replace";

/** A line on its way. */
export interface Item extends DoneLine {
	/** The row, if it can be stored. */
	readonly data?: Row;
}

type Full = Item & { readonly data: Row };

/** What rows are stored with. */
export interface RowStoreOptions {
	readonly ledger: ImportLedger;
	readonly state: ImportState;
	/** Without it nothing is stored, only checked. */
	readonly writer: ImportWriter | undefined;
	readonly conflict: Conflict;
	/** Told of each line that cannot be imported. */
	readonly onFault: (line: number, reason: string) => void;
}

/** Stores rows, and with each write how far the import is. */
export class RowStore {
	readonly #options: RowStoreOptions;

	constructor(options: RowStoreOptions) {
		this.#options = options;
	}

	/** Tells of a line that cannot be imported. */
	fail(line: number, reason: string): void {
		this.#options.ledger.count({ failed: 1 });
		this.#options.onFault(line, reason);
	}

	/** Goes past lines that hold no row. */
	async pass(items: readonly Item[]): Promise<void> {
		for (const item of items) this.#options.ledger.advance(item);
		await this.#options.writer?.store([this.#position()]);
	}

	/**
	 * Stores rows of one entity, in one write where that is possible; puts those aside that refer to
	 * a row which is not there yet.
	 */
	async storeAll(rows: EntityRows, items: readonly Item[]): Promise<void> {
		const { writer, conflict, ledger } = this.#options;
		const full = items.filter((item): item is Full => item.data !== undefined);
		const taken = await rows.existing(full.map(({ data }) => data));
		if (taken.size > 0 && conflict !== "skip") return this.#storeEach(rows, items);
		const free = full.filter(({ data }) => !taken.has(rows.keyOf(data) ?? ""));
		const late = await this.#late(rows, free);
		const ready = free.filter((item) => !late.has(item)).map(({ data }) => data);
		const takeBack = ledger.mark();
		for (const item of items) ledger.advance(item);
		ledger.count({ inserted: ready.length, skipped: taken.size });
		try {
			const extra = [...[...late].map((item) => this.#kept(rows, item)), this.#position()];
			if (ready.length === 0) return await writer?.store(extra);
			const prevented = (await writer?.insert(rows.entity, ready, extra)) ?? 0;
			ledger.count({ inserted: -prevented, prevented });
		} catch (error) {
			takeBack();
			if (rowReason(error) === undefined) throw error;
			// One of them is refused, and nobody says which one: one after the other, then.
			await this.#storeEach(rows, items);
		}
	}

	/**
	 * Stores one row, whether its key is taken or not, together with these statements.
	 * @throws what the row is refused with; CliError for a taken key that is not expected.
	 */
	async storeOne(
		rows: EntityRows,
		{ line, data }: { readonly line: number; readonly data: Row },
		extra: readonly Statement[] = [],
	): Promise<void> {
		const { writer, conflict, ledger } = this.#options;
		const id = rows.idOf(data);
		if (id === undefined || (await rows.existing([data])).size === 0) {
			ledger.count({ inserted: 1 });
			const noted = [...extra, this.#position()];
			const prevented = (await writer?.insert(rows.entity, [data], noted)) ?? 0;
			return ledger.count({ inserted: -prevented, prevented });
		}
		if (conflict === "fail") throw taken(rows, { line, data });
		ledger.count(conflict === "skip" ? { skipped: 1 } : { replaced: 1 });
		const noted = [...extra, this.#position()];
		if (conflict === "skip") await writer?.store(noted);
		else await writer?.replace(rows.entity, { id, data }, noted);
	}

	async #storeEach(rows: EntityRows, items: readonly Item[]): Promise<void> {
		const { writer, ledger } = this.#options;
		for (const item of items) {
			const takeBack = ledger.mark();
			ledger.advance(item);
			const { data, line } = item;
			if (data === undefined) continue;
			const { counts } = ledger;
			try {
				await this.#storeOrKeep(rows, { ...item, data });
			} catch (error) {
				const reason = rowReason(error);
				if (error instanceof CliError || reason === undefined) {
					takeBack();
					throw error;
				}
				ledger.restore(counts);
				this.fail(line.number, `${rows.entity.name}: ${reason}`);
			}
		}
		await writer?.store([this.#position()]);
	}

	async #storeOrKeep(rows: EntityRows, item: Full): Promise<void> {
		const late = await this.#late(rows, [item]);
		if (late.size > 0) {
			await this.#options.writer?.store([this.#kept(rows, item), this.#position()]);
			return;
		}
		await this.storeOne(rows, { line: item.line.number, data: item.data });
	}

	/** Those of these rows that refer to one which is neither stored nor among the others. */
	async #late(rows: EntityRows, items: readonly Full[]): Promise<ReadonlySet<Full>> {
		const late = new Set<Full>();
		if (this.#options.writer === undefined) return late;
		const data = items.map((item) => item.data);
		const unmet: { readonly item: Full; readonly target: string | undefined }[] = [];
		for (const key of rows.foreignKeys) {
			const own = key.target === rows.entity;
			for (const place of await rows.unmet(key, data)) {
				const item = items[place];
				if (item === undefined) continue;
				unmet.push({ item, target: own ? textOf(key.fields, item.data) : undefined });
				if (!own) late.add(item);
			}
		}
		const own = rows.foreignKeys.filter(({ target }) => target === rows.entity);
		for (let grown = -1; grown !== late.size;) {
			grown = late.size;
			const others = items.filter((item) => !late.has(item));
			const there = new Set(
				own.flatMap((key) => others.map((item) => textOf(key.targetFields, item.data))),
			);
			for (const { item, target } of unmet) {
				if (target !== undefined && !there.has(target)) late.add(item);
			}
		}
		return late;
	}

	#kept(rows: EntityRows, { line, data }: Full): Statement {
		const { name: entity } = rows.entity;
		const row = { line: line.number, entity, text: line.bytes.toString() };
		return this.#options.state.keep(row, rows.keyOf(data) ?? "");
	}

	#position(): Statement {
		return this.#options.state.at(this.#options.ledger.position);
	}
}

/** Values of fields as one text: two of the same text refer to the same row. */
function textOf(fields: readonly Field[], row: Row): string {
	return JSON.stringify(fields.map(({ name }) => String(row[name])));
}

function taken(
	{ entity }: EntityRows,
	{ line, data }: { readonly line: number; readonly data: Row },
): CliError {
	const path = entity.pathOf(entity.idOf(data));
	return new CliError(`Line ${line}: there is a row ${path} already. The import stopped there.`, {
		hint: "Go on with --on-conflict skip, which leaves it as it is, or --on-conflict replace.",
	});
}

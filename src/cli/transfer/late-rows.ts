import type { Statement } from "../../data/database.ts";
import type { Row } from "../../data/schema/entity.ts";
import type { Field } from "../../data/schema/field.ts";
import type { EntityRows, ForeignKey } from "./entity-rows.ts";
import type { Importer } from "./importer.ts";
import type { ImportState, LateRow } from "./import-state.ts";
import type { ImportWriter } from "./import-writer.ts";
import { parseLine } from "./parse-line.ts";
import { rowReason } from "./row-reason.ts";
import type { RowStore } from "./row-store.ts";

/** What rows that were put aside are stored with. */
export interface LateRowsOptions {
	readonly importer: Importer;
	readonly store: RowStore;
	readonly state: ImportState;
	readonly writer: ImportWriter;
}

/** A row that was put aside, and what of it is still missing. */
interface Waiting {
	readonly late: LateRow;
	readonly rows: EntityRows;
	readonly data: Row;
	/** The foreign keys whose row is not stored. */
	readonly unmet: readonly ForeignKey[];
}

/**
 * Stores the rows that refer to rows further down in the file: first those whose targets are there
 * by now, again and again. What then remains are circles, and rows that refer to nothing. A circle is
 * broken where a key may be empty: such a row is stored without it, and updated once its target is
 * there.
 */
export class LateRows {
	readonly #options: LateRowsOptions;

	constructor(options: LateRowsOptions) {
		this.#options = options;
	}

	/** Stores what can be stored, and tells of the rest. */
	async settle(): Promise<void> {
		await this.#storeMet();
		if (await this.#rejectLost()) await this.#storeMet();
		if (await this.#breakCircles()) await this.#storeMet();
		await this.#complete();
	}

	/** A chain may lead up the file as well as down: every other time it is walked from its end. */
	async #storeMet(): Promise<void> {
		for (let turn = 0, moved = 1; moved > 0; turn++) {
			moved = 0;
			for await (const waiting of this.#waiting(turn % 2 === 0 ? "asc" : "desc")) {
				if (waiting.late.stored || waiting.unmet.length > 0) continue;
				moved++;
				await this.#storeWhole(waiting);
			}
		}
	}

	/** Tells of rows that refer to one which is nowhere, and then of those that refer to these. */
	async #rejectLost(): Promise<boolean> {
		let rejected = false;
		for (let moved = 1; moved > 0;) {
			moved = 0;
			for await (const { late, data, unmet } of this.#waiting("asc")) {
				for (const key of late.stored ? [] : unmet) {
					if (await this.#comes(key, data)) continue;
					await this.#reject(
						late,
						`${namesOf(key)} refers to a row of ${key.target.name} that is nowhere.`,
					);
					moved++;
					break;
				}
			}
			rejected ||= moved > 0;
		}
		return rejected;
	}

	async #breakCircles(): Promise<boolean> {
		let broken = false;
		for await (const waiting of this.#waiting("asc")) {
			const { late, unmet } = waiting;
			if (late.stored) continue;
			if (unmet.length === 0) await this.#storeWhole(waiting);
			else if (unmet.every(isOpen)) await this.#storeInPart(waiting);
			broken = true;
		}
		return broken;
	}

	async #storeWhole({ late, rows, data }: Waiting): Promise<void> {
		const { state, store } = this.#options;
		const row = { line: late.line, data };
		await this.#attempt(late, () => store.storeOne(rows, row, [state.forget(late)]));
	}

	async #storeInPart({ late, rows, data, unmet }: Waiting): Promise<void> {
		const { state, store } = this.#options;
		const open = unmet.flatMap(({ fields }) => fields.filter(mayBeEmpty));
		const empty = Object.fromEntries(open.map(({ name }) => [name, null]));
		const { version } = rows.entity;
		// The update that completes it counts as one.
		const earlier = version ? { [version.name]: Number(data[version.name]) - 1 } : {};
		const row = { line: late.line, data: { ...data, ...empty, ...earlier } };
		await this.#attempt(late, () => store.storeOne(rows, row, [state.storedInPart(late)]));
	}

	/** Completes the rows that were stored in part, and tells of those that were not stored at all. */
	async #complete(): Promise<void> {
		const { state, writer } = this.#options;
		for await (const { late, rows, data, unmet } of this.#waiting("asc")) {
			const [key] = unmet;
			if (key !== undefined) {
				const how = late.stored ? " It was imported without." : "";
				await this.#reject(
					late,
					`${namesOf(key)} refers to a row of ${key.target.name} that was not imported.${how}`,
				);
				continue;
			}
			const id = rows.idOf(data);
			const forget: Statement[] = [state.forget(late)];
			if (id !== undefined) {
				await this.#attempt(late, () => writer.replace(rows.entity, { id, data }, forget));
			}
		}
	}

	async *#waiting(order: "asc" | "desc"): AsyncGenerator<Waiting> {
		const { importer, state } = this.#options;
		for await (const late of state.late(order)) {
			const parsed = parseLine(Buffer.from(late.text));
			if (parsed.kind !== "row") continue;
			const rows = importer.rowsOf(late.entity);
			const data = importer.dataOf(parsed.row);
			const unmet: ForeignKey[] = [];
			for (const key of rows.foreignKeys) {
				if ((await rows.unmet(key, [data])).size > 0 && !refersToItself(rows, key, data)) {
					unmet.push(key);
				}
			}
			yield { late, rows, data, unmet };
		}
	}

	/** Whether the row that a key refers to is among those that were put aside. */
	async #comes(key: ForeignKey, data: Row): Promise<boolean> {
		const { state, importer } = this.#options;
		const target = Object.fromEntries(
			key.fields.map((field, place) => [key.targetFields[place]?.name ?? "", data[field.name]]),
		);
		return state.keeps(key.target.name, importer.rowsOf(key.target.name).keyOf(target));
	}

	async #attempt(late: LateRow, store: () => Promise<unknown>): Promise<void> {
		try {
			await store();
		} catch (error) {
			const reason = rowReason(error);
			if (reason === undefined) throw error;
			await this.#reject(late, reason);
		}
	}

	async #reject(late: LateRow, reason: string): Promise<void> {
		await this.#options.writer.store([this.#options.state.forget(late)]);
		this.#options.store.fail(late.line, `${late.entity}: ${reason}`);
	}
}

function refersToItself({ entity }: EntityRows, key: ForeignKey, row: Row): boolean {
	return (
		key.target === entity &&
		key.fields.every(({ name }, place) => row[name] === row[key.targetFields[place]?.name ?? ""])
	);
}

/** Whether a row may be without this key for a while. */
function isOpen({ fields }: ForeignKey): boolean {
	return fields.some(mayBeEmpty);
}

function mayBeEmpty({ column }: Field): boolean {
	return !column.notNull;
}

function namesOf({ fields }: ForeignKey): string {
	return fields.map(({ name }) => name).join(", ");
}

import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Row } from "../schema/entity.ts";
import { dataErrors } from "../errors.ts";
import type { KeyValue } from "./insert-plan.ts";
import type { IdOf, RowOf } from "../schema/row-of.ts";

/** Where a pending row gets what it says. */
export interface PendingSource {
	/** The entity's name. */
	readonly entity: string;
	readonly prevented: () => boolean;
	readonly id: () => KeyValue;
	/** The row, once it is stored; null when there is none. */
	readonly row: () => Row | null | undefined;
}

/**
 * A row that a unit writes.
 *
 * @example
 * ```ts
 * const { data: ada } = await app.em.atomic(async (unit) => {
 *   const author = await unit.mutator(authors).insertOne({ name: "Ada" });
 *   await unit.mutator(posts).insertOne({ title: "Burrs", authorId: author.id });
 *   return author;
 * });
 * ada.row?.name; // "Ada"
 * ```
 */
export class Pending<T extends SQLiteTable = SQLiteTable> {
	readonly #source: PendingSource;

	constructor(source: PendingSource) {
		this.#source = source;
	}

	/** Whether a listener prevented it: then there is no row, and a new row has no id. */
	get prevented(): boolean {
		return this.#source.prevented();
	}

	/**
	 * The id, to be used as a value of later writes of the same unit: the id itself where it is known,
	 * otherwise an SQL value, although its type says otherwise. Once stored, it is the id.
	 *
	 * @throws `row_prevented` when a listener prevented the insert.
	 */
	get id(): IdOf<T> {
		return this.#source.id() as IdOf<T>;
	}

	/**
	 * The stored row (of a delete, the row that was); null when a listener prevented it.
	 * @throws `row_pending` until `em.atomic` has resolved.
	 */
	get row(): RowOf<T> | null {
		const row = this.#source.row();
		if (row !== undefined) return row as RowOf<T> | null;
		throw dataErrors.create("row_pending", { entity: this.#source.entity });
	}
}

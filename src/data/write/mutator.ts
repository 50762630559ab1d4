import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { toPromise } from "../../kernel/maybe.ts";
import { DatabaseEvents } from "../database-events.ts";
import type { EntityId } from "../schema/entity.ts";
import type { Where } from "../query/find-options.ts";
import type { WriteResult } from "./write.ts";
import type { InsertOf, RowOf, UpdateOf } from "../schema/row-of.ts";
import type { Writer } from "./writer.ts";

/**
 * Writes rows of one entity. Every write passes through its phases: before (per row), checks,
 * commit (once), one atomic round trip, after (per row); failed, if it was not stored.
 *
 * Errors of all methods: `invalid_data` (422) with every fault and its path, `already_exists` and
 * `bad_reference` (409), what a listener threw, `database_unavailable` (503). After an error nothing
 * is stored.
 *
 * @example
 * ```ts
 * const { data, meta } = await app.em.mutator(posts).insertOne({ title: "Burrs" });
 * ```
 */
export class Mutator<T extends SQLiteTable = SQLiteTable> {
	static readonly Events = DatabaseEvents;

	readonly #writer: Writer;

	constructor(writer: Writer) {
		this.#writer = writer;
	}

	/**
	 * Inserts a row. `data` is the stored row. Where a listener may prevent the insert, look at
	 * `meta.prevented` first: `data` is null then, although its type says otherwise.
	 */
	insertOne(data: InsertOf<T>): Promise<WriteResult<RowOf<T>>> {
		return this.#promise(() => this.#writer.insertOne(data));
	}

	/**
	 * Inserts rows, all or none. `data` is the stored rows in the order of the input; null stands for
	 * a row that a listener prevented, although the type says otherwise.
	 *
	 * @throws `too_many_rows` over the limit of a bulk write (1 000 rows).
	 */
	insertMany(data: readonly InsertOf<T>[]): Promise<WriteResult<readonly RowOf<T>[]>> {
		return this.#promise(() => this.#writer.insertMany(data));
	}

	/**
	 * Updates the fields that are given; `data` is the row as it is now.
	 * @throws `not_found` when there is no row with this id, `stale_version` when the data names a
	 * version that the row has no more.
	 */
	updateOne(id: EntityId, data: UpdateOf<T>): Promise<WriteResult<RowOf<T>>> {
		return this.#promise(() => this.#writer.updateOne(id, data));
	}

	/**
	 * Updates all rows that match, all or none; `data` is the stored rows by primary key.
	 * @throws `where_required` without a where, `too_many_rows` over the limit of a bulk write.
	 */
	updateWhere(data: UpdateOf<T>, where: Where): Promise<WriteResult<readonly RowOf<T>[]>> {
		return this.#promise(() => this.#writer.updateWhere(data, where, "trusted"));
	}

	/** Deletes a row; `data` is the row that was. @throws `not_found` when there is none. */
	deleteOne(id: EntityId): Promise<WriteResult<RowOf<T>>> {
		return this.#promise(() => this.#writer.deleteOne(id));
	}

	/**
	 * Deletes all rows that match, all or none; `data` is the rows that were.
	 * @throws `where_required` without a where, `too_many_rows` over the limit of a bulk write.
	 */
	deleteWhere(where: Where): Promise<WriteResult<readonly RowOf<T>[]>> {
		return this.#promise(() => this.#writer.deleteWhere(where, "trusted"));
	}

	/** Rows have the table's types by construction: they were read by its own columns. */
	#promise<Result>(call: () => unknown): Promise<Result> {
		return toPromise(() => call() as Result | Promise<Result>);
	}
}

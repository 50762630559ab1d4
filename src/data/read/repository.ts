import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { toPromise } from "../../kernel/maybe.ts";
import { DatabaseEvents } from "../database-events.ts";
import type { EntityId, Row } from "../schema/entity.ts";
import type { FindOptions, Where } from "../query/find-options.ts";
import type { ReadResult } from "./read-result.ts";
import type { Reader } from "./reader.ts";
import type { RowOf } from "../schema/row-of.ts";

/** A row as a query finds it: with relations, when it asks for any. */
export type Found<T extends SQLiteTable, O> = O extends { readonly with: unknown }
	? RowOf<T> & { readonly [relation: string]: unknown }
	: RowOf<T>;

/**
 * Reads rows of one entity. Hidden fields are left out unless `select` names them.
 *
 * Errors of all methods: `bad_query` (400) with every fault and its path, what a listener threw,
 * `database_unavailable` (503).
 *
 * @example
 * ```ts
 * const { data } = await app.em.repository(posts).findMany({ where: { status: "published" } });
 * ```
 */
export class Repository<T extends SQLiteTable = SQLiteTable> {
	static readonly Events = DatabaseEvents;

	readonly #reader: Reader;

	constructor(reader: Reader) {
		this.#reader = reader;
	}

	/** The row with this id; `data` is undefined when there is none. @throws `bad_id`. */
	findOne<const O extends FindOptions = FindOptions>(
		id: EntityId,
		options?: O,
	): Promise<ReadResult<Found<T, O> | undefined>> {
		return toPromise(() => this.#reader.findOne(id, options ?? {}, "trusted")) as never;
	}

	/**
	 * The rows of a query, by default the first 10 by primary key.
	 *
	 * @example
	 * ```ts
	 * const { data, meta } = await app.em.repository(posts).findMany({
	 *   where: { "author.name": "Ann" },
	 *   with: { comments: { sort: "-id", limit: 3 } },
	 *   cursor: "", // the first page; meta.cursor leads to the next
	 * });
	 * ```
	 */
	findMany<const O extends FindOptions = FindOptions>(
		options?: O,
	): Promise<ReadResult<readonly Found<T, O>[]>> {
		return toPromise(() => this.#reader.findMany(options ?? {}, "trusted")) as never;
	}

	/**
	 * The rows that a relation leads to from the row with this id; of a relation to one, a list of at
	 * most one row.
	 * @throws `unknown_reference`, `bad_id`; `not_found` when there is no such row, or a listener of its
	 * find-one-before event hides it.
	 */
	findManyByReference(
		id: EntityId,
		relation: string,
		options: FindOptions = {},
	): Promise<ReadResult<readonly Row[]>> {
		return toPromise(() => this.#reader.references.find(id, relation, options, "trusted"));
	}

	/** How many rows match; all rows without a where. */
	count(where?: Where): Promise<{ readonly count: number }> {
		return toPromise(async () => ({ count: await this.#reader.count(where, "trusted") }));
	}

	/** Whether any row matches. */
	exists(where?: Where): Promise<{ readonly exists: boolean }> {
		return toPromise(async () => ({ exists: await this.#reader.exists(where, "trusted") }));
	}
}

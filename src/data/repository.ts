import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { toPromise } from "../kernel/maybe.ts";
import { DatabaseEvents } from "./database-events.ts";
import type { EntityId } from "./entity.ts";
import type { FindOptions, Where } from "./query/find-options.ts";
import type { ReadResult } from "./read-result.ts";
import type { Reader } from "./reader.ts";
import type { RowOf } from "./write-events.ts";

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
	findOne(id: EntityId, options: FindOptions = {}): Promise<ReadResult<RowOf<T> | undefined>> {
		return toPromise(() => this.#reader.findOne(id, options, "trusted"));
	}

	/** The rows of a query, by default the first 10 by primary key. */
	findMany(options: FindOptions = {}): Promise<ReadResult<readonly RowOf<T>[]>> {
		return toPromise(() => this.#reader.findMany(options, "trusted"));
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

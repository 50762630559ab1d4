import type { CountAnswer, ExistsAnswer, ReadAnswer, WriteAnswer } from "../server/contract.ts";
import type { CallOptions } from "./connection.ts";
import type { IdOf, RelationName, TargetOf, VisibleName } from "./entity-model.ts";
import type { ListQuery, OneQuery, PageQuery, With } from "./list-query.ts";
import type { Row } from "./row.ts";
import type { Where } from "./where.ts";
import type { BulkUpdateInput, InsertInput, UpdateInput } from "./write-input.ts";

/** What a write of one row may say beside its data. */
export interface RowWriteOptions extends CallOptions {
	/**
	 * The version that the row must still have: the value of its version field, or the ETag of an
	 * answer. If it has another one, nothing is stored, and the call rejects with status 412.
	 */
	readonly ifMatch?: number | string;
}

/**
 * Reads and writes rows of one entity on the server.
 *
 * Every method rejects with a `ProblemError` when the server refuses, with a `NetworkError` when no
 * answer comes, and with the reason of its signal.
 */
export interface EntityClient<Model, Name extends keyof Model> {
	/**
	 * The rows of a query, by default the first 10 by primary key. A query that makes the URL longer
	 * than 2 000 characters is sent as a body.
	 */
	findMany<
		Selected extends VisibleName<Model, Name> = VisibleName<Model, Name>,
		const Related extends With<Model, Name> = Record<never, never>,
	>(
		query?: ListQuery<Model, Name, Selected, Related>,
		options?: CallOptions,
	): Promise<ReadAnswer<Row<Model, Name, Selected, Related>[]>>;

	/** All pages of a query, one request each, by cursor: rows that come or go move no others. */
	pages<
		Selected extends VisibleName<Model, Name> = VisibleName<Model, Name>,
		const Related extends With<Model, Name> = Record<never, never>,
	>(
		query?: PageQuery<Model, Name, Selected, Related>,
		options?: CallOptions,
	): AsyncGenerator<ReadAnswer<Row<Model, Name, Selected, Related>[]>, void, undefined>;

	/** The row with this id. @throws ProblemError `not_found` (404) when there is none. */
	findOne<
		Selected extends VisibleName<Model, Name> = VisibleName<Model, Name>,
		const Related extends With<Model, Name> = Record<never, never>,
	>(
		id: IdOf<Model, Name>,
		query?: OneQuery<Model, Name, Selected, Related>,
		options?: CallOptions,
	): Promise<ReadAnswer<Row<Model, Name, Selected, Related>>>;

	/** The rows that belong to the row with this id. */
	related<
		R extends RelationName<Model, Name>,
		Selected extends VisibleName<Model, TargetOf<Model, Name, R>> = VisibleName<
			Model,
			TargetOf<Model, Name, R>
		>,
		const Related extends With<Model, TargetOf<Model, Name, R>> = Record<never, never>,
	>(
		id: IdOf<Model, Name>,
		relation: R,
		query?: ListQuery<Model, TargetOf<Model, Name, R>, Selected, Related>,
		options?: CallOptions,
	): Promise<ReadAnswer<Row<Model, TargetOf<Model, Name, R>, Selected, Related>[]>>;

	/** How many rows match; all rows without a where. */
	count(where?: Where<Model, Name>, options?: CallOptions): Promise<CountAnswer>;

	/** Whether any row matches. */
	exists(where?: Where<Model, Name>, options?: CallOptions): Promise<ExistsAnswer>;

	/** Inserts a row. `data` is the stored row, or null when a listener prevented it. */
	insertOne(
		data: InsertInput<Model, Name>,
		options?: CallOptions,
	): Promise<WriteAnswer<Row<Model, Name>>>;

	/** Inserts rows, all or none; `data` is in the order of the input. */
	insertMany(
		data: readonly InsertInput<Model, Name>[],
		options?: CallOptions,
	): Promise<WriteAnswer<Row<Model, Name>[]>>;

	/** Updates the fields that are given. @throws ProblemError `not_found` (404), stale (409, 412). */
	updateOne(
		id: IdOf<Model, Name>,
		data: UpdateInput<Model, Name>,
		options?: RowWriteOptions,
	): Promise<WriteAnswer<Row<Model, Name>>>;

	/** Updates all rows that match, all or none. @throws ProblemError `where_required` (400). */
	updateWhere(
		data: BulkUpdateInput<Model, Name>,
		where: Where<Model, Name>,
		options?: CallOptions,
	): Promise<WriteAnswer<Row<Model, Name>[]>>;

	/** Deletes a row; `data` is the row that was. @throws ProblemError `not_found` (404), stale (412). */
	deleteOne(
		id: IdOf<Model, Name>,
		options?: RowWriteOptions,
	): Promise<WriteAnswer<Row<Model, Name>>>;

	/** Deletes all rows that match, all or none. @throws ProblemError `where_required` (400). */
	deleteWhere(
		where: Where<Model, Name>,
		options?: CallOptions,
	): Promise<WriteAnswer<Row<Model, Name>[]>>;
}

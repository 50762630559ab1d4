import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { wait, type Steps } from "../../kernel/maybe.ts";
import type { WriteCall } from "./write-call.ts";
import type { Cascade } from "./cascade.ts";
import type { Delete } from "./delete.ts";
import type { EntityId, Row } from "../schema/entity.ts";
import { dataErrors } from "../errors.ts";
import type { Insert } from "./insert.ts";
import { Pending } from "./pending.ts";
import type { Where } from "../query/find-options.ts";
import { idKey } from "./row-keys.ts";
import type { Update } from "./update.ts";
import {
	prepareDelete,
	prepareDeleteWhere,
	prepareInsert,
	prepareUpdate,
	prepareUpdateWhere,
} from "./prepare-write.ts";
import type { InsertOf, UpdateOf } from "../schema/row-of.ts";
import type { Writer } from "./writer.ts";
import type { WatchedPromise } from "./watched-promise.ts";

/** Takes a call into the unit: prepares it now, and stores it with all others. */
export type Enlist = <O extends { settled(): Steps<ReadonlyMap<string, Row>> }, R>(
	name: string,
	prepare: (call: WriteCall) => Steps<O>,
	answer: (operation: O, stored: () => ReadonlyMap<string, Row> | undefined) => R,
) => WatchedPromise<R>;

/**
 * Writes rows of one entity as part of a unit. Each call runs its before-listeners and its checks,
 * and is then queued; see {@link Pending} for what it answers.
 */
export class UnitMutator<T extends SQLiteTable = SQLiteTable> {
	readonly #writer: Writer;
	readonly #enlist: Enlist;

	constructor(writer: Writer, enlist: Enlist) {
		this.#writer = writer;
		this.#enlist = enlist;
	}

	/** Inserts a row. */
	insertOne(data: InsertOf<T>): Promise<Pending<T>> {
		return this.#enlist(
			"insertOne",
			(call) => prepareInsert(call, this.#writer.target, [data], () => ""),
			(insert) => this.#inserted(insert)[0] as Pending<T>,
		);
	}

	/** Inserts rows, which are answered in their order. @throws `too_many_rows`. */
	insertMany(data: readonly InsertOf<T>[]): Promise<readonly Pending<T>[]> {
		return this.#enlist(
			"insertMany",
			(call) => {
				if (data.length > call.write.maxRows) throw call.write.tooMany();
				return prepareInsert(call, this.#writer.target, data, (index) => `[${index}].`);
			},
			(insert) => this.#inserted(insert),
		);
	}

	/** Updates a row that is stored already. */
	updateOne(id: EntityId, data: UpdateOf<T>): Promise<Pending<T>> {
		return this.#enlist(
			"updateOne",
			(call) => {
				const key = this.#writer.target.entity.readId(id);
				return prepareUpdate(call, this.#writer.target, key, data, {});
			},
			(update, stored) => this.#written(update, stored)[0] as Pending<T>,
		);
	}

	/** Updates all rows that match and are stored already. @throws `where_required`, `too_many_rows`. */
	updateWhere(data: UpdateOf<T>, where: Where): Promise<readonly Pending<T>[]> {
		return this.#enlist(
			"updateWhere",
			(call) => this.#updateWhere(call, data, where),
			(update, stored) => this.#written(update, stored),
		);
	}

	/** Deletes a row that is stored already. */
	deleteOne(id: EntityId): Promise<Pending<T>> {
		return this.#enlist(
			"deleteOne",
			(call) => {
				const key = this.#writer.target.entity.readId(id);
				return prepareDelete(call, this.#writer.target, key, {});
			},
			(deletion, stored) => this.#written(deletion, stored)[0] as Pending<T>,
		);
	}

	/** Deletes all rows that match and are stored already. @throws `where_required`, `too_many_rows`. */
	deleteWhere(where: Where): Promise<readonly Pending<T>[]> {
		return this.#enlist(
			"deleteWhere",
			(call) => this.#deleteWhere(call, where),
			(deletion, stored) => this.#written(deletion, stored),
		);
	}

	*#updateWhere(call: WriteCall, data: UpdateOf<T>, where: Where): Steps<Update> {
		const { where: bulk, target } = this.#writer;
		const condition = yield* wait(bulk.read(where, "trusted", "update"));
		return yield* prepareUpdateWhere(call, target, condition, data);
	}

	*#deleteWhere(call: WriteCall, where: Where): Steps<Cascade | Delete> {
		const { where: bulk, target } = this.#writer;
		const condition = yield* wait(bulk.read(where, "trusted", "delete"));
		return yield* prepareDeleteWhere(call, target, condition);
	}

	#inserted(insert: Insert): readonly Pending<T>[] {
		const { entity } = insert;
		return insert.rows.map((row) => {
			const prevented = () => row.prevented;
			return new Pending<T>({
				entity: entity.name,
				prevented,
				id: () => {
					if (row.stored) return entity.idOf(row.stored);
					if (row.prevented) throw dataErrors.create("row_prevented", { entity: entity.name });
					return insert.keyValue(row);
				},
				row: () => (row.prevented ? null : row.stored),
			});
		});
	}

	#written(
		{ entity, rows }: Update | Delete | Cascade,
		stored: () => ReadonlyMap<string, Row> | undefined,
	): readonly Pending<T>[] {
		return rows.map((row) => {
			const { id } = row;
			return new Pending<T>({
				entity: entity.name,
				prevented: () => row.prevented,
				id: () => id,
				row: () => (row.prevented ? null : stored()?.get(idKey(id))),
			});
		});
	}
}

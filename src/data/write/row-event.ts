import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { EntityEvent } from "../../events/entity-event.ts";
import { InvalidEventReturn } from "../../events/invalid-event-return.ts";
import { isPlainObject } from "../../kernel/json.ts";
import type { Entity, EntityId } from "../schema/entity.ts";
import type { RowOf } from "../schema/row-of.ts";
import type { KeyValue } from "./insert-plan.ts";
import type { WriteBatch } from "./write-batch.ts";

/** One row of a write, when its statements are about to run. */
export interface CommitRow<Data> {
	/** The id, unless the database makes it. */
	readonly entityId?: EntityId;
	/** The id as a value for statements of the same batch: a literal, or an SQL expression. */
	readonly rowId: KeyValue;
	/** What is written; absent for a delete. */
	readonly data?: Data;
}

/** Params of the events that come once per write, with its batch. */
export interface CommitParams<T extends SQLiteTable, Data> {
	readonly entity: Entity<T>;
	readonly rows: readonly CommitRow<Data>[];
	readonly batch: WriteBatch;
}

/** Params of the events after a write that was not stored. */
export interface FailedParams<T extends SQLiteTable, Data> {
	readonly entity: Entity<T>;
	readonly rows: readonly { readonly entityId?: EntityId; readonly data?: Data }[];
	readonly error: unknown;
}

/** Params of the events after a row was written. */
export interface AfterParams<T extends SQLiteTable, Changed> {
	readonly entity: Entity<T>;
	readonly entityId: EntityId;
	/** The stored row, every column; for a delete, the row that was. */
	readonly data: RowOf<T>;
	/** The fields that were written. */
	readonly changed: Changed;
	/** The row before the update, if a listener asked with `previous: true`. */
	readonly previous?: RowOf<T>;
}

/** An event about one row, whose path names it. */
export abstract class RowEvent<
	Params extends { readonly entity: Entity; readonly entityId?: EntityId },
	Reply = void,
> extends EntityEvent<Params, Reply> {
	override get path(): string | undefined {
		const { entity, entityId } = this.params;
		// What came from another process may have null in its place.
		return entityId === undefined || entityId === null ? undefined : entity.pathOf(entityId);
	}
}

/** Checks the reply of a before-event: an object of fields, which then replaces the data. */
export function replacedData<Data>(reply: Data): Data {
	if (!isPlainObject(reply)) throw new InvalidEventReturn("object", typeof reply);
	return reply;
}

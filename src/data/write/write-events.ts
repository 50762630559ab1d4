import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { EntityEvent, type EntityEventKind } from "../../events/entity-event.ts";
import { InvalidEventReturn } from "../../events/invalid-event-return.ts";
import { isPlainObject } from "../../kernel/json.ts";
import type { Entity, EntityId } from "../schema/entity.ts";
import type { KeyValue } from "./insert-plan.ts";
import type { WriteBatch } from "./write-batch.ts";

/** The stored row of a table, as Drizzle types it. */
export type RowOf<T extends SQLiteTable> = T["$inferSelect"];

/** What may be inserted into a table, as Drizzle types it; of a table that only has a name, anything. */
export type InsertOf<T extends SQLiteTable> = SQLiteTable extends T
	? Record<string, unknown>
	: T["$inferInsert"];

/** What may be updated in a table. */
export type UpdateOf<T extends SQLiteTable> = Partial<InsertOf<T>>;

type TableOf<T> = T extends SQLiteTable ? T : SQLiteTable;

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

abstract class RowEvent<
	Params extends { readonly entity: Entity; readonly entityId?: EntityId },
	Reply = void,
> extends EntityEvent<Params, Reply> {
	override get path(): string | undefined {
		const { entity, entityId } = this.params;
		return entityId === undefined ? undefined : entity.pathOf(entityId);
	}
}

/** Checks the reply of a before-event: an object of fields, which then replaces the data. */
function replacedData<Data>(reply: Data): Data {
	if (!isPlainObject(reply)) throw new InvalidEventReturn("object", typeof reply);
	return reply;
}

/**
 * A row is about to be inserted. A sync listener may return other data, throw to refuse, or
 * `preventDefault()`. The data is the input, its values already of the columns' types. Required
 * fields are checked afterwards, so that a listener can supply them: here one may be missing or null,
 * although its type says otherwise.
 */
export class MutatorInsertBefore<T extends SQLiteTable = SQLiteTable> extends RowEvent<
	{ readonly entity: Entity<T>; readonly entityId?: never; readonly data: InsertOf<T> },
	InsertOf<T>
> {
	static override slug = "mutator-insert-before";
	declare static readonly kind: InsertBeforeKind;
	static override topicFor(entityName: string): string {
		return `data.${entityName}.insert.before`;
	}
	override validate(reply: InsertOf<T>): this {
		return this.clone({ ...this.params, data: replacedData(reply) });
	}
}

/** A row is about to be updated. A sync listener may return other data, throw, or `preventDefault()`. */
export class MutatorUpdateBefore<T extends SQLiteTable = SQLiteTable> extends RowEvent<
	{
		readonly entity: Entity<T>;
		readonly entityId: EntityId;
		readonly data: UpdateOf<T>;
		/** Reads the row as it is stored now; undefined when there is none. */
		previous(): Promise<RowOf<T> | undefined>;
	},
	UpdateOf<T>
> {
	static override slug = "mutator-update-before";
	declare static readonly kind: UpdateBeforeKind;
	static override topicFor(entityName: string): string {
		return `data.${entityName}.update.before`;
	}
	override validate(reply: UpdateOf<T>): this {
		return this.clone({ ...this.params, data: replacedData(reply) });
	}
}

/** A row is about to be deleted. A sync listener may throw to refuse, or `preventDefault()`. */
export class MutatorDeleteBefore<T extends SQLiteTable = SQLiteTable> extends RowEvent<{
	readonly entity: Entity<T>;
	readonly entityId: EntityId;
	/** Reads the row as it is stored now; undefined when there is none. */
	previous(): Promise<RowOf<T> | undefined>;
}> {
	static override slug = "mutator-delete-before";
	declare static readonly kind: DeleteBeforeKind;
	static override topicFor(entityName: string): string {
		return `data.${entityName}.delete.before`;
	}
}

/** Rows are being inserted, once per write: add statements to `batch`, or throw to refuse. */
export class MutatorInsertCommit<T extends SQLiteTable = SQLiteTable> extends EntityEvent<
	CommitParams<T, InsertOf<T>>
> {
	static override slug = "mutator-insert-commit";
	static override syncOnly = true;
	declare static readonly kind: InsertCommitKind;
	static override topicFor(entityName: string): string {
		return `data.${entityName}.insert.commit`;
	}
}

/** Rows are being updated, once per write: add statements to `batch`, or throw to refuse. */
export class MutatorUpdateCommit<T extends SQLiteTable = SQLiteTable> extends EntityEvent<
	CommitParams<T, UpdateOf<T>>
> {
	static override slug = "mutator-update-commit";
	static override syncOnly = true;
	declare static readonly kind: UpdateCommitKind;
	static override topicFor(entityName: string): string {
		return `data.${entityName}.update.commit`;
	}
}

/** Rows are being deleted, once per write: add statements to `batch`, or throw to refuse. */
export class MutatorDeleteCommit<T extends SQLiteTable = SQLiteTable> extends EntityEvent<
	CommitParams<T, never>
> {
	static override slug = "mutator-delete-commit";
	static override syncOnly = true;
	declare static readonly kind: DeleteCommitKind;
	static override topicFor(entityName: string): string {
		return `data.${entityName}.delete.commit`;
	}
}

/** A row was inserted. A fact: an error of a listener becomes a warning of the response. */
export class MutatorInsertAfter<T extends SQLiteTable = SQLiteTable> extends RowEvent<
	AfterParams<T, InsertOf<T>>
> {
	static override slug = "mutator-insert-after";
	static override fact = true;
	declare static readonly kind: InsertAfterKind;
	static override topicFor(entityName: string): string {
		return `data.${entityName}.insert.after`;
	}
}

/** A row was updated. A fact: an error of a listener becomes a warning of the response. */
export class MutatorUpdateAfter<T extends SQLiteTable = SQLiteTable> extends RowEvent<
	AfterParams<T, UpdateOf<T>>
> {
	static override slug = "mutator-update-after";
	static override fact = true;
	declare static readonly kind: UpdateAfterKind;
	static override topicFor(entityName: string): string {
		return `data.${entityName}.update.after`;
	}
}

/** A row was deleted. A fact: an error of a listener becomes a warning of the response. */
export class MutatorDeleteAfter<T extends SQLiteTable = SQLiteTable> extends RowEvent<
	AfterParams<T, Readonly<Record<string, never>>>
> {
	static override slug = "mutator-delete-after";
	static override fact = true;
	declare static readonly kind: DeleteAfterKind;
	static override topicFor(entityName: string): string {
		return `data.${entityName}.delete.after`;
	}
}

/** An insert was refused or failed after its before-events; nothing is stored. */
export class MutatorInsertFailed<T extends SQLiteTable = SQLiteTable> extends EntityEvent<
	FailedParams<T, InsertOf<T>>
> {
	static override slug = "mutator-insert-failed";
	static override fact = true;
	declare static readonly kind: InsertFailedKind;
	static override topicFor(entityName: string): string {
		return `data.${entityName}.insert.failed`;
	}
}

/** An update was refused or failed after its before-events; nothing is stored. */
export class MutatorUpdateFailed<T extends SQLiteTable = SQLiteTable> extends EntityEvent<
	FailedParams<T, UpdateOf<T>>
> {
	static override slug = "mutator-update-failed";
	static override fact = true;
	declare static readonly kind: UpdateFailedKind;
	static override topicFor(entityName: string): string {
		return `data.${entityName}.update.failed`;
	}
}

/** A delete was refused or failed after its before-events; nothing is stored. */
export class MutatorDeleteFailed<T extends SQLiteTable = SQLiteTable> extends EntityEvent<
	FailedParams<T, never>
> {
	static override slug = "mutator-delete-failed";
	static override fact = true;
	declare static readonly kind: DeleteFailedKind;
	static override topicFor(entityName: string): string {
		return `data.${entityName}.delete.failed`;
	}
}

interface InsertBeforeKind extends EntityEventKind {
	readonly event: MutatorInsertBefore<TableOf<this["table"]>>;
}
interface UpdateBeforeKind extends EntityEventKind {
	readonly event: MutatorUpdateBefore<TableOf<this["table"]>>;
}
interface DeleteBeforeKind extends EntityEventKind {
	readonly event: MutatorDeleteBefore<TableOf<this["table"]>>;
}
interface InsertCommitKind extends EntityEventKind {
	readonly event: MutatorInsertCommit<TableOf<this["table"]>>;
}
interface UpdateCommitKind extends EntityEventKind {
	readonly event: MutatorUpdateCommit<TableOf<this["table"]>>;
}
interface DeleteCommitKind extends EntityEventKind {
	readonly event: MutatorDeleteCommit<TableOf<this["table"]>>;
}
interface InsertAfterKind extends EntityEventKind {
	readonly event: MutatorInsertAfter<TableOf<this["table"]>>;
}
interface UpdateAfterKind extends EntityEventKind {
	readonly event: MutatorUpdateAfter<TableOf<this["table"]>>;
}
interface DeleteAfterKind extends EntityEventKind {
	readonly event: MutatorDeleteAfter<TableOf<this["table"]>>;
}
interface InsertFailedKind extends EntityEventKind {
	readonly event: MutatorInsertFailed<TableOf<this["table"]>>;
}
interface UpdateFailedKind extends EntityEventKind {
	readonly event: MutatorUpdateFailed<TableOf<this["table"]>>;
}
interface DeleteFailedKind extends EntityEventKind {
	readonly event: MutatorDeleteFailed<TableOf<this["table"]>>;
}

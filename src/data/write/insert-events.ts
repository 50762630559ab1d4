import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { EntityEvent, type EntityEventKind } from "../../events/entity-event.ts";
import type { Entity } from "../schema/entity.ts";
import type { InsertOf, TableOf } from "../schema/row-of.ts";
import {
	replacedData,
	RowEvent,
	type AfterParams,
	type CommitParams,
	type FailedParams,
} from "./row-event.ts";

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
	static override local = true;
	declare static readonly kind: InsertBeforeKind;
	static override topicFor(entityName: string): string {
		return `data.${entityName}.insert.before`;
	}
	override validate(reply: InsertOf<T>): this {
		return this.clone({ ...this.params, data: replacedData(reply) });
	}
}

/** Rows are being inserted, once per write: add statements to `batch`, or throw to refuse. */
export class MutatorInsertCommit<T extends SQLiteTable = SQLiteTable> extends EntityEvent<
	CommitParams<T, InsertOf<T>>
> {
	static override slug = "mutator-insert-commit";
	static override syncOnly = true;
	static override local = true;
	declare static readonly kind: InsertCommitKind;
	static override topicFor(entityName: string): string {
		return `data.${entityName}.insert.commit`;
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

interface InsertBeforeKind extends EntityEventKind {
	readonly event: MutatorInsertBefore<TableOf<this["table"]>>;
}
interface InsertCommitKind extends EntityEventKind {
	readonly event: MutatorInsertCommit<TableOf<this["table"]>>;
}
interface InsertAfterKind extends EntityEventKind {
	readonly event: MutatorInsertAfter<TableOf<this["table"]>>;
}
interface InsertFailedKind extends EntityEventKind {
	readonly event: MutatorInsertFailed<TableOf<this["table"]>>;
}

import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { EntityEvent, type EntityEventKind } from "../../events/entity-event.ts";
import type { Entity, EntityId } from "../schema/entity.ts";
import type { RowOf, TableOf } from "../schema/row-of.ts";
import { RowEvent, type AfterParams, type CommitParams, type FailedParams } from "./row-event.ts";

/** A row is about to be deleted. A sync listener may throw to refuse, or `preventDefault()`. */
export class MutatorDeleteBefore<T extends SQLiteTable = SQLiteTable> extends RowEvent<{
	readonly entity: Entity<T>;
	readonly entityId: EntityId;
	/** Reads the row as it is stored now; undefined when there is none. */
	previous(): Promise<RowOf<T> | undefined>;
}> {
	static override slug = "mutator-delete-before";
	static override local = true;
	declare static readonly kind: DeleteBeforeKind;
	static override topicFor(entityName: string): string {
		return `data.${entityName}.delete.before`;
	}
}

/** Rows are being deleted, once per write: add statements to `batch`, or throw to refuse. */
export class MutatorDeleteCommit<T extends SQLiteTable = SQLiteTable> extends EntityEvent<
	CommitParams<T, never>
> {
	static override slug = "mutator-delete-commit";
	static override syncOnly = true;
	static override local = true;
	declare static readonly kind: DeleteCommitKind;
	static override topicFor(entityName: string): string {
		return `data.${entityName}.delete.commit`;
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

/** The events of a delete. */
export const DELETE_EVENTS = [
	MutatorDeleteBefore,
	MutatorDeleteCommit,
	MutatorDeleteAfter,
	MutatorDeleteFailed,
];

interface DeleteBeforeKind extends EntityEventKind {
	readonly event: MutatorDeleteBefore<TableOf<this["table"]>>;
}
interface DeleteCommitKind extends EntityEventKind {
	readonly event: MutatorDeleteCommit<TableOf<this["table"]>>;
}
interface DeleteAfterKind extends EntityEventKind {
	readonly event: MutatorDeleteAfter<TableOf<this["table"]>>;
}
interface DeleteFailedKind extends EntityEventKind {
	readonly event: MutatorDeleteFailed<TableOf<this["table"]>>;
}

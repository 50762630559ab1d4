import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { EntityEvent, type EntityEventKind } from "../../events/entity-event.ts";
import type { Entity, EntityId } from "../schema/entity.ts";
import type { RowOf, UpdateOf, TableOf } from "../schema/row-of.ts";
import {
	replacedData,
	RowEvent,
	type AfterParams,
	type CommitParams,
	type FailedParams,
} from "./row-event.ts";

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
	static override local = true;
	declare static readonly kind: UpdateBeforeKind;
	static override topicFor(entityName: string): string {
		return `data.${entityName}.update.before`;
	}
	override validate(reply: UpdateOf<T>): this {
		return this.clone({ ...this.params, data: replacedData(reply) });
	}
}

/** Rows are being updated, once per write: add statements to `batch`, or throw to refuse. */
export class MutatorUpdateCommit<T extends SQLiteTable = SQLiteTable> extends EntityEvent<
	CommitParams<T, UpdateOf<T>>
> {
	static override slug = "mutator-update-commit";
	static override syncOnly = true;
	static override local = true;
	declare static readonly kind: UpdateCommitKind;
	static override topicFor(entityName: string): string {
		return `data.${entityName}.update.commit`;
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

/** The events of an update. */
export const UPDATE_EVENTS = [
	MutatorUpdateBefore,
	MutatorUpdateCommit,
	MutatorUpdateAfter,
	MutatorUpdateFailed,
];

interface UpdateBeforeKind extends EntityEventKind {
	readonly event: MutatorUpdateBefore<TableOf<this["table"]>>;
}
interface UpdateCommitKind extends EntityEventKind {
	readonly event: MutatorUpdateCommit<TableOf<this["table"]>>;
}
interface UpdateAfterKind extends EntityEventKind {
	readonly event: MutatorUpdateAfter<TableOf<this["table"]>>;
}
interface UpdateFailedKind extends EntityEventKind {
	readonly event: MutatorUpdateFailed<TableOf<this["table"]>>;
}

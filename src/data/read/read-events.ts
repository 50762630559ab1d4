import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { EntityEvent, type EntityEventKind } from "../../events/entity-event.ts";
import { InvalidEventReturn } from "../../events/invalid-event-return.ts";
import { isPlainObject } from "../../kernel/json.ts";
import type { Entity } from "../schema/entity.ts";
import type { FindOptions } from "../query/find-options.ts";
import type { RowOf, TableOf } from "../schema/row-of.ts";

/** Params of the events before a read: the plain query, defaults filled in, frozen. */
export interface FindBeforeParams<T extends SQLiteTable> {
	readonly entity: Entity<T>;
	readonly options: FindOptions;
}

/** Params of the events after a read. */
export interface FindAfterParams<T extends SQLiteTable, Data> extends FindBeforeParams<T> {
	readonly data: Data;
}

/** Checks the reply of a before-event: options, which then replace the query. */
function replacedOptions(reply: FindOptions): FindOptions {
	if (!isPlainObject(reply)) throw new InvalidEventReturn("object", typeof reply);
	return Object.freeze(reply);
}

/**
 * One row is about to be read by its id. A sync listener may return other options (`where` is
 * ANDed with the id, and may name hidden fields), or throw to refuse.
 */
export class RepositoryFindOneBefore<T extends SQLiteTable = SQLiteTable> extends EntityEvent<
	FindBeforeParams<T>,
	FindOptions
> {
	static override slug = "repository-find-one-before";
	static override local = true;
	declare static readonly kind: FindOneBeforeKind;
	static override topicFor(entityName: string): string {
		return `data.${entityName}.find-one.before`;
	}
	override validate(reply: FindOptions): this {
		return this.clone({ ...this.params, options: replacedOptions(reply) });
	}
}

/** One row was read; `data` is undefined when there is none. A sync listener may return another row. */
export class RepositoryFindOneAfter<T extends SQLiteTable = SQLiteTable> extends EntityEvent<
	FindAfterParams<T, RowOf<T> | undefined>,
	RowOf<T>
> {
	static override slug = "repository-find-one-after";
	static override local = true;
	declare static readonly kind: FindOneAfterKind;
	static override topicFor(entityName: string): string {
		return `data.${entityName}.find-one.after`;
	}
	override validate(reply: RowOf<T>): this {
		if (!isPlainObject(reply)) throw new InvalidEventReturn("object", typeof reply);
		return this.clone({ ...this.params, data: reply });
	}
}

/**
 * Rows are about to be read, counted or tested for; `context.meta.purpose` is `"find"`, `"count"` or
 * `"exists"`, and for an entity that a query reaches through a relation `"with"`, `"reference"`,
 * `"filter"` or `"join"`. A sync listener may return other options (and filter by hidden fields), or
 * throw.
 */
export class RepositoryFindManyBefore<T extends SQLiteTable = SQLiteTable> extends EntityEvent<
	FindBeforeParams<T>,
	FindOptions
> {
	static override slug = "repository-find-many-before";
	static override local = true;
	declare static readonly kind: FindManyBeforeKind;
	static override topicFor(entityName: string): string {
		return `data.${entityName}.find-many.before`;
	}
	override validate(reply: FindOptions): this {
		return this.clone({ ...this.params, options: replacedOptions(reply) });
	}
}

/**
 * Rows were read: those of a list, or those that a relation of `with` leads to from one row. A sync
 * listener may return other rows.
 */
export class RepositoryFindManyAfter<T extends SQLiteTable = SQLiteTable> extends EntityEvent<
	FindAfterParams<T, readonly RowOf<T>[]>,
	readonly RowOf<T>[]
> {
	static override slug = "repository-find-many-after";
	static override local = true;
	declare static readonly kind: FindManyAfterKind;
	static override topicFor(entityName: string): string {
		return `data.${entityName}.find-many.after`;
	}
	override validate(reply: readonly RowOf<T>[]): this {
		if (!Array.isArray(reply)) throw new InvalidEventReturn("array", typeof reply);
		return this.clone({ ...this.params, data: reply });
	}
}

interface FindOneBeforeKind extends EntityEventKind {
	readonly event: RepositoryFindOneBefore<TableOf<this["table"]>>;
}
interface FindOneAfterKind extends EntityEventKind {
	readonly event: RepositoryFindOneAfter<TableOf<this["table"]>>;
}
interface FindManyBeforeKind extends EntityEventKind {
	readonly event: RepositoryFindManyBefore<TableOf<this["table"]>>;
}
interface FindManyAfterKind extends EntityEventKind {
	readonly event: RepositoryFindManyAfter<TableOf<this["table"]>>;
}

import type { Steps } from "../../kernel/maybe.ts";
import { wait } from "../../kernel/maybe.ts";
import type { DatabaseError } from "../database-error.ts";
import type { Statement } from "../database.ts";
import { findDuplicateRow } from "./duplicate-row.ts";
import { hydrate, type Entity, type Row } from "../schema/entity.ts";
import {
	keyOf,
	keyValueOf,
	planInsert,
	type InsertPlan,
	type InsertRow,
	type KeyValue,
} from "./insert-plan.ts";
import type { BatchResults, Operation } from "./operation.ts";
import { RowReader, withInsertDefaults } from "./row-reader.ts";
import { changesOf } from "./changes-of.ts";
import { NOTHING_ADDED, type Additions, type Write, type WriteTarget } from "./write.ts";
import {
	MutatorInsertAfter,
	MutatorInsertBefore,
	MutatorInsertCommit,
	MutatorInsertFailed,
} from "./insert-events.ts";
import type { CommitRow } from "./row-event.ts";

/** Inserts rows of one entity; their data has been read. Each is stored, or prevented by a listener. */
export class Insert implements Operation {
	readonly entity: Entity;
	readonly rows: readonly InsertRow[];
	readonly #write: Write;
	readonly #target: WriteTarget;
	#begun = false;
	#additions: Additions | undefined;
	#plan: InsertPlan | undefined;
	/** Where the results of its own statements begin. */
	#start = 0;

	constructor(write: Write, target: WriteTarget, rows: readonly InsertRow[]) {
		this.entity = target.entity;
		this.rows = rows;
		this.#write = write;
		this.#target = target;
	}

	/** The key of one of the rows, as a value for later statements of the batch. */
	keyValue(row: InsertRow): KeyValue {
		return keyValueOf(this.entity, row, () => this.#write.reference());
	}

	/** The stored rows are in the rows themselves. */
	// oxlint-disable-next-line require-yield -- There is nothing to read.
	*settled(): Steps<ReadonlyMap<string, Row>> {
		return new Map();
	}

	*prepare(): Steps<void> {
		if (this.#write.hears(MutatorInsertBefore, this.entity)) yield* this.#before();
		this.#begun = true;
		const reader = new RowReader(this.entity);
		for (const row of this.rows) {
			if (row.prevented) continue;
			row.data = withInsertDefaults(this.entity, row.data);
			reader.checkInsert(row.data, row.path);
		}
		reader.complain();
	}

	*commit(): Steps<void> {
		const rows = this.#active();
		if (rows.length === 0) return;
		this.#additions = NOTHING_ADDED;
		if (!this.#write.hears(MutatorInsertCommit, this.entity)) return;
		this.#additions = yield* this.#write.commit(MutatorInsertCommit, this.entity, () =>
			rows.map((row) => this.#commitRow(row)),
		);
	}

	append(statements: Statement[]): void {
		if (!this.#additions) return;
		this.#plan = planInsert(this.entity, this.#target.statements, this.#active());
		statements.push(...this.#additions.before);
		this.#start = statements.length;
		for (const { statement } of this.#plan.groups) statements.push(statement);
		if (this.#plan.keep) statements.push(this.#plan.keep);
		statements.push(...this.#additions.after);
	}

	take(results: BatchResults): boolean {
		for (const [index, group] of (this.#plan?.groups ?? []).entries()) {
			const stored = results[this.#start + index] ?? [];
			for (const [place, row] of group.rows.entries()) {
				const values = stored[place];
				if (values) row.stored = hydrate(this.entity.fields, values);
			}
		}
		return true;
	}

	*after(): Steps<void> {
		if (!this.#additions || !this.#write.hears(MutatorInsertAfter, this.entity)) return;
		const { entity } = this;
		for (const { stored, data } of this.#active()) {
			if (!stored) continue;
			const changed = changesOf(data, stored) as never;
			const params = { entity, entityId: entity.idOf(stored), data: { ...stored }, changed };
			yield* this.#write.emit(new MutatorInsertAfter(params));
		}
	}

	*fail(error: unknown): Steps<void> {
		const rows = this.#begun ? this.#active() : [];
		if (rows.length === 0) return;
		const failed = rows.map(({ data }) => ({ data }));
		yield* this.#write.fail(MutatorInsertFailed, this.entity, failed, error);
	}

	*findDuplicate(error: DatabaseError): Steps<string | undefined> {
		const rows = this.#active();
		const [only] = rows;
		if (rows.length === 1 && only) return only.path;
		const fields = this.entity.fields.filter(({ columnName }) =>
			error.columns.includes(columnName),
		);
		if (fields.length === 0) return undefined;
		const read = (statement: Statement) => wait(this.#write.all(statement));
		return (yield* findDuplicateRow(this.#target.stored, fields, rows, read))?.path;
	}

	*#before(): Steps<void> {
		const { entity } = this;
		const reader = new RowReader(entity);
		for (const row of this.rows) {
			const event = yield* this.#write.emit(
				new MutatorInsertBefore({ entity, data: row.data as never }),
			);
			if (event.defaultPrevented) {
				row.prevented = true;
				this.#write.prevent();
			} else row.data = reader.read(event.params.data, row.path);
		}
		reader.complain();
	}

	#commitRow(row: InsertRow): CommitRow<never> {
		const data = row.data as never;
		const entityId = keyOf(this.entity, row.data);
		if (entityId !== undefined) return { entityId, rowId: entityId, data };
		// Read by who needs it, and by no copy of the event: the batch keeps the id aside only then.
		const get = () => this.keyValue(row);
		return Object.defineProperty({ data }, "rowId", { get }) as CommitRow<never>;
	}

	#active(): readonly InsertRow[] {
		const { rows } = this;
		return rows.some((row) => row.prevented) ? rows.filter((row) => !row.prevented) : rows;
	}
}

import { run, toPromise, type Steps } from "../../kernel/maybe.ts";
import type { Statement } from "../database.ts";
import type { Entity, Row } from "../schema/entity.ts";
import { changedExactly } from "./guard.ts";
import type { BatchResults, Operation } from "./operation.ts";
import { allowedVersions, notFound } from "./precondition.ts";
import { idKey } from "./row-keys.ts";
import {
	NOTHING_ADDED,
	type Additions,
	type RowOutcome,
	type Write,
	type WriteTarget,
} from "./write.ts";
import {
	MutatorDeleteAfter,
	MutatorDeleteBefore,
	MutatorDeleteCommit,
	MutatorDeleteFailed,
} from "./delete-events.ts";
import {
	collect,
	findMissedRow,
	readInto,
	readStored,
	type RowsById,
	type StoredRow,
} from "./written-rows.ts";

/** Deletes rows of one entity by their ids. */
export class Delete implements Operation {
	readonly entity: Entity;
	readonly rows: readonly StoredRow[];
	readonly #write: Write;
	readonly #target: WriteTarget;
	readonly #deleted: RowsById = new Map();
	#begun = false;
	#additions: Additions | undefined;
	/** Where the result with its rows stands. */
	#at = 0;
	#snapshot = false;
	/** Whether a listener keeps some of the rows. */
	#prevents = false;

	constructor(write: Write, target: WriteTarget, rows: readonly StoredRow[]) {
		this.entity = target.entity;
		this.rows = rows;
		this.#write = write;
		this.#target = target;
	}

	/** The rows that were, and those that a listener kept. */
	*settled(): Steps<RowsById> {
		if (this.active().length < this.rows.length) {
			const kept = this.rows.filter((row) => row.prevented).map(({ id }) => id);
			yield* readInto(this.#write, this.#target, this.#deleted, kept);
		}
		return this.#deleted;
	}

	/** The same in the order of the rows. @throws `not_found`. */
	*results(): Steps<readonly (Row | undefined)[]> {
		const deleted = yield* this.settled();
		return this.rows.map(({ id, precondition }) => {
			const row = deleted.get(idKey(id));
			if (!row && precondition) throw notFound(this.entity, id);
			return row;
		});
	}

	/** What becomes of each row. */
	get outcomes(): readonly RowOutcome[] {
		return this.rows.map((row) => (row.prevented ? "prevented" : "deleted"));
	}

	*prepare(): Steps<void> {
		if (this.#write.hears(MutatorDeleteBefore, this.entity)) yield* this.#before();
		this.#begun = true;
	}

	*commit(): Steps<void> {
		const rows = this.active();
		if (rows.length === 0) return;
		this.#additions = NOTHING_ADDED;
		if (!this.#write.hears(MutatorDeleteCommit, this.entity)) return;
		this.#additions = yield* this.#write.commit(MutatorDeleteCommit, this.entity, () =>
			rows.map(({ id }) => ({ entityId: id, rowId: id })),
		);
	}

	/**
	 * Adds statements that read the rows and refuse the batch when one is missing: where the database
	 * itself may delete some of them before it is their turn.
	 */
	appendSnapshot(statements: Statement[]): void {
		const rows = this.active();
		if (rows.length === 0) return;
		const ids = rows.map(({ id }) => id);
		this.#snapshot = true;
		this.#at = statements.length;
		const versions = allowedVersions(rows[0]?.precondition ?? {});
		statements.push(
			this.#target.stored.readMany(ids),
			this.#target.stored.refuseMissing(ids, versions),
		);
	}

	append(statements: Statement[], operations: number): void {
		const additions = this.#additions;
		if (!additions) return;
		const rows = this.active();
		const added = additions.before.length + additions.after.length > 0;
		const guarded = !this.#snapshot && (rows.length > 1 || operations > 1 || added);
		statements.push(...additions.before);
		if (!this.#snapshot) this.#at = statements.length;
		statements.push(this.#statementOf(rows));
		if (guarded) statements.push(changedExactly(rows.length));
		statements.push(...additions.after);
	}

	take(results: BatchResults): boolean {
		if (!this.#additions) return true;
		collect(this.#target, this.#deleted, results[this.#at] ?? []);
		return this.#deleted.size >= this.active().length;
	}

	*after(): Steps<void> {
		if (!this.#additions || !this.#write.hears(MutatorDeleteAfter, this.entity)) return;
		const { entity } = this;
		for (const { id } of this.active()) {
			const data = { ...this.#deleted.get(idKey(id)) };
			yield* this.#write.emit(new MutatorDeleteAfter({ entity, entityId: id, data, changed: {} }));
		}
	}

	*fail(error: unknown): Steps<void> {
		const rows = this.#begun ? this.active() : [];
		if (rows.length === 0) return;
		const failed = rows.map(({ id }) => ({ entityId: id }));
		yield* this.#write.fail(MutatorDeleteFailed, this.entity, failed, error);
	}

	findMissed(operations: number): Steps<Error | undefined> {
		return findMissedRow(this.#write, this.#target, this.active(), operations);
	}

	/** The rows that are deleted. */
	active(): readonly StoredRow[] {
		return this.#prevents ? this.rows.filter((row) => !row.prevented) : this.rows;
	}

	*#before(): Steps<void> {
		const { entity } = this;
		for (const row of this.rows) {
			const stored = () => readStored(this.#write, this.#target, row.id);
			const previous = () => toPromise(() => run(stored));
			const event = yield* this.#write.emit(
				new MutatorDeleteBefore({ entity, entityId: row.id, previous }),
			);
			if (!event.defaultPrevented) continue;
			row.prevented = true;
			this.#prevents = true;
			this.#write.prevent();
		}
	}

	#statementOf(rows: readonly StoredRow[]): Statement {
		const { statements } = this.#target;
		const [only] = rows;
		if (rows.length > 1 || !only) return statements.deleteMany(rows.map(({ id }) => id));
		return statements.delete(only.id, allowedVersions(only.precondition ?? {}));
	}
}

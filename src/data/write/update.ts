import { run, toPromise, type Steps } from "../../kernel/maybe.ts";
import type { Statement } from "../database.ts";
import type { Entity, Row } from "../schema/entity.ts";
import { groupByFields } from "./group-by-fields.ts";
import { changedExactly } from "./guard.ts";
import type { BatchResults, Operation } from "./operation.ts";
import { allowedVersions, notFound, staleError, takeVersion } from "./precondition.ts";
import { changesOf } from "./changes-of.ts";
import { idKey } from "./row-keys.ts";
import { RowReader, withUpdateDefaults } from "./row-reader.ts";
import { inParts, type StatementPart } from "./in-parts.ts";
import {
	NOTHING_ADDED,
	type Additions,
	type RowOutcome,
	type Write,
	type WriteTarget,
} from "./write.ts";
import {
	MutatorUpdateAfter,
	MutatorUpdateBefore,
	MutatorUpdateCommit,
	MutatorUpdateFailed,
} from "./update-events.ts";
import {
	collect,
	findMissedRow,
	readInto,
	readStored,
	type RowsById,
	type StoredRow,
} from "./written-rows.ts";

/** A row on its way to other values. */
export interface UpdateRow extends StoredRow {
	/** What stands before a field's name in a fault: nothing, or `update.`. */
	readonly path: string;
	data: Row;
}

/** Updates rows of one entity, each with its own data; their data has been read. */
export class Update implements Operation {
	readonly entity: Entity;
	readonly rows: readonly UpdateRow[];
	readonly #write: Write;
	readonly #target: WriteTarget;
	readonly #guards: readonly Statement[];
	readonly #stored: RowsById = new Map();
	#previous: RowsById | undefined;
	/** The rows that are written, not prevented and with something to change; once listeners were heard. */
	#active: readonly UpdateRow[] | undefined;
	#additions: Additions | undefined;
	/** Where the results of its own statements begin, and how many of its statements there are. */
	#start = 0;
	#length = 0;

	/** @param guards Refuse the batch unless what the update was made of still holds. */
	constructor(
		write: Write,
		target: WriteTarget,
		rows: readonly UpdateRow[],
		guards: readonly Statement[] = [],
	) {
		this.entity = target.entity;
		this.rows = rows;
		this.#write = write;
		this.#target = target;
		this.#guards = guards;
	}

	/** The rows as they now are, those included that have not changed. */
	*settled(): Steps<RowsById> {
		if (this.#stored.size < this.rows.length) {
			const unchanged = this.rows.filter(({ id }) => !this.#stored.has(idKey(id)));
			const ids = unchanged.map(({ id }) => id);
			yield* readInto(this.#write, this.#target, this.#stored, ids);
		}
		return this.#stored;
	}

	/**
	 * The same in the order of the rows.
	 * @throws `not_found`, `stale_version`, `precondition_failed` for a row that has not changed.
	 */
	*results(): Steps<readonly (Row | undefined)[]> {
		const all = this.#stored.size === this.rows.length;
		if (all) return this.rows.map(({ id }) => this.#stored.get(idKey(id)));
		const changed = new Set(this.#stored.keys());
		const stored = yield* this.settled();
		for (const { id, precondition, prevented } of this.rows) {
			if (!precondition || changed.has(idKey(id))) continue;
			const row = stored.get(idKey(id));
			if (!row) throw notFound(this.entity, id);
			const stale = prevented ? undefined : staleError(this.entity, id, row, precondition);
			if (stale) throw stale;
		}
		return this.rows.map(({ id }) => stored.get(idKey(id)));
	}

	/** What becomes of each row. */
	get outcomes(): readonly RowOutcome[] {
		return this.rows.map((row) => {
			if (row.prevented) return "prevented";
			return Object.keys(row.data).length > 0 ? "updated" : "unchanged";
		});
	}

	*prepare(): Steps<void> {
		if (this.#write.hears(MutatorUpdateBefore, this.entity)) yield* this.#before();
		this.#active = this.rows.filter((row) => !row.prevented && Object.keys(row.data).length > 0);
		const reader = new RowReader(this.entity);
		for (const row of this.#active) {
			withUpdateDefaults(this.entity, row.data);
			reader.checkUpdate(row.data, row.path);
		}
		reader.complain();
	}

	*commit(): Steps<void> {
		const rows = this.#written;
		if (rows.length === 0) return;
		this.#additions = NOTHING_ADDED;
		if (!this.#write.hears(MutatorUpdateCommit, this.entity)) return;
		this.#additions = yield* this.#write.commit(MutatorUpdateCommit, this.entity, () =>
			rows.map(({ id, data }) => ({ entityId: id, rowId: id, data })),
		);
	}

	append(statements: Statement[], operations: number): void {
		const additions = this.#additions;
		if (!additions) return this.#guardUnchanged(statements, operations);
		const rows = this.#written;
		const added = additions.before.length + additions.after.length > 0;
		const guarded = rows.length > 1 || operations > 1 || added;
		statements.push(...this.#guards, ...additions.before);
		this.#start = statements.length;
		if (this.#write.wantsPrevious(MutatorUpdateAfter, this.entity)) {
			this.#previous = new Map();
			statements.push(this.#target.stored.readMany(rows.map(({ id }) => id)));
		}
		for (const part of groupByFields(rows).flatMap((group) => this.#partsOf(group))) {
			statements.push(part.statement);
			if (guarded) statements.push(changedExactly(part.rows.length));
		}
		this.#length = statements.length - this.#start;
		statements.push(...additions.after);
	}

	take(results: BatchResults): boolean {
		if (!this.#additions) return true;
		for (let index = 0; index < this.#length; index++) {
			const into = index === 0 && this.#previous ? this.#previous : this.#stored;
			collect(this.#target, into, results[this.#start + index] ?? []);
		}
		return this.#stored.size >= this.#written.length;
	}

	*after(): Steps<void> {
		if (!this.#additions || !this.#write.hears(MutatorUpdateAfter, this.entity)) return;
		const { entity } = this;
		for (const { id, data } of this.#written) {
			const key = idKey(id);
			const stored = { ...this.#stored.get(key) };
			const previous = this.#previous?.get(key);
			yield* this.#write.emit(
				new MutatorUpdateAfter({
					entity,
					entityId: id,
					data: stored,
					changed: changesOf(data, stored) as never,
					...(previous ? { previous } : {}),
				}),
			);
		}
	}

	*fail(error: unknown): Steps<void> {
		const rows = this.#written;
		if (rows.length === 0) return;
		const failed = rows.map(({ id, data }) => ({ entityId: id, data }));
		yield* this.#write.fail(MutatorUpdateFailed, this.entity, failed, error);
	}

	findMissed(operations: number): Steps<Error | undefined> {
		const rows = this.rows.filter((row) => !row.prevented);
		return findMissedRow(this.#write, this.#target, rows, operations);
	}

	// oxlint-disable-next-line require-yield -- It is known which data it was.
	*findDuplicate(): Steps<string | undefined> {
		return this.#written[0]?.path;
	}

	get #written(): readonly UpdateRow[] {
		return this.#active ?? [];
	}

	*#before(): Steps<void> {
		const { entity } = this;
		const reader = new RowReader(entity);
		for (const row of this.rows) {
			const stored = () => readStored(this.#write, this.#target, row.id);
			const event = yield* this.#write.emit(
				new MutatorUpdateBefore({
					entity,
					entityId: row.id,
					data: row.data as never,
					previous: () => toPromise(() => run(stored)),
				}),
			);
			if (event.defaultPrevented) {
				row.prevented = true;
				this.#write.prevent();
				continue;
			}
			row.data = reader.readUpdate(event.params.data, row.path, row.id);
			takeVersion(entity, row.data);
		}
		reader.complain();
	}

	/** A row that changes in nothing itself may still be what the rest of the batch depends on. */
	#guardUnchanged(statements: Statement[], operations: number): void {
		for (const { id, precondition, prevented } of this.rows) {
			if (prevented || !precondition || operations === 1) continue;
			const versions = allowedVersions(precondition);
			statements.push(this.#target.stored.refuseMissing([id], versions));
		}
	}

	#partsOf(group: readonly UpdateRow[]): readonly StatementPart<UpdateRow>[] {
		const { statements } = this.#target;
		const make = (rows: readonly UpdateRow[]) => this.#statementOf(rows);
		return inParts(group, make, (statement) => statements.fits(statement));
	}

	#statementOf(group: readonly UpdateRow[]): Statement {
		const { statements } = this.#target;
		const [only] = group;
		if (group.length > 1 || !only) return statements.updateMany(group);
		return statements.update(only.id, only.data, allowedVersions(only.precondition ?? {}));
	}
}

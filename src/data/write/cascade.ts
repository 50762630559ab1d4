import type { Steps } from "../../kernel/maybe.ts";
import { CascadeSearch, type Doomed } from "./cascade-search.ts";
import type { Statement } from "../database.ts";
import { Delete } from "./delete.ts";
import type { Entity, Row } from "../schema/entity.ts";
import { dataErrors } from "../errors.ts";
import { hearsDependents } from "./hears-dependents.ts";
import { missed } from "./explain-failure.ts";
import type { BatchResults, Operation } from "./operation.ts";
import { Update } from "./update.ts";
import type { RowOutcome, Write, WriteTarget } from "./write.ts";
import type { RowsById, StoredRow } from "./written-rows.ts";

/**
 * Deletes rows and carries out, with its events, what foreign keys want of the rows that refer to
 * them. Events of a row come before those of the rows that refer to it; the statements run the other
 * way round. The rows are found before any listener is called, and again refused in the batch if
 * others came to them meanwhile.
 */
export class Cascade implements Operation {
	readonly entity: Entity;
	readonly #write: Write;
	readonly #root: Delete;
	readonly #search: CascadeSearch;
	#updates: readonly Update[] = [];
	#deletes: readonly Delete[] = [];
	#found: readonly Doomed[] = [];

	constructor(write: Write, target: WriteTarget, rows: readonly StoredRow[]) {
		this.entity = target.entity;
		this.#write = write;
		this.#root = new Delete(write, target, rows);
		this.#search = new CascadeSearch(write, target);
	}

	/** The rows of the entity itself. */
	get rows(): readonly StoredRow[] {
		return this.#root.rows;
	}

	/** What became of them. */
	settled(): Steps<RowsById> {
		return this.#root.settled();
	}

	/** The same in the order of the rows. @throws `not_found`. */
	results(): Steps<readonly (Row | undefined)[]> {
		return this.#root.results();
	}

	/** What becomes of each of these rows. */
	get outcomes(): readonly RowOutcome[] {
		return this.#root.outcomes;
	}

	*prepare(): Steps<void> {
		yield* this.#find();
		yield* this.#root.prepare();
		if (this.#root.rows.some((row) => row.prevented)) yield* this.#find();
		this.#deletes = this.#found.flatMap(({ target, deleted }) =>
			deleted.length > 0 ? new Delete(this.#write, target, deleted) : [],
		);
		this.#updates = this.#found.flatMap(({ target, updated }) =>
			updated.length > 0 ? new Update(this.#write, target, updated) : [],
		);
		for (const operation of [...this.#deletes, ...this.#updates]) {
			yield* operation.prepare();
			if (!operation.rows.some((row) => row.prevented)) continue;
			const parent = this.entity.name;
			throw dataErrors.create("cascade_prevented", { entity: operation.entity.name, parent });
		}
	}

	*commit(): Steps<void> {
		for (const operation of this.#all()) yield* operation.commit();
	}

	append(statements: Statement[], operations: number): void {
		const deletes = [this.#root, ...this.#deletes];
		for (const one of deletes) one.appendSnapshot(statements);
		statements.push(...this.#search.refuseOthers());
		const inOrder = [...this.#updates, ...deletes.reverse()];
		for (const one of inOrder) one.append(statements, operations + inOrder.length);
	}

	take(results: BatchResults): boolean {
		return this.#all().every((operation) => operation.take(results));
	}

	*after(): Steps<void> {
		for (const operation of this.#all()) yield* operation.after();
	}

	*fail(error: unknown): Steps<void> {
		for (const operation of this.#all()) yield* operation.fail(error);
	}

	*findMissed(operations: number): Steps<Error | undefined> {
		return (yield* this.#root.findMissed(operations + 1)) ?? (yield* missed([]));
	}

	#all(): readonly (Delete | Update)[] {
		return [this.#root, ...this.#deletes, ...this.#updates];
	}

	*#find(): Steps<void> {
		this.#found = yield* this.#search.find(this.#root.active().map(({ id }) => id));
	}
}

/** The operation that deletes these rows: with a cascade where somebody listens to what it does. */
export function deletion(
	write: Write,
	target: WriteTarget,
	rows: readonly StoredRow[],
): Delete | Cascade {
	return hearsDependents(write, target)
		? new Cascade(write, target, rows)
		: new Delete(write, target, rows);
}

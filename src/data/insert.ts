import type { Steps } from "../kernel/maybe.ts";
import { wait } from "../kernel/maybe.ts";
import type { Row } from "./entity.ts";
import { planInsert, type InsertPlan, type InsertRow } from "./insert-plan.ts";
import { RowReader, withInsertDefaults } from "./row-reader.ts";
import type { Additions, Write } from "./write.ts";
import {
	MutatorInsertAfter,
	MutatorInsertBefore,
	MutatorInsertCommit,
	MutatorInsertFailed,
} from "./write-events.ts";

/** Names the place of a row's field in a fault: `title`, or `[3].title` in bulk. */
export type PathOf = (index: number) => string;

/**
 * Inserts rows through all phases. Answers the stored rows in the order of the input, null for one
 * that a listener prevented.
 */
export function* insertRows(
	write: Write,
	inputs: readonly unknown[],
	pathOf: PathOf,
): Steps<readonly (Row | null)[]> {
	const reader = new RowReader(write.entity);
	const read = inputs.map((input, index) => ({ index, data: reader.read(input, pathOf(index)) }));
	reader.complainOfInserts(read, pathOf);
	const rows = yield* before(write, read, pathOf);
	const stored: (Row | null)[] = inputs.map(() => null);
	if (rows.length === 0) return stored;
	try {
		complete(write, rows, pathOf);
		const plan = planInsert(write.entity, write.statements, rows);
		yield* store(write, plan, stored);
	} catch (error) {
		const known = write.explain(error, () => error as Error);
		yield* write.fail(
			MutatorInsertFailed,
			rows.map(({ data }) => ({ data })),
			known,
		);
		throw known;
	}
	yield* after(write, rows, stored);
	return stored;
}

function* before(
	write: Write,
	rows: readonly InsertRow[],
	pathOf: PathOf,
): Steps<readonly InsertRow[]> {
	if (!write.hears(MutatorInsertBefore)) return rows;
	const { entity } = write;
	const reader = new RowReader(entity);
	const remaining: InsertRow[] = [];
	for (const row of rows) {
		const event = yield* write.emit(new MutatorInsertBefore({ entity, data: row.data as never }));
		if (event.defaultPrevented) {
			write.prevent();
			continue;
		}
		row.data = reader.read(event.params.data, pathOf(row.index));
		remaining.push(row);
	}
	reader.complain();
	return remaining;
}

function complete(write: Write, rows: readonly InsertRow[], pathOf: PathOf): void {
	const reader = new RowReader(write.entity);
	for (const row of rows) {
		row.data = withInsertDefaults(write.entity, row.data);
		reader.checkInsert(row.data, pathOf(row.index));
	}
	reader.complain();
}

function* store(write: Write, plan: InsertPlan, stored: (Row | null)[]): Steps<void> {
	const additions: Additions = yield* write.commit(MutatorInsertCommit, () =>
		plan.rows.map(({ row, entityId, rowId }) => ({
			...(entityId === undefined ? {} : { entityId }),
			rowId,
			data: row.data,
		})),
	);
	const results = yield* wait(
		write.store([
			...additions.before,
			...plan.groups.map((group) => group.statement),
			...additions.after,
		]),
	);
	for (const [index, group] of plan.groups.entries()) {
		const rows = results[additions.before.length + index] ?? [];
		for (const [place, row] of group.rows.entries()) {
			const values = rows[place];
			if (values) stored[row.index] = write.hydrate(values);
		}
	}
}

function* after(
	write: Write,
	rows: readonly InsertRow[],
	stored: readonly (Row | null)[],
): Steps<void> {
	if (!write.hears(MutatorInsertAfter)) return;
	const { entity } = write;
	for (const row of rows) {
		const data = stored[row.index];
		if (!data) continue;
		const changed = row.data as never;
		const params = { entity, entityId: entity.idOf(data), data: { ...data }, changed };
		yield* write.emit(new MutatorInsertAfter(params));
	}
}

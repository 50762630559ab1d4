import { wait, toPromise, run, type Steps } from "../kernel/maybe.ts";
import type { AppError } from "../kernel/error.ts";
import type { SqlRow, Statement } from "./database.ts";
import type { EntityId, Row } from "./entity.ts";
import { dataErrors } from "./errors.ts";
import { shorten } from "./fault-list.ts";
import { groupByFields } from "./group-by-fields.ts";
import { changedAtMost, changedExactly } from "./guard.ts";
import type { Condition } from "./query/ast.ts";
import { RowReader, withUpdateDefaults } from "./row-reader.ts";
import { idKey, keysOf, sortByKey } from "./row-keys.ts";
import type { Write } from "./write.ts";
import {
	MutatorUpdateAfter,
	MutatorUpdateBefore,
	MutatorUpdateCommit,
	MutatorUpdateFailed,
} from "./write-events.ts";

const EVENTS = [MutatorUpdateBefore, MutatorUpdateCommit, MutatorUpdateAfter, MutatorUpdateFailed];

/** What differs between an update by id and one by where. */
interface UpdateManner {
	/** What stands before a field's name in a fault. */
	readonly path: "" | "update.";
	/** The error when a row was not hit. */
	readonly onGuard: () => Error;
}

interface UpdateRow {
	readonly id: EntityId;
	data: Row;
	prevented: boolean;
}

/**
 * Updates the row with this id through all phases.
 * @throws `not_found` when there is none; then nothing at all is stored.
 */
export function* updateRow(write: Write, id: EntityId, input: unknown): Steps<Row> {
	const reader = new RowReader(write.entity);
	const data = reader.readUpdate(input, "", id);
	reader.complain();
	const missing = () =>
		dataErrors.create("not_found", { entity: write.entity.name, id: shorten(idKey(id)) });
	const manner: UpdateManner = { path: "", onGuard: missing };
	const [updated] = yield* updateRows(write, [{ id, data, prevented: false }], manner);
	if (updated) return updated;
	throw missing();
}

/**
 * Updates all rows that match. With listeners each row passes through all phases with its own data;
 * without, it is one statement.
 *
 * @throws `too_many_rows` before any listener is called.
 */
export function* updateWhere(
	write: Write,
	where: Condition,
	input: unknown,
): Steps<readonly Row[]> {
	const reader = new RowReader(write.entity);
	const data = reader.readUpdate(input, "update.");
	reader.complain();
	const changes = Object.keys(data).length > 0;
	if (changes && !write.hearsAny(EVENTS)) return yield* updateUnheard(write, where, data);
	const found = yield* wait(write.all(write.statements.keysWhere(where, write.maxRows + 1)));
	if (found.length > write.maxRows) throw write.tooMany();
	const rows = keysOf(write.entity, found).map((id) => ({
		id,
		data: { ...data },
		prevented: false,
	}));
	const updated = yield* updateRows(write, rows, {
		path: "update.",
		onGuard: changedMeanwhile,
	});
	return updated.filter((row) => row !== undefined);
}

function* updateUnheard(write: Write, where: Condition, data: Row): Steps<readonly Row[]> {
	const { entity } = write;
	const reader = new RowReader(entity);
	withUpdateDefaults(entity, data);
	reader.checkUpdate(data, "update.");
	reader.complain();
	try {
		const [rows] = yield* wait(
			write.store([write.statements.updateWhere(where, data), changedAtMost(write.maxRows)]),
		);
		return sortByKey(
			entity,
			(rows ?? []).map((row) => write.hydrate(row)),
		);
	} catch (error) {
		throw write.explain(error, () => write.tooMany());
	}
}

function* updateRows(
	write: Write,
	rows: readonly UpdateRow[],
	{ path, onGuard }: UpdateManner,
): Steps<readonly (Row | undefined)[]> {
	yield* before(write, rows, path);
	const active = rows.filter((row) => !row.prevented && Object.keys(row.data).length > 0);
	const stored = new Map<string, Row>();
	const previous = new Map<string, Row>();
	try {
		complete(write, active, path);
		if (active.length > 0) yield* store(write, active, stored, previous);
		if (stored.size < active.length) throw onGuard();
	} catch (error) {
		const known = write.explain(error, onGuard);
		const failed = active.map(({ id, data }) => ({ entityId: id, data }));
		yield* write.fail(MutatorUpdateFailed, failed, known);
		throw known;
	}
	yield* after(write, active, stored, previous);
	const untouched = rows.filter((row) => !stored.has(idKey(row.id)));
	yield* write.readInto(
		stored,
		untouched.map((row) => row.id),
	);
	return rows.map((row) => stored.get(idKey(row.id)));
}

function* before(write: Write, rows: readonly UpdateRow[], path: string): Steps<void> {
	if (!write.hears(MutatorUpdateBefore)) return;
	const { entity } = write;
	const reader = new RowReader(entity);
	for (const row of rows) {
		const event = yield* write.emit(
			new MutatorUpdateBefore({
				entity,
				entityId: row.id,
				data: row.data as never,
				previous: () => toPromise(() => run(() => write.stored(row.id))),
			}),
		);
		if (event.defaultPrevented) {
			row.prevented = true;
			write.prevent();
		} else row.data = reader.readUpdate(event.params.data, path, row.id);
	}
	reader.complain();
}

function complete(write: Write, rows: readonly UpdateRow[], path: string): void {
	const reader = new RowReader(write.entity);
	for (const row of rows) {
		withUpdateDefaults(write.entity, row.data);
		reader.checkUpdate(row.data, path);
	}
	reader.complain();
}

function* store(
	write: Write,
	rows: readonly UpdateRow[],
	stored: Map<string, Row>,
	previous: Map<string, Row>,
): Steps<void> {
	const { entity, statements } = write;
	const additions = yield* write.commit(MutatorUpdateCommit, () =>
		rows.map(({ id, data }) => ({ entityId: id, rowId: id, data })),
	);
	const reads = write.wantsPrevious(MutatorUpdateAfter)
		? [statements.readMany(rows.map((row) => row.id))]
		: [];
	const guarded = rows.length > 1 || additions.before.length + additions.after.length > 0;
	const updates = groupByFields(rows).flatMap((group): readonly Statement[] => {
		const update = statementOf(write, group);
		return guarded ? [update, changedExactly(group.length)] : [update];
	});
	const leading = additions.before.length + reads.length;
	const results = yield* wait(
		write.store([...additions.before, ...reads, ...updates, ...additions.after]),
	);
	const keep = (into: Map<string, Row>, found: readonly SqlRow[]): void => {
		for (const values of found) {
			const row = write.hydrate(values);
			into.set(idKey(entity.idOf(row)), row);
		}
	};
	if (reads.length > 0) keep(previous, results[additions.before.length] ?? []);
	for (const [index] of updates.entries()) keep(stored, results[leading + index] ?? []);
}

function* after(
	write: Write,
	rows: readonly UpdateRow[],
	stored: ReadonlyMap<string, Row>,
	previous: ReadonlyMap<string, Row>,
): Steps<void> {
	if (!write.hears(MutatorUpdateAfter)) return;
	const { entity } = write;
	for (const { id, data } of rows) {
		const before = previous.get(idKey(id));
		yield* write.emit(
			new MutatorUpdateAfter({
				entity,
				entityId: id,
				data: { ...stored.get(idKey(id)) },
				changed: data as never,
				...(before ? { previous: before } : {}),
			}),
		);
	}
}

function statementOf(write: Write, group: readonly UpdateRow[]): Statement {
	const [only] = group;
	return group.length === 1 && only
		? write.statements.update(only.id, only.data)
		: write.statements.updateMany(group);
}

function changedMeanwhile(): AppError {
	return dataErrors.create("changed_meanwhile", {});
}

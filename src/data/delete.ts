import { wait, toPromise, run, type Steps } from "../kernel/maybe.ts";
import type { EntityId, Row } from "./entity.ts";
import { dataErrors } from "./errors.ts";
import { shorten } from "./fault-list.ts";
import { changedAtMost, changedExactly } from "./guard.ts";
import type { Condition } from "./query/ast.ts";
import { idKey, keysOf, sortByKey } from "./row-keys.ts";
import type { Write } from "./write.ts";
import {
	MutatorDeleteAfter,
	MutatorDeleteBefore,
	MutatorDeleteCommit,
	MutatorDeleteFailed,
} from "./write-events.ts";

const EVENTS = [MutatorDeleteBefore, MutatorDeleteCommit, MutatorDeleteAfter, MutatorDeleteFailed];

/**
 * Deletes the row with this id through all phases, and answers it.
 * @throws `not_found` when there is none; then nothing at all is stored.
 */
export function* deleteRow(write: Write, id: EntityId): Steps<Row> {
	const missing = () =>
		dataErrors.create("not_found", { entity: write.entity.name, id: shorten(idKey(id)) });
	const [deleted] = yield* deleteRows(write, [id], missing);
	if (deleted) return deleted;
	throw missing();
}

/**
 * Deletes all rows that match. With listeners each row passes through all phases; without, it is
 * one statement.
 *
 * @throws `too_many_rows` before any listener is called.
 */
export function* deleteWhere(write: Write, where: Condition): Steps<readonly Row[]> {
	if (!write.hearsAny(EVENTS)) return yield* deleteUnheard(write, where);
	const found = yield* wait(write.all(write.statements.keysWhere(where, write.maxRows + 1)));
	if (found.length > write.maxRows) throw write.tooMany();
	const deleted = yield* deleteRows(write, keysOf(write.entity, found), () =>
		dataErrors.create("changed_meanwhile", {}),
	);
	return deleted.filter((row) => row !== undefined);
}

function* deleteUnheard(write: Write, where: Condition): Steps<readonly Row[]> {
	try {
		const [rows] = yield* wait(
			write.store([write.statements.deleteWhere(where), changedAtMost(write.maxRows)]),
		);
		return sortByKey(
			write.entity,
			(rows ?? []).map((row) => write.hydrate(row)),
		);
	} catch (error) {
		throw write.explain(error, () => write.tooMany());
	}
}

/** Deletes rows by id; a prevented one is answered as it still is. */
function* deleteRows(
	write: Write,
	ids: readonly EntityId[],
	onGuard: () => Error,
): Steps<readonly (Row | undefined)[]> {
	const prevented = yield* before(write, ids);
	const active = ids.filter((id) => !prevented.has(id));
	const rows = new Map<string, Row>();
	try {
		if (active.length > 0) yield* store(write, active, rows);
		if (rows.size < active.length) throw onGuard();
	} catch (error) {
		const known = write.explain(error, onGuard);
		const failed = active.map((entityId) => ({ entityId }));
		yield* write.fail(MutatorDeleteFailed, failed, known);
		throw known;
	}
	yield* after(write, active, rows);
	yield* write.readInto(rows, [...prevented]);
	return ids.map((id) => rows.get(idKey(id)));
}

function* before(write: Write, ids: readonly EntityId[]): Steps<ReadonlySet<EntityId>> {
	const prevented = new Set<EntityId>();
	if (!write.hears(MutatorDeleteBefore)) return prevented;
	const { entity } = write;
	for (const entityId of ids) {
		const previous = () => toPromise(() => run(() => write.stored(entityId)));
		const event = yield* write.emit(new MutatorDeleteBefore({ entity, entityId, previous }));
		if (event.defaultPrevented) {
			prevented.add(entityId);
			write.prevent();
		}
	}
	return prevented;
}

function* store(write: Write, ids: readonly EntityId[], rows: Map<string, Row>): Steps<void> {
	const additions = yield* write.commit(MutatorDeleteCommit, () =>
		ids.map((id) => ({ entityId: id, rowId: id })),
	);
	const [only] = ids;
	const statement =
		ids.length === 1 && only !== undefined
			? write.statements.delete(only)
			: write.statements.deleteMany(ids);
	const guarded = ids.length > 1 || additions.before.length + additions.after.length > 0;
	const results = yield* wait(
		write.store([
			...additions.before,
			statement,
			...(guarded ? [changedExactly(ids.length)] : []),
			...additions.after,
		]),
	);
	for (const values of results[additions.before.length] ?? []) {
		const row = write.hydrate(values);
		rows.set(idKey(write.entity.idOf(row)), row);
	}
}

function* after(
	write: Write,
	ids: readonly EntityId[],
	rows: ReadonlyMap<string, Row>,
): Steps<void> {
	if (!write.hears(MutatorDeleteAfter)) return;
	const { entity } = write;
	for (const entityId of ids) {
		const data = { ...rows.get(idKey(entityId)) };
		yield* write.emit(new MutatorDeleteAfter({ entity, entityId, data, changed: {} }));
	}
}

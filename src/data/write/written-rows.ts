import { wait, type Steps } from "../../kernel/maybe.ts";
import type { SqlRow } from "../database.ts";
import { hydrate, type EntityId, type Row } from "../schema/entity.ts";
import { notFound, staleError, type Precondition } from "./precondition.ts";
import { idKey } from "./row-keys.ts";
import type { Write, WriteTarget } from "./write.ts";

/** Rows by their id. */
export type RowsById = Map<string, Row>;

/** What an update or a delete is about: a row that is there already. */
export interface StoredRow {
	readonly id: EntityId;
	/** Set for a row that was addressed by its id: what a caller knows of it. */
	readonly precondition?: Precondition;
	/** Whether a listener keeps it as it is. */
	prevented: boolean;
}

/** Puts the rows that a statement returned under their ids. */
export function collect({ entity }: WriteTarget, into: RowsById, found: readonly SqlRow[]): void {
	for (const values of found) {
		const row = hydrate(entity.fields, values);
		into.set(idKey(entity.idOf(row)), row);
	}
}

/** The row as it is stored now. */
export function* readStored(
	write: Write,
	target: WriteTarget,
	id: EntityId,
): Steps<Row | undefined> {
	const [row] = yield* wait(write.all(target.stored.read(id)));
	return row && hydrate(target.entity.fields, row);
}

/** Reads the rows with these ids as they are stored now. */
export function* readInto(
	write: Write,
	target: WriteTarget,
	rows: RowsById,
	ids: readonly EntityId[],
): Steps<void> {
	if (ids.length === 0) return;
	collect(target, rows, yield* wait(write.all(target.stored.readMany(ids))));
}

/**
 * Looks for rows that are not there, or not of the version that they have to be: only for those that
 * were addressed by their id has this an error of its own.
 */
export function* findMissedRow(
	write: Write,
	target: WriteTarget,
	rows: readonly StoredRow[],
	operations: number,
): Steps<Error | undefined> {
	const addressed = rows.filter((row) => row.precondition !== undefined);
	const [only] = addressed;
	if (!only) return undefined;
	const certain = operations === 1 && rows.length === 1 && !target.entity.version;
	if (certain) return notFound(target.entity, only.id);
	const stored: RowsById = new Map();
	yield* readInto(
		write,
		target,
		stored,
		addressed.map(({ id }) => id),
	);
	for (const { id, precondition } of addressed) {
		const row = stored.get(idKey(id));
		if (!row) return notFound(target.entity, id);
		const stale = staleError(target.entity, id, row, precondition ?? {});
		if (stale) return stale;
	}
	return undefined;
}

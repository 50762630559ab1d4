import { wait, type Steps } from "../../kernel/maybe.ts";
import type { WriteCall } from "./write-call.ts";
import { deletion, type Cascade } from "./cascade.ts";
import type { Delete } from "./delete.ts";
import { FaultList } from "../fault-list.ts";
import { Insert } from "./insert.ts";
import type { InsertRow } from "./insert-plan.ts";
import { NestedWrite } from "./nested-write.ts";
import { noVersion, notFound, takeVersion, type Precondition } from "./precondition.ts";
import type { Condition } from "../query/ast.ts";
import { actionsOf, suppliedBy } from "./relation-changes.ts";
import { RelationLookup } from "./relation-lookup.ts";
import { RelationWrites, type RelationWrite, type RowTree } from "./relation-writes.ts";
import { idKey, keysOf } from "./row-keys.ts";
import { RowReader, type RelationData } from "./row-reader.ts";
import { Update } from "./update.ts";
import type { Write, WriteTarget } from "./write.ts";

/** Names the place of a row's field in a fault: nothing, or `[3].` in bulk. */
export type PathOf = (index: number) => string;

/** Prepares the insert of rows, and of what stands under the names of their relations. */
export function* prepareInsert(
	call: WriteCall,
	target: WriteTarget,
	inputs: readonly unknown[],
	pathOf: PathOf,
): Steps<Insert> {
	const { write } = call;
	const faults = new FaultList("invalid_data");
	const reader = new RowReader(target.entity, faults);
	const rows: InsertRow[] = [];
	const found: (readonly RelationData[] | undefined)[] = [];
	for (const [index, input] of inputs.entries()) {
		const path = pathOf(index);
		rows.push({ index, path, data: reader.read(input, path, "collected"), prevented: false });
		found.push(reader.takeRelations());
	}
	if (found.every((one) => one === undefined)) {
		reader.complainOfInserts(rows);
		return yield* call.add(new Insert(write, target, rows));
	}
	const relations = relationWrites(write, faults, rows.length);
	const trees: readonly RowTree[] = rows.map((row, index) => ({
		row,
		relations: relations.read(found[index] ?? [], row.data),
	}));
	const writes = trees.flatMap((tree) => tree.relations);
	reader.complainOfInserts(rows, suppliedBy(writes));
	yield* askPermission(call, writes);
	const lookup = new RelationLookup(write);
	yield* lookup.readTargets(writes);
	return yield* new NestedWrite(call, lookup).insert(target, trees);
}

/**
 * Prepares the update of the row with this id.
 * @throws `not_found` at once when relations are written and there is no such row.
 */
export function* prepareUpdate(
	call: WriteCall,
	target: WriteTarget,
	id: number | string,
	input: unknown,
	precondition: Precondition,
): Steps<Update> {
	const { write } = call;
	const { entity } = target;
	checkPrecondition(target, id, precondition);
	const faults = new FaultList("invalid_data");
	const reader = new RowReader(entity, faults);
	const data = reader.readUpdate(input, "", id, "collected");
	const inputs = reader.takeRelations();
	const version = takeVersion(entity, data);
	const expected = version === undefined ? precondition : { ...precondition, version };
	const row = { id, path: "", data, precondition: expected, prevented: false };
	if (!inputs) {
		reader.complain();
		return yield* call.add(new Update(write, target, [row]));
	}
	const relations = relationWrites(write, faults, 1);
	const writes = relations.read(inputs, data);
	reader.complain();
	yield* askPermission(call, writes);
	const lookup = yield* lookUp(write, relations, writes, target, id);
	return yield* new NestedWrite(call, lookup.lookup).update(target, row, writes, lookup.stored);
}

/**
 * Prepares the update of all rows that match, each with its own data.
 * @throws `too_many_rows` before any listener is called.
 */
export function* prepareUpdateWhere(
	call: WriteCall,
	target: WriteTarget,
	where: Condition,
	input: unknown,
): Steps<Update> {
	const data = readBulkUpdate(target, input);
	const ids = yield* findIds(call.write, target, where);
	const rows = ids.map((id) => ({ id, path: "update.", data: { ...data }, prevented: false }));
	return yield* call.add(new Update(call.write, target, rows));
}

/** Reads the data of an update of several rows. @throws `invalid_data`. */
export function readBulkUpdate({ entity }: WriteTarget, input: unknown): InsertRow["data"] {
	const faults = new FaultList("invalid_data");
	const reader = new RowReader(entity, faults);
	const data = reader.readUpdate(input, "update.");
	if (takeVersion(entity, data) !== undefined) {
		faults.add(`update.${entity.version?.name}`, "It counts the updates of each row.", "read_only");
	}
	reader.complain();
	return data;
}

/** Prepares the delete of the row with this id. */
export function* prepareDelete(
	call: WriteCall,
	target: WriteTarget,
	id: number | string,
	precondition: Precondition,
): Steps<Delete | Cascade> {
	checkPrecondition(target, id, precondition);
	return yield* call.add(deletion(call.write, target, [{ id, precondition, prevented: false }]));
}

/**
 * Prepares the delete of all rows that match.
 * @throws `too_many_rows` before any listener is called.
 */
export function* prepareDeleteWhere(
	call: WriteCall,
	target: WriteTarget,
	where: Condition,
): Steps<Delete | Cascade> {
	const ids = yield* findIds(call.write, target, where);
	const rows = ids.map((id) => ({ id, prevented: false }));
	return yield* call.add(deletion(call.write, target, rows));
}

function* findIds(write: Write, { entity, stored }: WriteTarget, where: Condition) {
	const found = yield* wait(write.all(stored.keysWhere(where, write.maxRows + 1)));
	if (found.length > write.maxRows) throw write.tooMany();
	return keysOf(entity, found);
}

/** Nobody writes through a relation what they may not write otherwise. @throws What the permit throws. */
function* askPermission({ permit }: WriteCall, writes: readonly RelationWrite[]): Steps<void> {
	if (!permit) return;
	for (const { entity, action } of actionsOf(writes)) yield* wait(permit(entity, action));
}

function relationWrites(write: Write, faults: FaultList, rows: number): RelationWrites {
	const relations = new RelationWrites(faults, write.maxRows, () => write.tooMany());
	relations.count(rows);
	return relations;
}

function* lookUp(
	write: Write,
	relations: RelationWrites,
	writes: readonly RelationWrite[],
	{ entity }: WriteTarget,
	id: number | string,
) {
	const lookup = new RelationLookup(write);
	const stored = yield* lookup.readTargets(writes, { entity, id });
	if (!stored) throw notFound(entity, id);
	relations.count(yield* lookup.readCurrent(writes, stored));
	return { lookup, stored };
}

function checkPrecondition(
	{ entity }: WriteTarget,
	id: number | string,
	given: Precondition,
): void {
	if (given.ifMatch && !entity.version) throw noVersion(entity, idKey(id));
}

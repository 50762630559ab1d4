import type { Steps } from "../../kernel/maybe.ts";
import type { Statement } from "../database.ts";
import { deletion } from "./cascade.ts";
import type { WriteCall } from "./write-call.ts";
import type { EntityId, Relation, Row } from "../schema/entity.ts";
import type { Field } from "../schema/field.ts";
import { Insert } from "./insert.ts";
import type { InsertRow } from "./insert-plan.ts";
import { byRelation, linkOf, linksOf, movesOf, type Parent } from "./relation-changes.ts";
import type { RelationLookup } from "./relation-lookup.ts";
import type { RelationWrite, RowTree } from "./relation-writes.ts";
import { idKey } from "./row-keys.ts";
import { Update, type UpdateRow } from "./update.ts";
import type { WriteTarget } from "./write.ts";
import type { StoredRow } from "./written-rows.ts";

interface RelatedWrite {
	readonly parent: Parent;
	readonly write: RelationWrite;
}

/**
 * Writes rows together with those that belong to them. Rows that a row refers to are inserted before
 * it, rows that refer to it after it; all rows of one entity at the same place are one operation.
 */
export class NestedWrite {
	readonly #call: WriteCall;
	readonly #lookup: RelationLookup;

	constructor(call: WriteCall, lookup: RelationLookup) {
		this.#call = call;
		this.#lookup = lookup;
	}

	/** Inserts rows and all within them. */
	*insert(target: WriteTarget, trees: readonly RowTree[]): Steps<Insert> {
		yield* this.#insertReferred(trees);
		const rows = trees.map(({ row }) => row);
		const insert = yield* this.#call.add(new Insert(this.#call.write, target, rows));
		const parents: Parent[] = [];
		for (const { row, relations } of trees) {
			if (row.prevented) cancel(relations);
			else if (relations.length > 0) {
				parents.push({ relations, stored: false, valueOf: (field) => valueIn(insert, row, field) });
			}
		}
		yield* this.#writeRelated(parents);
		return insert;
	}

	/** Updates a row, of which this is stored, and all within it. */
	*update(
		target: WriteTarget,
		row: UpdateRow,
		relations: readonly RelationWrite[],
		stored: Row,
	): Steps<Update> {
		yield* this.#insertReferred([{ row, relations }]);
		const update = yield* this.#call.add(new Update(this.#call.write, target, [row]));
		if (row.prevented) cancel(relations);
		else {
			const valueOf = ({ name }: Field) => (name in row.data ? row.data[name] : stored[name]);
			yield* this.#writeRelated([{ relations, stored: true, valueOf }]);
		}
		return update;
	}

	/** Inserts the rows to which these rows are to refer. */
	*#insertReferred(
		trees: readonly { readonly row: { data: Row }; readonly relations: readonly RelationWrite[] }[],
	): Steps<void> {
		const created = new Map<Relation, { readonly data: () => Row; readonly tree: RowTree }[]>();
		for (const { row, relations } of trees) {
			for (const { relation, create } of relations) {
				if (relation.keyIn !== "source") continue;
				const group = created.get(relation) ?? [];
				for (const tree of create) group.push({ data: () => row.data, tree });
				created.set(relation, group);
			}
		}
		for (const [relation, group] of created) {
			if (group.length === 0) continue;
			const target = this.#call.write.target(relation.target);
			const insert = yield* this.insert(
				target,
				group.map(({ tree }) => tree),
			);
			for (const { data, tree } of group) {
				if (tree.row.prevented) continue;
				for (const { from, to } of relation.pairs) {
					data()[from.name] = valueIn(insert, tree.row, to);
				}
			}
		}
	}

	*#writeRelated(parents: readonly Parent[]): Steps<void> {
		for (const [relation, writes] of byRelation(parents)) {
			if (relation.through) yield* this.#writeLinks(relation, writes);
			else if (relation.keyIn === "target") yield* this.#writeReferring(relation, writes);
		}
	}

	/** The other rows refer to these. */
	*#writeReferring(relation: Relation, writes: readonly RelatedWrite[]): Steps<void> {
		const target = this.#call.write.target(relation.target);
		const created: RowTree[] = [];
		for (const { parent, write } of writes) {
			for (const tree of write.create) {
				for (const { from, to } of relation.pairs) {
					tree.row.data[to.name] = parent.valueOf(from);
				}
				created.push(tree);
			}
		}
		yield* this.#move(relation, target, writes);
		// Last, so that a unique key is free for what comes.
		if (created.length > 0) yield* this.insert(target, created);
	}

	*#move(relation: Relation, target: WriteTarget, writes: readonly RelatedWrite[]): Steps<void> {
		const leaving = new Map<string, UpdateRow>();
		const coming = new Map<string, UpdateRow>();
		const guards: Statement[] = [];
		for (const { parent, write } of writes) {
			const moves = movesOf(parent, write, this.#lookup);
			for (const row of moves.coming) coming.set(idKey(row.id), row);
			for (const row of moves.leaving) leaving.set(idKey(row.id), row);
			if (moves.left.length > 0) guards.push(staying(target, relation, moves.left));
		}
		// Where a row takes the place of another, the other has to be gone: the key is unique.
		const inOrder =
			relation.cardinality === "one"
				? [[...leaving.values()], [...coming.values()]]
				: [[...coming.values(), ...leaving.values()]];
		for (const [place, rows] of inOrder.entries()) {
			if (rows.length === 0) continue;
			const update = new Update(this.#call.write, target, rows, place === 0 ? guards : []);
			yield* this.#call.add(update);
		}
	}

	/** Rows of an entity in the middle refer to both. */
	*#writeLinks(relation: Relation, writes: readonly RelatedWrite[]): Steps<void> {
		const { through } = relation;
		if (!through) return;
		const { write: unit } = this.#call;
		const created = writes.flatMap(({ parent, write }) =>
			write.create.map((tree) => ({ parent, tree })),
		);
		const added: InsertRow[] = [];
		const removed: StoredRow[] = [];
		if (created.length > 0) {
			const trees = created.map(({ tree }) => tree);
			const insert = yield* this.insert(unit.target(relation.target), trees);
			for (const {
				parent,
				tree: { row },
			} of created) {
				if (row.prevented) continue;
				added.push(linkOf(parent, through, (field) => valueIn(insert, row, field), row.path));
			}
		}
		for (const { parent, write } of writes) {
			const links = linksOf(parent, write, this.#lookup);
			added.push(...links.added);
			removed.push(...links.removed);
		}
		const target = unit.target(through.entity);
		if (removed.length > 0) yield* this.#call.add(deletion(unit, target, removed));
		if (added.length > 0) yield* this.#call.add(new Insert(unit, target, added));
	}
}

/** Refuses the batch when one of these rows has gone to another one since it was found. */
function staying(
	{ entity, stored }: WriteTarget,
	{ pairs }: Relation,
	rows: readonly Row[],
): Statement {
	const fields = [...entity.key, ...pairs.map(({ to }) => to)];
	return stored.refuseOtherValues(
		fields,
		rows.map((row) => fields.map((field) => field.toSql(row[field.name]))),
	);
}

/** The value that a field of a new row will have, as far as its batch can know. */
function valueIn(insert: Insert, row: InsertRow, field: Field): unknown {
	const { entity } = insert;
	if (!entity.key.includes(field)) return row.data[field.name] ?? null;
	const key = insert.keyValue(row);
	return entity.singleKey ? key : (key as Readonly<Record<string, EntityId>>)[field.name];
}

/** Leaves out rows that were to be created for a row that a listener prevented. */
function cancel(relations: readonly RelationWrite[]): void {
	for (const { create } of relations) {
		for (const tree of create) {
			tree.row.prevented = true;
			cancel(tree.relations);
		}
	}
}

import type { Entity, FieldPair, Relation, Row, Through } from "../schema/entity.ts";
import type { Field } from "../schema/field.ts";
import type { InsertRow } from "./insert-plan.ts";
import type { WriteAction } from "../permit.ts";
import type { RelationLookup } from "./relation-lookup.ts";
import type { RelationWrite, TargetRef } from "./relation-writes.ts";
import { idKey } from "./row-keys.ts";
import type { UpdateRow } from "./update.ts";
import type { StoredRow } from "./written-rows.ts";

/** The row whose relations are written: a new one, or one that is stored. */
export interface Parent {
	/** The value of one of its fields, which may be an SQL value. */
	readonly valueOf: (field: Field) => unknown;
	readonly relations: readonly RelationWrite[];
	/** Whether anything can belong to it already. */
	readonly stored: boolean;
}

/** What becomes of rows that hold the key of a relation themselves. */
export interface Moves {
	/** Those that come to the parent. */
	readonly coming: readonly UpdateRow[];
	/** Those that leave it, and how they were found. */
	readonly leaving: readonly UpdateRow[];
	readonly left: readonly Row[];
}

/** What the attached, detached and set rows of a relation come to, where they hold the key themselves. */
export function movesOf(parent: Parent, write: RelationWrite, lookup: RelationLookup): Moves {
	const { target, pairs, name } = write.relation;
	const names = pairs.map(({ to }) => to.name);
	const own: Row = {};
	const none: Row = {};
	for (const { from, to } of pairs) {
		own[to.name] = parent.valueOf(from);
		none[to.name] = null;
	}
	const belongs = (row: Row) => parent.stored && same(row, own, names);
	const kept = new Set((write.set ?? []).map(({ id }) => idKey(id)));
	const attached = [...write.attach, ...(write.set ?? [])].filter(({ id }) => {
		const row = lookup.target(target, id);
		return row !== undefined && !belongs(row);
	});
	const detached = distinct(write.detach).flatMap((ref) => {
		const row = lookup.target(target, ref.id);
		return row && belongs(row) ? { ref, row } : [];
	});
	const replaced = (write.set ? lookup.current(write) : []).flatMap((row) => {
		const ref = { id: target.idOf(row), path: `${name}.$set` };
		return kept.has(idKey(ref.id)) ? [] : { ref, row };
	});
	const leaving = [...detached, ...replaced];
	return {
		coming: attached.map((ref) => move(ref, own)),
		leaving: leaving.map(({ ref }) => move(ref, none)),
		left: leaving.map(({ row }) => row),
	};
}

/** What they come to where an entity in the middle holds the keys. */
export function linksOf(
	parent: Parent,
	write: RelationWrite,
	lookup: RelationLookup,
): { readonly added: readonly InsertRow[]; readonly removed: readonly StoredRow[] } {
	const { target } = write.relation;
	const through = write.relation.through as Through;
	const current = lookup.current(write);
	const linksTo = (link: Row, row: Row) =>
		through.target.every(({ from, to }) => String(link[from.name]) === String(row[to.name]));
	const rowsOf = (refs: readonly TargetRef[]) =>
		refs.flatMap((ref) => {
			const row = lookup.target(target, ref.id);
			return row ? [{ ref, row }] : [];
		});
	const wanted = distinct([...write.attach, ...(write.set ?? [])]);
	const added = rowsOf(wanted)
		.filter(({ row }) => !current.some((link) => linksTo(link, row)))
		.map(({ ref, row }) => linkOf(parent, through, (field) => row[field.name], `${ref.path}.`));
	const kept = rowsOf(write.set ?? []);
	const dropped = rowsOf(write.detach);
	const removed = current.filter((link) =>
		write.set
			? !kept.some(({ row }) => linksTo(link, row))
			: dropped.some(({ row }) => linksTo(link, row)),
	);
	return {
		added,
		removed: removed.map((link) => ({ id: through.entity.idOf(link), prevented: false })),
	};
}

/** A row of the entity in the middle. */
export function linkOf(
	parent: Parent,
	{ source, target }: Through,
	valueOf: (field: Field) => unknown,
	path: string,
): InsertRow {
	const data: Row = {};
	for (const { from, to } of source) data[to.name] = parent.valueOf(from);
	for (const { from, to } of target) data[from.name] = valueOf(to);
	return { index: 0, path, data, prevented: false };
}

/** The writes of all parents, by relation, in the order in which they came. */
export function byRelation(
	parents: readonly Parent[],
): ReadonlyMap<Relation, readonly { readonly parent: Parent; readonly write: RelationWrite }[]> {
	const groups = new Map<Relation, { parent: Parent; write: RelationWrite }[]>();
	for (const parent of parents) {
		for (const write of parent.relations) {
			const group = groups.get(write.relation);
			if (group) group.push({ parent, write });
			else groups.set(write.relation, [{ parent, write }]);
		}
	}
	return groups;
}

/** What these writes do to which entities, each named once. */
export function actionsOf(
	writes: readonly RelationWrite[],
): readonly { readonly entity: Entity; readonly action: WriteAction }[] {
	const actions = new Map<string, { readonly entity: Entity; readonly action: WriteAction }>();
	const add = (entity: Entity, action: WriteAction) =>
		actions.set(`${entity.name} ${action}`, { entity, action });
	for (const { relation, create, attach, detach, set } of writes) {
		const { target, through } = relation;
		if (create.length > 0) add(target, "create");
		if (through && create.length + attach.length + (set?.length ?? 0) > 0) {
			add(through.entity, "create");
		}
		if (through && (detach.length > 0 || set)) add(through.entity, "delete");
		if (!through && (attach.length + detach.length > 0 || set)) add(target, "update");
		for (const { entity, action } of actionsOf(create.flatMap(({ relations }) => relations))) {
			add(entity, action);
		}
	}
	return [...actions.values()];
}

/** The names of the fields whose values a relation gives to the row that it belongs to. */
export function suppliedBy(writes: readonly RelationWrite[]): ReadonlySet<string> {
	const referring = writes.filter(({ relation }) => relation.keyIn === "source");
	const pairs = referring.flatMap(({ relation }): readonly FieldPair[] => relation.pairs);
	return new Set(pairs.map(({ from }) => from.name));
}

function move({ id, path }: TargetRef, data: Row): UpdateRow {
	return { id, path: `${path}.`, data: { ...data }, prevented: false };
}

function distinct(refs: readonly TargetRef[]): readonly TargetRef[] {
	return [...new Map(refs.map((ref) => [idKey(ref.id), ref])).values()];
}

function same(one: Row, other: Row, names: readonly string[]): boolean {
	return names.every((name) => String(one[name]) === String(other[name]));
}

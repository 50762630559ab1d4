import type { SQL } from "drizzle-orm";
import type { Statement } from "../database.ts";
import type { Entity, EntityId, Row } from "../schema/entity.ts";
import { groupByFields } from "./group-by-fields.ts";
import { inParts, type StatementPart } from "./in-parts.ts";
import { keepRowIds, type RowReference } from "./row-reference.ts";
import type { WriteStatements } from "./write-statements.ts";

/** A row on its way into the database. */
export interface InsertRow {
	/** Its place in the input. */
	readonly index: number;
	/** What stands before a field's name in a fault: nothing, or `[3].`. */
	readonly path: string;
	data: Row;
	/** Whether it is not stored, because a listener said so. */
	prevented: boolean;
	/** What stands for an id that the database makes, once somebody has asked for it. */
	reference?: RowReference;
	/** The row as it is stored, once it is. */
	stored?: Row;
}

/** A key whose values may be known only to the database. */
export type KeyValue = EntityId | SQL | Readonly<Record<string, number | string | SQL>>;

/** The statements of an insert: as few as its rows have different sets of fields, if these are not too large. */
export interface InsertPlan {
	readonly groups: readonly StatementPart<InsertRow>[];
	/** Keeps the ids aside that somebody has asked for; it runs right after the groups. */
	readonly keep: Statement | undefined;
}

/**
 * Plans the statements of an insert. Rows that bring their own key go first: the row numbers that the
 * database makes for the others are then consecutive, and end at the highest one.
 */
export function planInsert(
	entity: Entity,
	statements: WriteStatements,
	rows: readonly InsertRow[],
): InsertPlan {
	const keyed: InsertRow[] = [];
	const keyless: InsertRow[] = [];
	for (const row of rows) (bringsKey(entity, row.data) ? keyed : keyless).push(row);
	const keylessGroups = groupByFields(keyless);
	const groups = keyed.length === 0 ? keylessGroups : [...groupByFields(keyed), ...keylessGroups];
	return {
		groups: groups.flatMap((group) =>
			inParts(
				group,
				(rows) => statementOf(statements, rows),
				(statement) => statements.fits(statement),
			),
		),
		keep: keepReferences(entity, keylessGroups.flat()),
	};
}

/** The key that a row brings itself, or undefined when the database makes one. */
export function keyOf(entity: Entity, row: Row): EntityId | undefined {
	for (const { name } of entity.key) {
		const value = row[name];
		if (typeof value !== "number" && typeof value !== "string") return undefined;
	}
	return entity.idOf(row);
}

/** Whether nothing of the row's key is left to the database. */
function bringsKey(entity: Entity, row: Row): boolean {
	if (entity.singleKey) return keyOf(entity, row) !== undefined;
	return entity.key.every(({ name }) => row[name] !== undefined && row[name] !== null);
}

/** The key of a row that is about to be inserted, as a value for statements of the same batch. */
export function keyValueOf(
	entity: Entity,
	row: InsertRow,
	makeReference: () => RowReference,
): KeyValue {
	const known = keyOf(entity, row.data);
	if (known !== undefined) return known;
	if (!entity.singleKey && bringsKey(entity, row.data)) {
		return entity.idOf(row.data) as Readonly<Record<string, number | string | SQL>>;
	}
	return (row.reference ??= makeReference());
}

function statementOf(statements: WriteStatements, group: readonly InsertRow[]): Statement {
	const [only] = group;
	return group.length === 1 && only
		? statements.insert(only.data)
		: statements.insertMany(group.map((row) => row.data));
}

function keepReferences(entity: Entity, inOrder: readonly InsertRow[]): Statement | undefined {
	const places: (readonly [number, number])[] = [];
	for (const [place, { reference }] of inOrder.entries()) {
		if (reference) places.push([inOrder.length - 1 - place, reference.slot]);
	}
	return places.length > 0 ? keepRowIds(entity, places) : undefined;
}

import { sql, type SQL } from "drizzle-orm";
import type { Statement } from "./database.ts";
import type { Entity, EntityId, Row } from "./entity.ts";
import { groupByFields } from "./group-by-fields.ts";
import type { WriteStatements } from "./write-statements.ts";

/** A row on its way into the database. */
export interface InsertRow {
	/** Its place in the input. */
	readonly index: number;
	data: Row;
}

/** A row of an insert, and the id that later statements of its batch may use. */
export interface PlannedRow {
	readonly row: InsertRow;
	/** The id, when it is known before the row is stored. */
	readonly entityId: EntityId | undefined;
	readonly rowId: EntityId | SQL;
}

/** One statement of an insert, and the rows it stores in the order in which it returns them. */
export interface InsertGroup {
	readonly rows: readonly InsertRow[];
	readonly statement: Statement;
}

/** The statements of an insert: as few as its rows have different sets of fields. */
export interface InsertPlan {
	readonly groups: readonly InsertGroup[];
	/** The rows in the order of the input. */
	readonly rows: readonly PlannedRow[];
}

/**
 * Plans the statements of an insert. Rows that bring their own key go first: the ids that the
 * database makes for the others are then consecutive and end at the highest one, which is how
 * `rowId` can name each of them in SQL. (`last_insert_rowid()` can't: any other insert moves it.)
 */
export function planInsert(
	entity: Entity,
	statements: WriteStatements,
	rows: readonly InsertRow[],
): InsertPlan {
	const planned: PlannedRow[] = [];
	const keyed: InsertRow[] = [];
	const keyless: InsertRow[] = [];
	for (const row of rows) {
		const entityId = keyOf(entity, row.data);
		(entityId === undefined ? keyless : keyed).push(row);
		if (entityId !== undefined) planned.push({ row, entityId, rowId: entityId });
	}
	const keyedGroups = groupByFields(keyed);
	const keylessGroups = groupByFields(keyless);
	const inOrder = keylessGroups.flat();
	for (const [place, row] of inOrder.entries()) {
		const rowId = madeKey(entity, inOrder.length - 1 - place);
		planned.push({ row, entityId: undefined, rowId });
	}
	return {
		groups: [...keyedGroups, ...keylessGroups].map((group) => ({
			rows: group,
			statement: statementOf(statements, group),
		})),
		rows: planned.sort((a, b) => a.row.index - b.row.index),
	};
}

function statementOf(statements: WriteStatements, group: readonly InsertRow[]): Statement {
	const [only] = group;
	return group.length === 1 && only
		? statements.insert(only.data)
		: statements.insertMany(group.map((row) => row.data));
}

/** The key that a row brings itself, or undefined when the database makes one. */
function keyOf(entity: Entity, row: Row): EntityId | undefined {
	for (const { name } of entity.key) {
		const value = row[name];
		if (typeof value !== "number" && typeof value !== "string") return undefined;
	}
	return entity.idOf(row);
}

/**
 * SQL for the key of the row that was inserted `back` rows before the last one. The number stands in
 * the text: bound, some engines make a REAL of it, and of the key in a text column `27.0`.
 */
function madeKey(entity: Entity, back: number): SQL {
	const key = entity.key[0]?.identifier ?? "rowid";
	const table = entity.identifier;
	if (entity.autoIncrement) {
		const name = entity.tableName.replaceAll("'", "''");
		return sql.raw(`(select seq - ${back} from sqlite_sequence where name = '${name}')`);
	}
	return sql.raw(
		entity.singleKey?.type === "integer"
			? `(select max(${key}) - ${back} from ${table})`
			: `(select ${key} from ${table} order by ${rowNumber(entity)} desc limit 1 offset ${back})`,
	);
}

/** The name by which SQLite calls a row's number in this table: a column may have taken the first. */
function rowNumber(entity: Entity): string {
	const taken = new Set(entity.fields.map(({ column }) => column.name.toLowerCase()));
	return ["rowid", "_rowid_", "oid"].find((name) => !taken.has(name)) ?? "rowid";
}

import { SQL, StringChunk } from "drizzle-orm";
import type { Statement } from "../database.ts";
import type { Entity } from "../schema/entity.ts";

/** The table where a batch keeps ids that the database made, for its own later statements; empty after each. */
export const ROW_IDS_TABLE = "burdock_row_ids";

/** Creates that table. The id's column has no type, so that every id stays what it is. */
export const createRowIds: Statement = {
	sql: `create table if not exists ${ROW_IDS_TABLE} (slot integer primary key, id)`,
	params: [],
};

/** Empties the table, as the last statement of a batch that used it. */
export const forgetRowIds: Statement = { sql: `delete from ${ROW_IDS_TABLE}`, params: [] };

/**
 * The id of a row that its batch is about to insert, as an SQL value for later statements of that
 * batch. The id is kept aside right after the insert, so whatever other statements insert, and
 * wherever, cannot move it.
 */
export class RowReference extends SQL {
	/** Where the batch keeps the id. */
	readonly slot: number;

	constructor(slot: number) {
		// The number stands in the text, so that the SQL binds nothing wherever it stands.
		super([new StringChunk(referenceSql(String(slot)))]);
		this.slot = slot;
	}

	/** Copies of events leave it out: it means nothing beyond its batch. */
	toJSON(): undefined {
		return undefined;
	}
}

/** The SQL of the id in a slot. */
export function referenceSql(slot: string): string {
	return `(select id from ${ROW_IDS_TABLE} where slot = ${slot})`;
}

/**
 * Keeps the ids of rows that were just inserted, without keys of their own: their row numbers are the
 * highest of the table, in the order of their inserting.
 *
 * @param places How many rows after it were inserted, and the slot for its id, per row.
 */
export function keepRowIds(
	entity: Entity,
	places: readonly (readonly [back: number, slot: number])[],
): Statement {
	const number = rowNumber(entity);
	const key = entity.key[0]?.identifier ?? number;
	const { identifier } = entity;
	return {
		sql: `insert into ${ROW_IDS_TABLE} (slot, id) select place.value ->> 1, made.${key} from json_each(?) as place join ${identifier} as made on made.${number} = (select max(${number}) from ${identifier}) - (place.value ->> 0)`,
		params: [JSON.stringify(places)],
	};
}

/** The name by which SQLite calls a row's number in this table: a column may have taken the first. */
function rowNumber(entity: Entity): string {
	const taken = new Set(entity.fields.map(({ columnName }) => columnName.toLowerCase()));
	return ["rowid", "_rowid_", "oid"].find((name) => !taken.has(name)) ?? "rowid";
}

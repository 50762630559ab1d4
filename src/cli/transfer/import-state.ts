import type { Database, Statement } from "../../data/database.ts";
import type { EndLine } from "./transfer-format.ts";

/** How many rows an import has dealt with, and how. */
export interface ImportCounts {
	readonly inserted: number;
	readonly replaced: number;
	readonly skipped: number;
	/** Rows that a listener prevented. */
	readonly prevented: number;
	/** Lines that could not be imported. */
	readonly failed: number;
}

/** How far an import is. */
export interface ImportPosition {
	/** Lines that are done. */
	readonly line: number;
	/** Rows among them. */
	readonly rows: number;
	/** Bytes that are done. */
	readonly bytes: number;
	/** SHA-256 of these bytes, hexadecimal: the file that goes on has to begin with them. */
	readonly digest: string;
	readonly counts: ImportCounts;
	/** The last line, once it is done. */
	readonly end?: EndLine | undefined;
}

/** A row that refers to one which is not there yet. */
export interface LateRow {
	readonly id: number;
	readonly line: number;
	readonly entity: string;
	/** The line. */
	readonly text: string;
	/** Whether the row is stored, but for what it refers to. */
	readonly stored: boolean;
}

const TABLE = "burdock_import";
const LATE = "burdock_import_late";

/**
 * What a database remembers of an import that is not finished. Its statements run in the batch of
 * the rows that they are about, so that whatever happens both are stored, or none is.
 */
export class ImportState {
	readonly #database: Database;

	constructor(database: Database) {
		this.#database = database;
	}

	/** The unfinished import, if there is one, and what it was called. */
	async read(): Promise<{ name: string; position: ImportPosition } | undefined> {
		const known = await this.#database.all({
			sql: "select 1 from sqlite_master where type = 'table' and name = ?",
			params: [TABLE],
		});
		if (known.length === 0) return undefined;
		const [row] = await this.#database.all(plain(`select name, position from ${TABLE}`));
		if (row === undefined) return undefined;
		return { name: String(row[0]), position: JSON.parse(String(row[1])) as ImportPosition };
	}

	/** Begins an import of this name. */
	async begin(name: string, position: ImportPosition): Promise<void> {
		await this.#database.batch([
			plain(`create table ${TABLE} (
	id integer primary key check (id = 1), name text not null, position text not null)`),
			plain(`create table ${LATE} (
	id integer primary key, line integer not null, entity text not null, row_key text not null,
	text text not null, stored integer not null default 0)`),
			plain(`create index ${LATE}_key on ${LATE} (entity, row_key)`),
			{
				sql: `insert into ${TABLE} values (1, ?, ?)`,
				params: [name, JSON.stringify(position)],
			},
		]);
	}

	/** Forgets the import. */
	async end(): Promise<void> {
		await this.#database.batch([
			plain(`drop table if exists ${TABLE}`),
			plain(`drop table if exists ${LATE}`),
		]);
	}

	/** Remembers how far the import is. */
	at(position: ImportPosition): Statement {
		return { sql: `update ${TABLE} set position = ?`, params: [JSON.stringify(position)] };
	}

	/** Puts a row aside. */
	keep(row: Pick<LateRow, "line" | "entity" | "text">, key: string): Statement {
		const sql = `insert into ${LATE} (line, entity, row_key, text) values (?, ?, ?, ?)`;
		return { sql, params: [row.line, row.entity, key, row.text] };
	}

	/** Says that a row which was put aside is stored, but for what it refers to. */
	storedInPart({ id }: LateRow): Statement {
		return { sql: `update ${LATE} set stored = 1 where id = ?`, params: [id] };
	}

	/** Forgets a row that was put aside. */
	forget({ id }: LateRow): Statement {
		return { sql: `delete from ${LATE} where id = ?`, params: [id] };
	}

	/** Whether a row with this key is put aside; without a key, any row of the entity. */
	async keeps(entity: string, key: string | undefined): Promise<boolean> {
		const sql = `select 1 from ${LATE} where entity = ? and row_key = coalesce(?, row_key) limit 1`;
		return (await this.#database.all({ sql, params: [entity, key ?? null] })).length > 0;
	}

	/** The rows that were put aside, one after the other; from the last to the first when asked to. */
	async *late(order: "asc" | "desc" = "asc"): AsyncGenerator<LateRow> {
		const [compared, first] = order === "asc" ? [">", 0] : ["<", Number.MAX_SAFE_INTEGER];
		const sql = `select id, line, entity, text, stored from ${LATE} where id ${compared} ? order by id ${order} limit 1`;
		for (let after = first; ;) {
			const [row] = await this.#database.all({ sql, params: [after] });
			if (row === undefined) return;
			const [id, line, entity, text, stored] = row;
			after = Number(id);
			yield {
				id: after,
				line: Number(line),
				entity: String(entity),
				text: String(text),
				stored: stored === 1,
			};
		}
	}
}

function plain(sql: string): Statement {
	return { sql, params: [] };
}

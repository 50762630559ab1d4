import type { Database, SqlRow, Statement } from "./database.ts";
import { createTable } from "./create-table.ts";
import type { Entity } from "./entity.ts";
import { dataErrors } from "./errors.ts";
import { createGuard } from "./guard.ts";

/** What the app remembers about its own database. */
const META_TABLE = "burdock_meta";
const FIRST_BOOT = "first_boot";

/** The tables of an app in its database: made when it is empty, checked when it is not. */
export class Tables {
	readonly #database: Database;
	readonly #entities: readonly Entity[];

	constructor(database: Database, entities: readonly Entity[]) {
		this.#database = database;
		this.#entities = entities;
	}

	/**
	 * Creates all tables of an empty database, atomically; a database that has some is only checked.
	 * @throws `schema_mismatch` naming every table and column that the database lacks.
	 */
	async prepare(): Promise<void> {
		const own = [
			createGuard,
			statement(`create table if not exists ${META_TABLE} (
	key text primary key,
	value text not null
)`),
		];
		const existing = await this.#existing();
		if (this.#hasAny(existing)) {
			await this.#database.batch(own);
			return this.#check(existing);
		}
		const statements = this.#entities.flatMap((entity) => createTable(entity.table, entity.casing));
		try {
			await this.#database.batch([...own, ...statements.map(statement)]);
		} catch (error) {
			// Another process that started at the same time may have made them.
			const made = await this.#existing();
			if (!this.#hasAny(made)) throw error;
			await this.#check(made);
		}
	}

	/**
	 * Claims the first boot of this database: true for exactly one caller ever, in whichever process.
	 *
	 * @param now Milliseconds since the epoch, kept with the claim.
	 */
	async claimFirstBoot(now: number): Promise<boolean> {
		const rows = await this.#database.all({
			sql: `insert or ignore into ${META_TABLE} (key, value) values (?, ?) returning key`,
			params: [FIRST_BOOT, new Date(now).toISOString()],
		});
		return rows.length > 0;
	}

	/** Gives the claim back, after a first boot that failed. */
	async releaseFirstBoot(): Promise<void> {
		await this.#database.all({
			sql: `delete from ${META_TABLE} where key = ?`,
			params: [FIRST_BOOT],
		});
	}

	/** Whether no entity has a row yet. */
	async empty(): Promise<boolean> {
		const sql = this.#entities
			.map(({ identifier }) => `exists(select 1 from ${identifier})`)
			.join(" or ");
		const [row] = await this.#database.all(statement(`select ${sql || "0"}`));
		return row?.[0] === 0;
	}

	#hasAny(existing: ReadonlySet<string>): boolean {
		return this.#entities.some(({ tableName }) => existing.has(tableName.toLowerCase()));
	}

	/** The names of all tables in lower case: SQL does not tell `Posts` from `posts`. */
	async #existing(): Promise<ReadonlySet<string>> {
		const rows = await this.#database.all(
			statement("select name from sqlite_master where type = 'table'"),
		);
		return lowerCased(rows);
	}

	async #check(existing: ReadonlySet<string>): Promise<void> {
		const problems: string[] = [];
		for (const { tableName, fields } of this.#entities) {
			if (!existing.has(tableName.toLowerCase())) {
				problems.push(`- There is no table ${tableName}.`);
				continue;
			}
			const rows = await this.#database.all({
				sql: "select name from pragma_table_xinfo(?)",
				params: [tableName],
			});
			const columns = lowerCased(rows);
			for (const { columnName } of fields) {
				if (!columns.has(columnName.toLowerCase())) {
					problems.push(`- The table ${tableName} has no column ${columnName}.`);
				}
			}
		}
		if (problems.length > 0) {
			throw dataErrors.create("schema_mismatch", { problems: problems.join("\n") });
		}
	}
}

function lowerCased(rows: readonly SqlRow[]): ReadonlySet<string> {
	return new Set(rows.map(([name]) => String(name).toLowerCase()));
}

function statement(sql: string): Statement {
	return { sql, params: [] };
}

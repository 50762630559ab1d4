import { createTable } from "../data/migrate/create-table.ts";
import type { Database } from "../data/database.ts";
import type { Entity } from "../data/schema/entity.ts";
import { runMigration, type Migration } from "../data/migrate/migrations.ts";
import { OWN_TABLES } from "../data/migrate/own-tables.ts";
import { planMigration } from "../data/migrate/plan-migration.ts";
import { readStatements, shapesOf } from "../data/migrate/read-shapes.ts";
import { SchemaDifference } from "../data/migrate/schema-difference.ts";
import type { TableShapes } from "../data/migrate/table-shape.ts";
import { CliError } from "./cli-error.ts";
import { renameSql, type Rename } from "./rename.ts";

/** What a migration is made of. */
export interface PlannedMigration {
	readonly statements: readonly string[];
	readonly warnings: readonly string[];
	/** The tables that it changes, for its name. */
	readonly tables: readonly string[];
}

/**
 * Finds out what has changed in a schema since the last migration: all migrations are run in an empty
 * database in memory, which is then compared with the schema. What is planned is tried there too.
 */
export class SchemaChanges {
	readonly #database: Database;
	readonly #wanted: TableShapes;
	readonly #managed: Set<string>;
	readonly #statements: string[] = [];
	readonly #tables = new Set<string>();

	/**
	 * @param database An empty one in memory; the caller closes it.
	 * @param managed The names of tables and indexes, in lower case, that earlier schemas had.
	 */
	constructor(database: Database, entities: readonly Entity[], managed: ReadonlySet<string>) {
		this.#database = database;
		this.#wanted = shapesOf(entities.flatMap((entity) => createTable(entity.table, entity.casing)));
		this.#managed = new Set(managed);
	}

	/** Makes the tables that the project's migrations make. */
	async begin(migrations: readonly Migration[]): Promise<void> {
		for (const { tag, statements } of migrations) {
			try {
				await this.#run(statements);
			} catch (cause) {
				throw new CliError(`The migration ${tag} cannot be run in an empty database.`, {
					hint: "Mend its file: the schema before the change is what all files make together.",
					cause,
				});
			}
		}
		const own = OWN_TABLES.map(({ sql }) => sql);
		const before = await readStatements(this.#database);
		await this.#run(own);
		const after = await readStatements(this.#database);
		if (after.length > before.length) this.#statements.push(...own);
	}

	/** Renames; the schema must have the new name already. */
	async rename(renames: readonly Rename[]): Promise<void> {
		for (const rename of renames) {
			const sql = renameSql(rename);
			try {
				await this.#run([sql]);
			} catch (cause) {
				const { table, column } = rename;
				const what = column === undefined ? table : `${table}.${column}`;
				throw new CliError(`${what} cannot be renamed to ${rename.to}.`, {
					exit: "usage",
					hint: "Name what the last migration has, and what the schema has: old:new.",
					cause,
				});
			}
			this.#statements.push(sql);
			this.#tables.add(rename.column === undefined ? rename.to : rename.table);
			if (rename.column === undefined) this.#managed.add(rename.to.toLowerCase());
		}
	}

	async difference(): Promise<SchemaDifference> {
		const made = await readStatements(this.#database);
		return new SchemaDifference(this.#wanted, shapesOf(made), this.#managed);
	}

	/** Everything that it takes; undefined when nothing has changed. */
	async plan(): Promise<PlannedMigration | undefined> {
		const difference = await this.difference();
		const made = await readStatements(this.#database);
		const { statements, warnings } = planMigration(difference, made);
		await this.#run(statements);
		const left = (await this.difference()).problems;
		if (left.length > 0) throw new Error(`The migration would not be enough: ${left.join(" ")}`);
		this.#statements.push(...statements);
		for (const { name } of difference.tables) this.#tables.add(name);
		if (this.#statements.length === 0) return undefined;
		return { statements: this.#statements, warnings, tables: [...this.#tables] };
	}

	async #run(statements: readonly string[]): Promise<void> {
		const batch = statements.map((sql) => ({ sql, params: [] }));
		await runMigration(this.#database, batch);
	}
}

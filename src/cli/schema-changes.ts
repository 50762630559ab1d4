import type { Database } from "../data/database.ts";
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
 * Finds out in what a state differs from the one that is wanted. An empty database in memory is brought
 * to the state, by all migrations or as a database is, and compared; what is planned is tried there too.
 */
export class SchemaChanges {
	readonly #database: Database;
	readonly #wanted: TableShapes;
	readonly #managed: Set<string>;
	readonly #statements: string[] = [];
	readonly #tables = new Set<string>();

	/**
	 * @param database An empty one in memory; the caller closes it.
	 * @param wanted The tables of the schema, or those that migrations make.
	 * @param managed The names of tables and indexes, in lower case, that earlier schemas had.
	 */
	constructor(database: Database, wanted: TableShapes, managed: ReadonlySet<string>) {
		this.#database = database;
		this.#wanted = wanted;
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

	/** Makes the tables of another database, without rows, from the statements that made them there. */
	async beginLike(made: readonly string[]): Promise<void> {
		const isFirst = [/^create virtual/i, /^create table/i, /^create index|^create unique/i, /^/];
		const orderOf = (sql: string): number => isFirst.findIndex((first) => first.test(sql.trim()));
		for (const sql of made.toSorted((one, other) => orderOf(one) - orderOf(other))) {
			try {
				await this.#run([sql]);
			} catch {
				// A virtual table has made it already, or its module is not here: no migration changes it.
			}
		}
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
					hint: "Name what there was before the change, and what the schema has: old:new.",
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

import type { Database } from "../data/database.ts";
import { Migrations, type Migration } from "../data/migrate/migrations.ts";
import { isOwnTable } from "../data/migrate/own-tables.ts";
import { readStatements } from "../data/migrate/read-shapes.ts";
import { openDatabase } from "../runtime/node/open-database.ts";
import type { Rename } from "./rename.ts";
import { SchemaChanges } from "./schema-changes.ts";

/** What it takes to go on by migrations with a database that was made without them. */
export interface Adoption {
	/** The last migration: what the database is brought to. */
	readonly tag: string;
	readonly statements: readonly string[];
	readonly warnings: readonly string[];
	/** Tables and columns that go with their data. */
	readonly losses: readonly string[];
	/** Statements of the migrations that change rows: nobody can tell whether the database needs them. */
	readonly unrun: readonly string[];
}

/** Changes rows, and is not one that copies a table. */
const CHANGES_ROWS =
	/^\s*(?:insert|replace|update|delete)\b(?!.*\b(?:__new_\w+|sqlite_sequence)\b)/is;

/** Opens an empty database in memory. */
export function openEmpty(): Database {
	return openDatabase({ url: ":memory:" });
}

/**
 * Plans how a database that has tables of the migrations, but no record of any, becomes what they make:
 * the tables are made anew in memory and compared with those that all files make.
 *
 * @returns Undefined when the migrations can simply be applied, or recorded.
 * @throws CliError for a rename that cannot be.
 */
export async function planAdoption(
	database: Database,
	migrations: readonly Migration[],
	renames: readonly Rename[],
): Promise<Adoption | undefined> {
	const states = await new Migrations(database, migrations).statesBeside(openEmpty);
	const [wanted, last] = [states?.at(-1), migrations.at(-1)];
	if (states === undefined || wanted === undefined || last === undefined) return undefined;
	const names = states.flatMap((shapes) => [...shapes.keys()]);
	const managed = new Set(names.filter((name) => !isOwnTable(name)));
	const memory = openEmpty();
	try {
		const changes = new SchemaChanges(memory, wanted, managed);
		await changes.beginLike(await readStatements(database));
		await changes.rename(renames);
		const { losses } = await changes.difference();
		const plan = await changes.plan();
		const { statements = [], warnings = [] } = plan ?? {};
		const all = migrations.flatMap((migration) => migration.statements);
		const unrun = all.filter((sql) => CHANGES_ROWS.test(sql));
		return { tag: last.tag, statements, warnings, losses, unrun };
	} finally {
		await memory.close();
	}
}

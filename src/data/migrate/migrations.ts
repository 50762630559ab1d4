import { isAppError } from "../../kernel/error.ts";
import type { Maybe } from "../../kernel/maybe.ts";
import type { Database, Statement } from "../database.ts";
import { dataErrors } from "../errors.ts";
import { GUARD_TABLE } from "../write/guard.ts";
import { isOwnTable, OWN_TABLES } from "./own-tables.ts";
import { readStatements, shapesOf } from "./read-shapes.ts";
import { SchemaDifference } from "./schema-difference.ts";
import type { TableShapes } from "./table-shape.ts";

/** One step of a database from one schema to the next, as drizzle-kit files it. */
export interface Migration {
	/** The name of its file: `0001_add_tags`. */
	readonly tag: string;
	/** Milliseconds since the epoch: when it was made. Unique: a database keeps it as the name. */
	readonly when: number;
	/** Of the file, as drizzle's migrators make it. */
	readonly hash: string;
	readonly statements: readonly string[];
}

/** Where migrations come from, and where they are tried. */
export interface MigrationSource {
	/** All there are, oldest first. */
	read(): Maybe<readonly Migration[]>;
	/** Opens an empty database in memory. */
	readonly openEmpty: () => Database;
}

/** Whether a database has had a migration; `changed`: its file was another one then. */
export type MigrationState = "applied" | "changed" | "pending";

/** What was done with a migration: its statements were run, or what they make was there already. */
export type MigrationOutcome = "applied" | "recorded";

/** The table, and its shape, in which drizzle's own migrators keep what they have applied. */
const TABLE = "__drizzle_migrations";
const createTable: Statement = {
	sql: `create table if not exists ${TABLE} (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)`,
	params: [],
};
/** Where wrangler keeps the names of the files that it has applied. */
const D1_TABLE = "d1_migrations";

/** Foreign keys are off while a migration runs, and all hold at its end. */
const FOREIGN_KEYS = /^\s*pragma\s+(?:main\.)?foreign_keys\b/i;
const checkForeignKeys: Statement = {
	sql: `insert into ${GUARD_TABLE} (ok) select 0 where exists (select 1 from pragma_foreign_key_check)`,
	params: [],
};

/** The migrations of a project, and how far a database has come with them. */
export class Migrations {
	readonly #database: Database;
	readonly #all: readonly Migration[];

	/** @param all Oldest first. */
	constructor(database: Database, all: readonly Migration[]) {
		this.#database = database;
		this.#all = all;
	}

	/** The state of each, in order. */
	async states(): Promise<ReadonlyMap<Migration, MigrationState>> {
		const tables = await this.#rows(
			`select name from sqlite_master where name in ('${TABLE}', '${D1_TABLE}')`,
		);
		const has = (table: string): boolean => tables.some(([name]) => name === table);
		const hashes = has(TABLE) ? await this.#rows(`select created_at, hash from ${TABLE}`) : [];
		const files = has(D1_TABLE) ? await this.#rows(`select name from ${D1_TABLE}`) : [];
		const known = new Map(hashes.map(([when, hash]) => [Number(when), String(hash)]));
		const names = new Set(files.map(([name]) => String(name)));
		return new Map(
			this.#all.map((migration): [Migration, MigrationState] => {
				const hash = known.get(migration.when);
				if (hash !== undefined) return [migration, hash === migration.hash ? "applied" : "changed"];
				return [migration, names.has(`${migration.tag}.sql`) ? "applied" : "pending"];
			}),
		);
	}

	/** Those that the database has not had, in order. */
	async pending(): Promise<readonly Migration[]> {
		const states = await this.states();
		return this.#all.filter((migration) => states.get(migration) === "pending");
	}

	/**
	 * The tables before the first migration and after each one, if the database has had none, has some of
	 * these tables, and fits none of these states: it was made without migrations, and the first one
	 * would fail. Undefined for any other database, and when the migrations fail by themselves.
	 *
	 * @param open Opens an empty database in memory, in which migrations are tried.
	 */
	async statesBeside(open: () => Database): Promise<readonly TableShapes[] | undefined> {
		const pending = await this.pending();
		if (pending.length === 0 || pending.length < this.#all.length) return undefined;
		const { states, made } = await this.#progress(pending, open);
		return made === undefined && states.length > 0 ? states : undefined;
	}

	/**
	 * Runs statements that lead to what all migrations make, and records these, in one transaction.
	 *
	 * @returns False when another process was faster.
	 * @throws `migration_failed` that names the statement; nothing is stored.
	 */
	async adopt(statements: readonly string[]): Promise<boolean> {
		await this.#database.batch([...OWN_TABLES, createTable]);
		const tag = `to the state after ${this.#all.at(-1)?.tag}`;
		return this.#run(this.#all, tag, statements);
	}

	/**
	 * Applies what is pending, each migration in one transaction. Several processes may do so at once:
	 * each migration is applied by one of them.
	 *
	 * A database whose tables are already what a pending migration makes, because they were made
	 * without migrations, only gets it recorded.
	 *
	 * @param open Opens an empty database in memory, in which migrations are tried.
	 * @param done Is called after each one.
	 * @throws `migration_failed` that names the migration and the statement; nothing of it is stored.
	 */
	async apply(
		open: () => Database,
		done: (migration: Migration, outcome: MigrationOutcome) => void = () => {},
	): Promise<void> {
		await this.#database.batch([...OWN_TABLES, createTable]);
		const pending = await this.pending();
		if (pending.length === 0) return;
		const { made = 0 } = await this.#progress(pending, open);
		for (const [index, migration] of pending.entries()) {
			const outcome = index < made ? "recorded" : "applied";
			const statements = index < made ? [] : migration.statements;
			if (await this.#run([migration], migration.tag, statements)) done(migration, outcome);
		}
	}

	/** Runs statements and records migrations; resolves to false when another process was faster. */
	async #run(
		migrations: readonly Migration[],
		tag: string,
		statements: readonly string[],
	): Promise<boolean> {
		const database = this.#database;
		const claim = `insert into ${GUARD_TABLE} (ok) select 0 where exists (select 1 from ${TABLE} where created_at = ?)`;
		const record = `insert into ${TABLE} (hash, created_at) values (?, ?)`;
		const run = statements.filter((sql) => !FOREIGN_KEYS.test(sql));
		const batch: Statement[] = [
			...migrations.map(({ when }) => ({ sql: claim, params: [when] })),
			...run.map((sql) => ({ sql, params: [] })),
			...migrations.map(({ hash, when }) => ({ sql: record, params: [hash, when] })),
		];
		try {
			const isEnforced = database.migrate === undefined;
			await runMigration(database, isEnforced ? batch : [...batch, checkForeignKeys]);
			return true;
		} catch (error) {
			const pending = await this.pending();
			if (!migrations.some((migration) => pending.includes(migration))) return false;
			const at = failedAt(error);
			const failed = at === undefined ? undefined : run[at - migrations.length];
			const reason =
				at === batch.length ? "rows refer to others that are not there" : reasonOf(error);
			const where = failed === undefined ? "" : `\nIn: ${failed.replaceAll(/\s+/g, " ")}`;
			throw dataErrors.create(
				"migration_failed",
				{ tag, reason: `${reason}.${where}` },
				{ cause: error },
			);
		}
	}

	/** The tables after each pending one, and how many of these the database fits already, if any state. */
	async #progress(
		pending: readonly Migration[],
		open: () => Database,
	): Promise<{ readonly states: readonly TableShapes[]; readonly made: number | undefined }> {
		const actual = shapesOf(await readStatements(this.#database));
		const applied = this.#all.filter((migration) => !pending.includes(migration));
		const all = await statesAfter([...applied, ...pending], open);
		const names = all.flatMap((shapes) => [...shapes.keys()]);
		const managed = new Set(names.filter((name) => !isOwnTable(name)));
		const fits = (shapes: TableShapes): boolean =>
			new SchemaDifference(shapes, actual, managed).problems.length === 0;
		const states = all.slice(applied.length);
		const made = states.findIndex(fits);
		return { states, made: made < 0 ? undefined : made };
	}

	async #rows(sql: string) {
		return this.#database.all({ sql, params: [] });
	}
}

/** The tables before the first migration, and after each one; shorter when one fails. */
async function statesAfter(migrations: readonly Migration[], open: () => Database) {
	const database = open();
	try {
		const states = [shapesOf([])];
		for (const { statements } of migrations) {
			const batch = statements.map((sql) => ({ sql, params: [] }));
			await runMigration(database, batch);
			states.push(shapesOf(await readStatements(database)));
		}
		return states;
	} catch {
		return [];
	} finally {
		await database.close();
	}
}

/** Runs statements as a whole, without foreign keys where the engine can do without. */
export async function runMigration(
	database: Database,
	statements: readonly Statement[],
): Promise<void> {
	if (database.migrate === undefined) await database.batch(statements);
	else await database.migrate(statements);
}

function failedAt(error: unknown): number | undefined {
	const at = isAppError(error) ? error.details?.["statement"] : undefined;
	return typeof at === "number" ? at : undefined;
}

/** What the engine itself said: whoever migrates may know. */
function reasonOf(error: unknown): string {
	let deepest = error;
	while (deepest instanceof Error && deepest.cause instanceof Error) deepest = deepest.cause;
	return deepest instanceof Error ? deepest.message : String(deepest);
}

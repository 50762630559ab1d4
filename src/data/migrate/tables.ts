import { createTable } from "./create-table.ts";
import type { Database, Statement } from "../database.ts";
import type { Entity } from "../schema/entity.ts";
import { dataErrors } from "../errors.ts";
import { fingerprint } from "./fingerprint.ts";
import { Migrations, type Migration, type MigrationSource } from "./migrations.ts";
import { META_TABLE, OWN_TABLES } from "./own-tables.ts";
import { planMigration } from "./plan-migration.ts";
import { readStatements, shapesOf } from "./read-shapes.ts";
import { SchemaDifference } from "./schema-difference.ts";

/** The schema and the tables that were found to fit each other. */
const FITTING = "schema";
const IS_META = new RegExp(`^create table "?${META_TABLE}\\b`, "i");

/** How the tables of an app are prepared. */
export interface PrepareOptions {
	/** The project's migrations, if it may have some. */
	readonly migrations?: MigrationSource | undefined;
	/** New tables, columns and indexes are made, and told; without it nothing is changed. */
	readonly onAddition?: ((statements: readonly string[]) => void) | undefined;
}

/** The tables of an app in its database: made when it is empty, checked when it is not. */
export class Tables {
	readonly #database: Database;
	readonly #entities: readonly Entity[];

	constructor(database: Database, entities: readonly Entity[]) {
		this.#database = database;
		this.#entities = entities;
	}

	/**
	 * Creates all tables of an empty database, by the project's migrations if it has any; compares
	 * those of any other with the schema, unless both are what they were when they last fitted.
	 *
	 * @throws `schema_mismatch` naming every difference, the SQL that removes it, and the command;
	 * `migration_failed`. Nothing is changed then.
	 */
	async prepare(options: PrepareOptions = {}): Promise<void> {
		const wanted = this.#wanted();
		const made = await readStatements(this.#database);
		if (await this.#fitted(wanted, made)) return;
		if (this.#hasAny(made)) await this.#database.batch(OWN_TABLES);
		else await this.#create(wanted, options);
		await this.#check(wanted, options);
		await this.#remember(wanted);
	}

	/** Everything in which the database differs from the schema, in words. */
	async problems(): Promise<readonly string[]> {
		const made = await readStatements(this.#database);
		return new SchemaDifference(shapesOf(this.#wanted()), shapesOf(made)).problems;
	}

	/** The statements that make the tables of the schema. */
	#wanted(): readonly string[] {
		return this.#entities.flatMap((entity) => createTable(entity.table, entity.casing));
	}

	async #fitted(wanted: readonly string[], made: readonly string[]): Promise<boolean> {
		if (!made.some((sql) => IS_META.test(sql))) return false;
		const [row] = await this.#database.all({
			sql: `select value from ${META_TABLE} where key = ?`,
			params: [FITTING],
		});
		return row?.[0] === fitOf(wanted, made);
	}

	async #remember(wanted: readonly string[]): Promise<void> {
		const made = await readStatements(this.#database);
		await this.#database.all({
			sql: `insert or replace into ${META_TABLE} (key, value) values (?, ?)`,
			params: [FITTING, fitOf(wanted, made)],
		});
	}

	#hasAny(made: readonly string[]): boolean {
		const shapes = shapesOf(made);
		return this.#entities.some(({ tableName }) => shapes.has(tableName.toLowerCase()));
	}

	async #create(wanted: readonly string[], { migrations }: PrepareOptions): Promise<void> {
		const all = (await migrations?.read()) ?? [];
		const tables = all.length > 0 ? [] : wanted.map(statement);
		try {
			await this.#database.batch([...OWN_TABLES, ...tables]);
			if (migrations && all.length > 0) {
				await new Migrations(this.#database, all).apply(migrations.openEmpty);
			}
		} catch (error) {
			// Another process that started at the same time may have made them.
			if (!this.#hasAny(await readStatements(this.#database))) throw error;
		}
	}

	async #check(
		wanted: readonly string[],
		{ migrations, onAddition }: PrepareOptions,
	): Promise<void> {
		const made = await readStatements(this.#database);
		const difference = new SchemaDifference(shapesOf(wanted), shapesOf(made));
		if (difference.problems.length === 0) return;
		const { statements } = planMigration(difference, made);
		if (onAddition && difference.additive) {
			await this.#database.batch(statements.map(statement));
			return onAddition(statements);
		}
		const all = (await migrations?.read()) ?? [];
		const pending = await new Migrations(this.#database, all).pending();
		const problems = difference.problems.map((problem) => `- ${problem}`).join("\n");
		const { remedy, hint } = remedyFor(statements, pending);
		throw dataErrors.create("schema_mismatch", { problems, remedy }, { details: { hint } });
	}
}

/** What {@link Tables.prepare} does, for a runtime to hand to apps. */
export function prepareTables(
	database: Database,
	entities: readonly Entity[],
	options: PrepareOptions,
): Promise<void> {
	return new Tables(database, entities).prepare(options);
}

/** Stands for a schema, tables that fit it, and what this version of Burdock needs beside them. */
function fitOf(wanted: readonly string[], made: readonly string[]): string {
	return fingerprint([...OWN_TABLES.map(({ sql }) => sql), ...wanted, ...made]);
}

/** What changes the database, and the command that does it. */
function remedyFor(
	statements: readonly string[],
	pending: readonly Migration[],
): { readonly remedy: string; readonly hint: string } {
	if (pending.length > 0) {
		const tags = pending.map(({ tag }) => tag).join(", ");
		return {
			remedy: `These migrations have not been applied: ${tags}.`,
			hint: "Run: burdock migrate apply",
		};
	}
	return {
		remedy: `This makes it fit:\n${statements.map((sql) => `${sql};`).join("\n")}`,
		hint: "Run: burdock migrate generate, look at the file that it writes, then: burdock migrate apply",
	};
}

function statement(sql: string): Statement {
	return { sql, params: [] };
}

import type { Config } from "../app/config.ts";
import { createTable } from "../data/migrate/create-table.ts";
import { shapesOf } from "../data/migrate/read-shapes.ts";
import type { Entity } from "../data/schema/entity.ts";
import { openDatabase } from "../runtime/node/open-database.ts";
import { readMigrations } from "../runtime/node/migration-folder.ts";
import { askRenames } from "./ask-renames.ts";
import { CliError } from "./cli-error.ts";
import { loadDrizzleKit, type Snapshot } from "./load-drizzle-kit.ts";
import { MigrationWriter } from "./migration-writer.ts";
import type { Rename } from "./rename.ts";
import { SchemaChanges, type PlannedMigration } from "./schema-changes.ts";

/** What `burdock migrate generate` is told. */
export interface GenerateOptions {
	readonly path: string;
	readonly folder: string;
	readonly entities: readonly Entity[];
	readonly casing: Config["casing"];
	readonly name: string | undefined;
	readonly renames: readonly Rename[];
	/** Whether tables and columns may go with their data. */
	readonly acceptsLoss: boolean;
	/** Asks whoever is at the terminal; undefined when nobody is. */
	readonly ask: ((question: string) => Promise<string>) | undefined;
}

/** A migration that was written. */
export interface GeneratedMigration {
	/** Of its SQL. */
	readonly path: string;
	readonly sql: string;
	readonly warnings: readonly string[];
	/** Tables and columns that go with their data. */
	readonly losses: readonly string[];
}

const BREAKPOINT = "\n--> statement-breakpoint\n";

/**
 * Writes the migration that leads from the last one to the schema; undefined when nothing changed.
 * @throws CliError when data would be lost that nobody gave up, or drizzle-kit is not installed.
 */
export async function generateMigration(
	options: GenerateOptions,
): Promise<GeneratedMigration | undefined> {
	const { folder, entities } = options;
	const kit = loadDrizzleKit(options.path);
	const writer = new MigrationWriter(folder);
	const last = writer.lastSnapshot();
	const database = openDatabase({ url: ":memory:" });
	try {
		const wanted = entities.flatMap((entity) => createTable(entity.table, entity.casing));
		const changes = new SchemaChanges(database, shapesOf(wanted), namesOf(last));
		await changes.begin(readMigrations(folder));
		await changes.rename(options.renames);
		if (options.ask)
			await changes.rename(await askRenames(await changes.difference(), options.ask));
		const { losses } = await changes.difference();
		if (losses.length > 0 && !options.acceptsLoss) throw wouldLose(losses);
		const plan = await changes.plan();
		if (plan === undefined) return undefined;
		const tables = Object.fromEntries(entities.map(({ name, table }) => [name, table]));
		const snapshot = await kit.generateSQLiteDrizzleJson(tables, last?.id, options.casing);
		const sql = `${plan.statements.map((statement) => `${statement};`).join(BREAKPOINT)}\n`;
		const name = slug(options.name ?? (writer.empty ? "init" : nameOf(plan)));
		return { path: writer.write(name, sql, snapshot), sql, warnings: plan.warnings, losses };
	} finally {
		await database.close();
	}
}

/** The tables and indexes of earlier schemas, in lower case. */
function namesOf(snapshot: Snapshot | undefined): ReadonlySet<string> {
	const tables = Object.values(snapshot?.tables ?? {});
	const names = tables.flatMap(({ name, indexes }) => [name, ...Object.keys(indexes)]);
	return new Set(names.map((name) => name.toLowerCase()));
}

function nameOf({ tables }: PlannedMigration): string {
	return tables.length === 0 || tables.length > 3 ? "changes" : tables.join("_");
}

function slug(name: string): string {
	return (
		name
			.toLowerCase()
			.replaceAll(/[^a-z\d]+/g, "_")
			.replaceAll(/^_|_$/g, "") || "changes"
	);
}

function wouldLose(losses: readonly string[]): CliError {
	return new CliError(`These would be gone with their data: ${losses.join(", ")}.`, {
		hint: "If one has another name now, say so: --rename posts.title:headline; else: --accept-data-loss.",
	});
}

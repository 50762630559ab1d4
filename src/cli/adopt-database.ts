import type { Migrations } from "../data/migrate/migrations.ts";
import { CliError } from "./cli-error.ts";
import type { Adoption } from "./plan-adoption.ts";
import type { Terminal } from "./terminal.ts";

/** Who gave up what, and where to tell. */
export interface AdoptOptions {
	/** Whether tables and columns may go with their data. */
	readonly acceptsLoss: boolean;
	readonly terminal: Terminal;
}

/**
 * Brings a database that was made without migrations to what they make, and records them all.
 *
 * @returns False when another process was faster.
 * @throws CliError when data would be lost that nobody gave up; AppError `migration_failed`.
 */
export async function adoptDatabase(
	migrations: Migrations,
	adoption: Adoption,
	{ acceptsLoss, terminal }: AdoptOptions,
): Promise<boolean> {
	const { losses, warnings, unrun } = adoption;
	if (losses.length > 0 && !acceptsLoss) throw wouldLose(adoption);
	for (const warning of warnings) terminal.printError(`warning: ${warning}`);
	const adopted = await migrations.adopt(adoption.statements);
	if (!adopted) return false;
	for (const sql of unrun) terminal.printError(`warning: not run: ${sql}`);
	return true;
}

/** `the state after 0000_init by:`, and the statements. */
export function adoptionText({ tag, statements }: Adoption): string {
	const lines = statements.map((sql) => `  ${sql.replaceAll("\n", "\n  ")};`);
	return [`the state after ${tag} by:`, ...lines].join("\n");
}

function wouldLose(adoption: Adoption): CliError {
	const lost = `These would be gone with their data: ${adoption.losses.join(", ")}.`;
	const how = `The database was made without migrations, and would be brought to ${adoptionText(adoption)}`;
	return new CliError(`${lost}\n${how}`, {
		hint: "If the schema has them, run first: burdock migrate generate. If one has another name now, say so: --rename posts.title:headline. Else: --accept-data-loss.",
	});
}

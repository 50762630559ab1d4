import { Console } from "node:console";
import { MIGRATIONS_FOLDER, type Config } from "../../app/config.ts";
import { readConfig } from "../../app/read-config.ts";
import type { Database } from "../../data/database.ts";
import type { Entity } from "../../data/schema/entity.ts";
import { Migrations } from "../../data/migrate/migrations.ts";
import { readSchema } from "../../data/schema/read-schema.ts";
import { Tables } from "../../data/migrate/tables.ts";
import { readMigrations } from "../../runtime/node/migration-folder.ts";
import { nodePlatform } from "../../runtime/node/platform.ts";
import { adoptDatabase, adoptionText } from "../adopt-database.ts";
import { CliError } from "../cli-error.ts";
import { CONFIG_OPTION, JSON_OPTION, type Command, type Invocation } from "../command.ts";
import type { ExitName } from "../exit-codes.ts";
import { findConfig } from "../find-config.ts";
import { generateMigration } from "../generate-migration.ts";
import { heard } from "../heard.ts";
import { textOf } from "../listen-options.ts";
import { loadConfig } from "../load-config.ts";
import { openEmpty, planAdoption, type Adoption } from "../plan-adoption.ts";
import { parseRenames } from "../rename.ts";
import { shownPath } from "../source-position.ts";
import { table } from "../table.ts";

/** What a migration is about. */
interface Project {
	readonly path: string;
	readonly config: Config;
	readonly folder: string;
	readonly entities: readonly Entity[];
}

type Action = (project: Project, invocation: Invocation) => Promise<ExitName>;

const ACTIONS: ReadonlyMap<string, Action> = new Map([
	["generate", generate],
	["apply", apply],
	["status", status],
]);

/** `burdock migrate`: changes of the schema, as files and in the database. */
export const migrate: Command = {
	name: "migrate",
	summary: "Change the database as the schema changes.",
	description:
		"generate  Writes the SQL from the last migration to the schema into a file. Look at it.\n" +
		"apply     Runs the files that the database has not had, each as a whole or not at all.\n" +
		"          A database that was made without them is brought to what they make.\n" +
		"status    Shows the files, and in what the database differs from the schema.\n" +
		"\n" +
		"The files are drizzle-kit's: it can go on where Burdock stopped, and so can Drizzle's migrator\n" +
		"and wrangler d1 migrations apply. generate needs drizzle-kit installed.",
	argument: { name: "ACTION", description: "generate, apply or status." },
	options: {
		name: { value: "NAME", short: "n", description: "generate: the name of the file." },
		rename: {
			value: "OLD:NEW",
			description: "What has another name now: posts.title:headline,people:users.",
		},
		"accept-data-loss": {
			description: "Tables and columns that the schema has lost may go.",
		},
		dir: {
			value: "DIR",
			short: "d",
			description: "The folder of the files.",
			fallback: "migrations.dir of the config, else drizzle",
		},
		...JSON_OPTION,
		...CONFIG_OPTION,
	},
	example: "burdock migrate generate --rename posts.title:headline",
	async run(invocation) {
		const [name] = invocation.args;
		const action = ACTIONS.get(name ?? "");
		if (action === undefined) {
			throw new CliError(
				name === undefined ? "migrate needs an action." : `There is no migrate ${name}.`,
				{
					exit: "usage",
					hint: "burdock migrate generate, apply or status",
				},
			);
		}
		const project = await openProject(invocation);
		return heard(invocation, project.config, () => action(project, invocation));
	},
};

/** What the config prints goes to the standard error: the standard output is the command's alone. */
async function openProject({ options }: Invocation): Promise<Project> {
	globalThis.console = new Console(process.stderr, process.stderr);
	const path = findConfig(process.cwd(), textOf(options, "config"));
	const config = readConfig((await loadConfig(path)).config, process.env);
	const { schema = {}, entities = {}, casing } = config;
	return {
		path,
		config,
		folder: textOf(options, "dir") ?? config.migrations?.dir ?? MIGRATIONS_FOLDER,
		entities: readSchema(schema, entities, casing),
	};
}

async function generate(
	{ path, config, folder, entities }: Project,
	{ options, terminal }: Invocation,
): Promise<ExitName> {
	const made = await generateMigration({
		path,
		folder,
		entities,
		casing: config.casing,
		name: textOf(options, "name"),
		renames: parseRenames(textOf(options, "rename")),
		acceptsLoss: options["accept-data-loss"] === true,
		ask: process.stdin.isTTY && terminal.interactive ? terminal.ask : undefined,
	});
	if (options["json"] === true) {
		terminal.printJson(made ?? null);
		return "ok";
	}
	if (made === undefined) {
		terminal.print("Nothing has changed since the last migration.");
		return "ok";
	}
	const { losses, warnings } = made;
	terminal.print(`Wrote ${shownPath(made.path)}. Look at it, then run: burdock migrate apply`);
	if (losses.length > 0) terminal.printError(`warning: it deletes ${losses.join(", ")}.`);
	for (const warning of warnings) terminal.printError(`warning: ${warning}`);
	return "ok";
}

async function apply(project: Project, { options, terminal }: Invocation): Promise<ExitName> {
	return withDatabase(project, async (database) => {
		const files = readMigrations(project.folder);
		const migrations = new Migrations(database, files);
		const done: { readonly tag: string; readonly outcome: string }[] = [];
		const print = options["json"] === true ? () => {} : (line: string) => terminal.print(line);
		for (const [{ tag }, state] of await migrations.states()) {
			if (state === "changed") {
				terminal.printError(`warning: ${tag}.sql is not what it was when it was applied.`);
			}
		}
		const adoption = await planAdoption(database, files, parseRenames(textOf(options, "rename")));
		if (adoption === undefined) {
			await migrations.apply(openEmpty, ({ tag }, outcome) => {
				done.push({ tag, outcome });
				const why = outcome === "recorded" ? " (its tables are there already)" : "";
				print(`${outcome.padEnd(8)}  ${tag}${why}`);
			});
		} else {
			const acceptsLoss = options["accept-data-loss"] === true;
			if (await adoptDatabase(migrations, adoption, { acceptsLoss, terminal })) {
				done.push(...files.map(({ tag }) => ({ tag, outcome: "adopted" })));
				for (const { tag } of files) print(`adopted   ${tag}`);
				print(`The database was made without migrations: brought to ${adoptionText(adoption)}`);
			}
		}
		const problems = await new Tables(database, project.entities).problems();
		if (done.length === 0) print("There is nothing to apply.");
		if (options["json"] === true) terminal.printJson({ migrations: done, adoption, problems });
		else reportProblems(problems, terminal);
		return "ok";
	});
}

async function status(project: Project, { options, terminal }: Invocation): Promise<ExitName> {
	return withDatabase(project, async (database) => {
		const { folder, entities } = project;
		const files = readMigrations(folder);
		const states = await new Migrations(database, files).states();
		const adoption = await planAdoption(database, files, parseRenames(textOf(options, "rename")));
		const problems = await new Tables(database, entities).problems();
		const migrations = Array.from(states, ([{ tag }, state]) => ({ tag, state }));
		if (options["json"] === true) {
			const { location } = database;
			terminal.printJson({ database: location, folder, migrations, adoption, problems });
			return "ok";
		}
		if (migrations.length === 0) terminal.print(`There are no migrations in ${folder}.`);
		else terminal.print(table(migrations.map(({ tag, state }) => [state, tag])).join("\n"));
		if (adoption) reportAdoption(adoption, terminal);
		reportProblems(problems, terminal);
		return "ok";
	});
}

function reportAdoption(adoption: Adoption, terminal: Invocation["terminal"]): void {
	terminal.print(
		`The database was made without migrations. burdock migrate apply will adopt it: bring it to ${adoptionText(adoption)}`,
	);
	const { losses } = adoption;
	if (losses.length > 0) terminal.print(`It would delete ${losses.join(", ")}.`);
}

function reportProblems(problems: readonly string[], terminal: Invocation["terminal"]): void {
	if (problems.length === 0) terminal.print("The database fits the schema.");
	else terminal.print(["The database does not fit the schema:", ...problems].join("\n- "));
}

async function withDatabase(
	{ config }: Project,
	use: (database: Database) => Promise<ExitName>,
): Promise<ExitName> {
	const { connection = {} } = config;
	const database =
		"batch" in connection ? connection : await nodePlatform().openDatabase(connection);
	try {
		return await use(database);
	} finally {
		await database.close();
	}
}

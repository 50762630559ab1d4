import { createReadStream, existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Config } from "../../app/config.ts";
import { CliError } from "../cli-error.ts";
import { CONFIG_OPTION, type Command } from "../command.ts";
import { databaseFile } from "../database-file.ts";
import { textOf } from "../listen-options.ts";
import { withApp, type OpenedApp } from "../opened-app.ts";
import { count, Progress } from "../progress.ts";
import type { Terminal } from "../terminal.ts";
import type { ImportCounts } from "../transfer/import-state.ts";
import type { Conflict } from "../transfer/row-store.ts";
import { runImport } from "../transfer/run-import.ts";
import { schemaHash } from "../transfer/transfer-format.ts";

const CONFLICTS: readonly Conflict[] = ["fail", "skip", "replace"];

/** `burdock import`: stores what `burdock export` wrote. */
export const importCommand: Command = {
	name: "import",
	summary: "Store the rows of an export.",
	description:
		"Stores the rows that burdock export wrote, in batches, through the hooks: listeners may change\n" +
		"and refuse them. To restore a backup as it was, use --no-hooks. The seed is not run.\n" +
		"\n" +
		"An import that was interrupted, by whatever, goes on where it was when it is started again with\n" +
		"the same file: nothing is stored twice, and nothing is left out. A line that cannot be imported\n" +
		"is named with the reason, and the others are imported; the exit code is then 1.",
	argument: { name: "FILE", description: "The export; - is the standard input.", count: "one" },
	options: {
		"on-conflict": {
			value: "HOW",
			description: "What to do with a row whose key is taken: fail, skip or replace.",
			fallback: "fail",
		},
		"no-hooks": { description: "Call no listeners, not even the config's onBuilt." },
		"dry-run": { description: "Read and check all lines, and store nothing." },
		restart: { description: "Forget an import that was interrupted, and begin anew." },
		...CONFIG_OPTION,
	},
	example: "burdock import backup.jsonl --no-hooks",
	async run(invocation) {
		const {
			options,
			args: [file = "-"],
			terminal,
		} = invocation;
		const conflict = conflictOf(textOf(options, "on-conflict"));
		const dryRun = options["dry-run"] === true;
		const bare = dryRun || options["no-hooks"] === true;
		const source = sourceOf(file);
		const change = (config: Config): Config => importing(config, { bare, dryRun });
		const work = { source, conflict, dryRun, restart: options["restart"] === true, terminal };
		return withApp(invocation, (opened) => importInto(opened, work), {
			change,
			exitOf: (exit) => exit,
		});
	},
};

interface Source {
	readonly name: string;
	readonly stream: AsyncIterable<Uint8Array>;
	/** In bytes, where it is known. */
	readonly size: number | undefined;
}

interface Work {
	readonly source: Source;
	readonly conflict: Conflict;
	readonly dryRun: boolean;
	readonly restart: boolean;
	readonly terminal: Terminal;
}

async function importInto(
	{ app, config, build }: OpenedApp,
	{ source, terminal, ...how }: Work,
): Promise<"ok" | "failure"> {
	const { errorPaint: paint } = terminal;
	const progress = new Progress(process.stderr, paint);
	const say = (text: string): void => {
		progress.clear();
		terminal.printError(text);
	};
	if (!how.dryRun || isMissing(config)) await build();
	const { counts, unfinished } = await runImport({
		app,
		...source,
		...how,
		bulkRows: config.limits?.bulkRows,
		onHeader: ({ schema }) => {
			if (schema === "" || schema === schemaHash(app.em.entities)) return;
			say(`${paint.yellow("warning:")} It was exported from another schema than this one.`);
		},
		onResume: (line) => say(`Going on after line ${count(line)}, where it was interrupted.`),
		onFault: (line, reason) => say(`${paint.red(`line ${line}:`)} ${reason}`),
		onProgress: (label, { rows, bytes }) => {
			const { size } = source;
			progress.show({ label, rows, part: size === undefined ? undefined : bytes / size });
		},
	}).finally(() => progress.clear());
	say(summaryOf(counts, how));
	if (unfinished !== undefined) {
		throw new CliError(unfinished, {
			hint: how.dryRun
				? "Export it again."
				: "What it holds was imported. Import the whole file to go on, or give up: --restart.",
		});
	}
	if (counts.failed === 0) return "ok";
	say(
		`${paint.dim("hint:")}  Mend these lines, and import the file again with --on-conflict skip.`,
	);
	return "failure";
}

function summaryOf(counts: ImportCounts, { dryRun }: { readonly dryRun: boolean }): string {
	const parts = Object.entries(counts).filter(([, rows]) => rows > 0);
	const said = parts.map(([what, rows]) => `${count(rows)} ${what}`).join(", ") || "nothing to do";
	return dryRun ? `Would be: ${said}. Nothing was stored.` : `Imported: ${said}.`;
}

const HOOKS = ["beforeBuild", "onServerInit", "onBuilt", "plugins", "listeners", "events"];

/** The config without its seed, because an imported database has its rows; bare, without hooks. */
function importing(
	config: Config,
	{ bare, dryRun }: { readonly bare: boolean; readonly dryRun: boolean },
): Config {
	const left = ["seed", ...(bare ? HOOKS : [])];
	const rest: Config = Object.fromEntries(
		Object.entries(config).filter(([name]) => !left.includes(name)),
	);
	return dryRun && isMissing(config) ? { ...rest, connection: { url: ":memory:" } } : rest;
}

/** Whether the database is a file that is not there; a dry run makes none. */
function isMissing({ connection }: Config): boolean {
	const file = databaseFile(connection);
	return file !== undefined && !existsSync(file);
}

function conflictOf(text = "fail"): Conflict {
	const known = CONFLICTS.find((one) => one === text);
	if (known !== undefined) return known;
	throw new CliError(`--on-conflict cannot be ${text}: it is one of ${CONFLICTS.join(", ")}.`, {
		exit: "usage",
		hint: "See: burdock import --help",
	});
}

function sourceOf(file: string): Source {
	if (file === "-") return { name: "the standard input", stream: process.stdin, size: undefined };
	const path = resolve(file);
	const stats = statSync(path, { throwIfNoEntry: false });
	if (stats?.isFile() !== true) {
		throw new CliError(`There is no file ${path}.`, {
			exit: "usage",
			hint: "burdock export --out FILE makes one.",
		});
	}
	return { name: path, stream: createReadStream(path), size: stats.size };
}

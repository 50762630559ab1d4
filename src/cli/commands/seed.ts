import type { App } from "../../app/app.ts";
import type { Config } from "../../app/config.ts";
import { DatabaseEvents } from "../../data/database-events.ts";
import { CliError } from "../cli-error.ts";
import { CONFIG_OPTION, type Command, type Invocation } from "../command.ts";
import { withApp } from "../opened-app.ts";
import { count, Progress } from "../progress.ts";
import { positionOf } from "../source-position.ts";

type Counts = ReadonlyMap<string, number>;

/** `burdock seed`: runs the config's seed now. */
export const seed: Command = {
	name: "seed",
	summary: "Run the config's seed now.",
	description:
		"Runs the seed of the config, hooks included. burdock start does so by itself at the first boot\n" +
		"of an empty database, once: this is for a seed that came later, or that should run again.\n" +
		"A database that has rows is refused, unless --force is given: nobody knows what the seed would\n" +
		"store twice. A seed that fails leaves what it had stored until then.",
	options: {
		force: { description: "Run it although the database has rows." },
		...CONFIG_OPTION,
	},
	example: "burdock seed --force",
	async run(invocation) {
		const { options, terminal } = invocation;
		const before = await withApp(invocation, async ({ app, config }) => {
			if (config.seed === undefined) {
				throw new CliError("The config has no seed.", {
					exit: "config",
					hint: "Write one: seed(app) { … }.",
				});
			}
			return countRows(app);
		});
		if (options["force"] !== true) refuseRows(before);
		const after = await runSeed(invocation, before);
		const stored = [...after].flatMap(([name, rows]) => {
			const more = rows - (before.get(name) ?? 0);
			return more === 0 ? [] : [`${count(more)} ${name}`];
		});
		terminal.printError(`Seeded: ${stored.join(", ") || "no row more than before"}.`);
		return "ok";
	},
};

async function runSeed(invocation: Invocation, before: Counts): Promise<Counts> {
	const run = new SeedRun();
	const firstBoot = isEmpty(before);
	// The first boot seeds an empty database itself, so that nobody else does it at the same time.
	const change = (config: Config): Config => run.within(config, { firstBoot });
	const progress = new Progress(process.stderr, invocation.terminal.errorPaint);
	return withApp(
		invocation,
		async ({ app, build }) => {
			if (process.stderr.isTTY) showRows(app, progress);
			try {
				await build();
				if (!run.done) await run.now(app);
				await app.emgr.drain();
				return await countRows(app);
			} finally {
				progress.clear();
			}
		},
		{ change },
	);
}

/** The one run of a seed. */
class SeedRun {
	done = false;
	#seed: NonNullable<Config["seed"]> = () => undefined;

	/** The config with this run as the seed of its first boot, or without one. */
	within(config: Config, { firstBoot }: { readonly firstBoot: boolean }): Config {
		const { seed: given, ...rest } = config;
		this.#seed = (app, env) => given?.call(config, app, env);
		return firstBoot ? { ...rest, seed: (app, env) => this.#run(app, env) } : rest;
	}

	/** Runs it on an app that is built. @throws CliError with the place where it failed. */
	async now(app: App): Promise<void> {
		try {
			await this.#run(app, process.env);
		} catch (cause) {
			const position = positionOf(cause);
			const message = cause instanceof Error ? cause.message : String(cause);
			throw new CliError(`The seed failed: ${position ? `${position}: ` : ""}${message}`, {
				hint: "What it had stored until then is still in the database. --verbose shows the stack.",
				cause,
			});
		}
	}

	async #run(app: App, env: Readonly<Record<string, unknown>>): Promise<void> {
		this.done = true;
		await this.#seed(app, env);
	}
}

function showRows(app: App, progress: Progress): void {
	let rows = 0;
	app.emgr.onEvent(
		DatabaseEvents.MutatorInsertAfter,
		({ params }) => progress.show({ label: params.entity.name, rows: ++rows }),
		{ mode: "sync", id: "burdock-seed-progress", order: Number.MAX_SAFE_INTEGER },
	);
}

/** Rows by entity; none of a table that is not there yet. */
async function countRows({ em, database }: App): Promise<Counts> {
	const counts = new Map<string, number>();
	for (const { name, tableName, identifier } of em.entities) {
		const sql = "select 1 from sqlite_master where name = ? collate nocase";
		const found = await database.all({ sql, params: [tableName] });
		if (found.length === 0) continue;
		const [row] = await database.all({ sql: `select count(*) from ${identifier}`, params: [] });
		counts.set(name, Number(row?.[0]));
	}
	return counts;
}

function isEmpty(counts: Counts): boolean {
	return [...counts.values()].every((rows) => rows === 0);
}

function refuseRows(counts: Counts): void {
	if (isEmpty(counts)) return;
	const held = [...counts].flatMap(([name, rows]) => (rows > 0 ? [`${count(rows)} ${name}`] : []));
	throw new CliError(`The database is not empty: it holds ${held.join(", ")}.`, {
		exit: "database",
		hint: "--force runs the seed all the same; what it stores may then be there twice.",
	});
}

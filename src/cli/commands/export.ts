import { resolve } from "node:path";
import type { App } from "../../app/app.ts";
import type { Database } from "../../data/database.ts";
import type { Entity } from "../../data/schema/entity.ts";
import { didYouMean } from "../../kernel/nearest.ts";
import { CliError } from "../cli-error.ts";
import { CONFIG_OPTION, type Command } from "../command.ts";
import { heard } from "../heard.ts";
import { textOf } from "../listen-options.ts";
import { withApp } from "../opened-app.ts";
import { count, Progress } from "../progress.ts";
import { shownPath } from "../source-position.ts";
import type { Terminal } from "../terminal.ts";
import { exportPages } from "../transfer/export-pages.ts";
import { openSnapshot, type Snapshot } from "../transfer/open-snapshot.ts";
import { orderByReferences } from "../transfer/order-by-references.ts";
import { WholeFile, type ExportTarget } from "../transfer/whole-file.ts";

/** `burdock export`: all rows as text. */
export const exportCommand: Command = {
	name: "export",
	summary: "Write all rows as JSON Lines, for a backup or another database.",
	description:
		"Writes every row of every entity, or of those that are named, as one line of JSON each, in an\n" +
		"order in which burdock import can store them. Nothing is changed and no listener hears of a row.\n" +
		"\n" +
		"IT CONTAINS EVERYTHING, HIDDEN FIELDS INCLUDED: it is a backup, and no less secret than the\n" +
		"database. A file is made readable for you alone.\n" +
		"\n" +
		"Of a database file it is a snapshot: others may write meanwhile. A remote database is read page\n" +
		"by page: stop whoever writes to it.",
	argument: {
		name: "ENTITY",
		description: "Only this one; what its rows refer to has to be where they go.",
		count: "any",
	},
	options: {
		out: { value: "FILE", short: "o", description: "Write to this file.", fallback: "-, stdout" },
		...CONFIG_OPTION,
	},
	example: "burdock export --out backup.jsonl",
	async run(invocation) {
		const { options, args, terminal } = invocation;
		const out = textOf(options, "out") ?? "-";
		const exportFrom = async (app: App): Promise<"ok"> => {
			await app.database.all({ sql: "select 1", params: [] });
			const snapshot = openSnapshot(app.database);
			try {
				const { entities: schema } = app.em;
				const entities = orderByReferences(named(schema, args));
				if (!snapshot.consistent) warnOfChanges(terminal);
				await write({ snapshot, schema, entities, out, terminal });
			} finally {
				snapshot.close();
			}
			return "ok";
		};
		return withApp(
			invocation,
			({ app, config }) => heard(invocation, config, () => exportFrom(app)),
			{ existing: true },
		);
	},
};

interface Work {
	readonly snapshot: Snapshot;
	readonly schema: readonly Entity[];
	readonly entities: readonly Entity[];
	readonly out: string;
	readonly terminal: Terminal;
}

async function write({ snapshot, schema, entities, out, terminal }: Work): Promise<void> {
	const { database, consistent } = snapshot;
	const total = await countRows(database, entities);
	const progress = new Progress(process.stderr, terminal.errorPaint);
	const target: ExportTarget = out === "-" ? standardOutput : await WholeFile.create(resolve(out));
	// Rows that go to a terminal are progress enough, and would run into a line about it.
	const quiet = out === "-" && terminal.interactive;
	let rows = 0;
	try {
		for await (const page of exportPages({ database, schema, entities })) {
			await target.write(page.text);
			rows += page.rows;
			const label = page.entity?.name ?? "export";
			if (!quiet) progress.show({ label, rows, part: total === 0 ? 1 : Math.min(rows / total, 1) });
		}
		if (consistent && rows !== total) throw incomplete(rows, total);
		await target.finish();
	} catch (error) {
		await target.abandon();
		throw error;
	} finally {
		progress.clear();
	}
	const where = out === "-" ? "" : ` to ${shownPath(resolve(out))}`;
	const [only] = entities;
	const what = entities.length === 1 && only ? only.name : `${entities.length} entities`;
	terminal.printError(`Exported ${count(rows)} rows of ${what}${where}.`);
}

/** SQLite takes NULL in a key that is no integer: such a row has no place in the order of keys. */
function incomplete(rows: number, total: number): CliError {
	return new CliError(`Only ${count(rows)} of ${count(total)} rows could be read.`, {
		hint: "Some have NULL in their primary key: give them one, or delete them.",
	});
}

function named(schema: readonly Entity[], names: readonly string[]): readonly Entity[] {
	for (const name of names) {
		if (schema.some((entity) => entity.name === name)) continue;
		const guess = didYouMean(
			name,
			schema.map((entity) => entity.name),
		);
		throw new CliError(`There is no entity ${name}.${guess}`, {
			exit: "usage",
			hint: "burdock info shows them all.",
		});
	}
	return names.length === 0 ? schema : schema.filter(({ name }) => names.includes(name));
}

/** Also finds out whether all tables are there. */
async function countRows(database: Database, entities: readonly Entity[]): Promise<number> {
	let rows = 0;
	for (const { identifier, tableName } of entities) {
		const sql = "select 1 from sqlite_master where name = ? collate nocase";
		const found = await database.all({ sql, params: [tableName] });
		if (found.length === 0) {
			throw new CliError(`The database has no table ${tableName}.`, {
				exit: "database",
				hint: "burdock doctor tells how it differs from the schema.",
			});
		}
		const [row] = await database.all({ sql: `select count(*) from ${identifier}`, params: [] });
		rows += Number(row?.[0]);
	}
	return rows;
}

function warnOfChanges({ errorPaint, printError }: Terminal): void {
	printError(
		`${errorPaint.yellow("warning:")} This database is read page by page: what others write meanwhile may be in it in part.`,
	);
}

const standardOutput: ExportTarget = {
	write: (text) =>
		new Promise((done, fail) => {
			process.stdout.write(text, (error) => (error ? fail(error) : done()));
		}),
	finish: () => Promise.resolve(),
	abandon: () => Promise.resolve(),
};

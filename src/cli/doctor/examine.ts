import { existsSync } from "node:fs";
import type { App } from "../../app/app.ts";
import { createApp } from "../../app/create-app.ts";
import { readConfig } from "../../app/read-config.ts";
import type { Database } from "../../data/database.ts";
import { FirstBootClaim } from "../../data/migrate/first-boot-claim.ts";
import { Tables } from "../../data/migrate/tables.ts";
import { silentLogger } from "../../kernel/logger.ts";
import { openDatabase } from "../../runtime/node/open-database.ts";
import { nodePlatform } from "../../runtime/node/platform.ts";
import { databaseFile } from "../database-file.ts";
import { findConfig } from "../find-config.ts";
import { textOf } from "../listen-options.ts";
import { loadConfig } from "../load-config.ts";
import { withoutAdapters } from "../without-adapters.ts";
import { shownPath } from "../source-position.ts";
import { toCliError } from "../to-cli-error.ts";
import { access, address } from "./address.ts";
import {
	fault,
	isFault,
	ok,
	type Check,
	type ConfigFacts,
	type DatabaseFacts,
	type Facts,
	type Finding,
} from "./check.ts";
import { databaseFileCheck } from "./database-file-check.ts";
import { folders, gitignore } from "./folders.ts";
import { indexes } from "./indexes.ts";
import { integrity } from "./integrity.ts";
import { listeners } from "./listeners.ts";
import { nodeVersion } from "./node-version.ts";
import { drizzleCopies, packages } from "./packages.ts";
import { schema } from "./schema.ts";
import { workers } from "./workers.ts";

/** What one check has found. */
export interface Examined {
	readonly name: string;
	readonly findings: readonly Finding[];
}

const ALWAYS: readonly Check[] = [nodeVersion, packages, gitignore];
const WITH_CONFIG: readonly Check<ConfigFacts>[] = [
	drizzleCopies,
	listeners,
	indexes,
	folders,
	address,
	access,
	workers,
	databaseFileCheck,
];
const WITH_DATABASE: readonly Check<DatabaseFacts>[] = [integrity, schema];
/** Milliseconds that a locked database is waited for. */
const BUSY_MS = 1_000;

/** Looks at everything that can be looked at, and tells of each check as it is done. */
export async function* examine(facts: Facts): AsyncGenerator<Examined> {
	for (const check of ALWAYS) yield await examined(check, facts);
	const read = await readFacts(facts);
	if ("findings" in read) return yield { name: "Config", findings: read.findings };
	yield { name: "Config", findings: [ok(read.path)] };
	const { app } = read.facts;
	try {
		await facts.onBuilt?.(app);
		let failed = false;
		for (const check of WITH_CONFIG) {
			const result = await examined(check, read.facts);
			if (check === databaseFileCheck) failed = result.findings.some(isFault);
			yield result;
		}
		if (!failed) yield* examineDatabase(read.facts);
	} finally {
		await facts.onClose?.(app);
		await app.close({ timeout: 0 });
	}
}

/** Opens the database, unless that would make one. */
async function* examineDatabase(facts: ConfigFacts): AsyncGenerator<Examined> {
	const { connection = {} } = facts.config;
	const file = databaseFile(facts.config.connection);
	if (file !== undefined && !existsSync(file)) return;
	try {
		const opened =
			"batch" in connection
				? connection
				: file === undefined
					? await nodePlatform({ logger: silentLogger }).openDatabase(connection)
					: openDatabase({ url: connection.url ?? `file:${file}` }, { busyTimeout: BUSY_MS });
		try {
			await opened.all({ sql: "select count(*) from sqlite_master", params: [] });
			for (const check of WITH_DATABASE) {
				yield await examined(check, { ...facts, database: opened });
			}
		} finally {
			await opened.close();
		}
	} catch (error) {
		yield { name: "Database", findings: [faultOf(error)] };
	}
}

async function examined<Needs extends Facts>(check: Check<Needs>, facts: Needs): Promise<Examined> {
	try {
		return { name: check.name, findings: await check.run(facts) };
	} catch (error) {
		return { name: check.name, findings: [faultOf(error)] };
	}
}

async function readFacts(
	facts: Facts,
): Promise<
	{ readonly facts: ConfigFacts; readonly path: string } | { readonly findings: readonly Finding[] }
> {
	try {
		const path = findConfig(facts.folder, textOf(facts.options, "config"));
		const { config: input, inputs } = await loadConfig(path);
		const platform = nodePlatform({ logger: silentLogger, env: facts.env });
		const config = readConfig(input, facts.env);
		const database = openDatabase({ url: ":memory:" });
		const app = createApp({ ...withoutAdapters(config), connection: database }, platform);
		await buildEmpty(app, database);
		return { facts: { ...facts, config, inputs, app }, path: shownPath(path) };
	} catch (error) {
		return { findings: [faultOf(error)] };
	}
}

/** Builds an app on an empty database that has had its first boot: its seed is not run. */
async function buildEmpty(app: App, database: Database): Promise<void> {
	try {
		await new Tables(database, app.em.entities).prepare();
		await new FirstBootClaim(database).take(0);
		await app.build();
	} catch (error) {
		await app.close({ timeout: 0 });
		throw error;
	}
}

function faultOf(error: unknown): Finding {
	const { message, hint } = toCliError(error);
	return fault(message, hint ?? "burdock start --verbose shows the stack.");
}

import { Console } from "node:console";
import { existsSync } from "node:fs";
import type { App } from "../app/app.ts";
import type { Config } from "../app/config.ts";
import { createApp } from "../app/create-app.ts";
import { readConfig } from "../app/read-config.ts";
import { createLogger } from "../runtime/node/logger.ts";
import { nodePlatform } from "../runtime/node/platform.ts";
import { CliError } from "./cli-error.ts";
import type { Invocation } from "./command.ts";
import { databaseFile } from "./database-file.ts";
import type { ExitName } from "./exit-codes.ts";
import { findConfig } from "./find-config.ts";
import { textOf } from "./listen-options.ts";
import { loadConfig } from "./load-config.ts";

/** An app on its own database, not built yet. */
export interface OpenedApp {
	readonly app: App;
	readonly config: Config;
	/** Builds the app, and tells it which command runs. */
	build(): Promise<void>;
}

/** How an app is opened. */
export interface OpenOptions<Result> {
	/** What of the config is left out or replaced. */
	readonly change?: (config: Config) => Config;
	/** Refuses a database file that does not exist, instead of making one. */
	readonly existing?: true;
	/** With what the command ends; default: `"ok"`. */
	readonly exitOf?: (result: Result) => ExitName;
}

/**
 * Makes the config's app without building it, hands it over, and closes it. What the config prints
 * goes to the standard error, so that the standard output is the command's alone; so do warnings.
 */
export async function withApp<Result>(
	{ options: values, report }: Invocation,
	use: (opened: OpenedApp) => Promise<Result>,
	{ change = (config) => config, existing, exitOf }: OpenOptions<Result> = {},
): Promise<Result> {
	globalThis.console = new Console(process.stderr, process.stderr);
	const path = findConfig(process.cwd(), textOf(values, "config"));
	const loaded = await loadConfig(path);
	const logger = createLogger({ level: "warn", fd: 2 });
	const platform = nodePlatform({ logger });
	const config = readConfig(loaded.config, platform.env);
	if (existing) checkExists(config);
	const app = createApp(change(config), platform);
	const build = async (): Promise<void> => {
		await app.build();
		await report.executing(app);
	};
	try {
		return await report.around(app, () => use({ app, config, build }), exitOf);
	} finally {
		await app.close();
		logger.flush();
	}
}

function checkExists({ connection }: Config): void {
	const file = databaseFile(connection);
	if (file === undefined || existsSync(file)) return;
	throw new CliError(`There is no database ${file}.`, {
		exit: "database",
		hint: "burdock start makes one; or check connection.url in the config.",
	});
}

import { Console } from "node:console";
import type { App } from "../app/app.ts";
import type { Config } from "../app/config.ts";
import { readConfig } from "../app/read-config.ts";
import { createLogger } from "../runtime/node/logger.ts";
import { nodePlatform } from "../runtime/node/platform.ts";
import { exposureOf, serverSettings } from "../runtime/node/server-settings.ts";
import { emptyApp } from "./empty-app.ts";
import { findConfig } from "./find-config.ts";
import { loadConfig } from "./load-config.ts";
import type { Invocation } from "./command.ts";

/** An app that was built to be looked at, and where its data would be. */
export interface InspectedApp {
	readonly app: App;
	readonly config: Config;
	readonly path: string;
}

/**
 * Builds the config's app on an empty database in memory and without its seed, shows it, and closes
 * it: nothing that the config names is opened or changed. What the config prints goes to the standard
 * error, so that the standard output is the command's alone.
 */
export async function inspectApp(
	{ options, report }: Invocation,
	show: (inspected: InspectedApp) => void,
): Promise<void> {
	globalThis.console = new Console(process.stderr, process.stderr);
	const asked = options["config"];
	const path = findConfig(process.cwd(), asked === true ? undefined : asked);
	const loaded = await loadConfig(path);
	const exposure = exposureOf(serverSettings({}, process.env).host);
	const logger = createLogger({ level: "warn", fd: 2 });
	const platform = nodePlatform({ logger, exposure });
	const config = readConfig(loaded.config, platform.env);
	const app = await emptyApp(config, platform);
	try {
		await app.build();
		await report.executing(app);
		await report.around(app, async () => show({ app, config, path }));
	} finally {
		await app.close({ timeout: 0 });
		logger.flush();
	}
}

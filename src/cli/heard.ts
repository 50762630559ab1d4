import type { App } from "../app/app.ts";
import type { Config } from "../app/config.ts";
import type { AppPlatform } from "../app/platform.ts";
import { buildOrClose } from "../runtime/node/build-or-close.ts";
import { createLogger } from "../runtime/node/logger.ts";
import { nodePlatform } from "../runtime/node/platform.ts";
import type { Invocation } from "./command.ts";
import { emptyApp } from "./empty-app.ts";
import type { ExitName } from "./exit-codes.ts";
import { toCliError } from "./to-cli-error.ts";

/**
 * Does the work of a command that builds no app, so that listeners hear of it all the same: in the
 * config's app, built on an empty database in memory. If it cannot be built, the work is done without.
 */
export async function heard(
	{ report, terminal }: Invocation,
	config: Config,
	work: () => Promise<ExitName>,
): Promise<ExitName> {
	const logger = createLogger({ level: "warn", fd: 2 });
	const app = await builtApp(config, nodePlatform({ logger })).catch((error: unknown) => {
		const { message } = toCliError(error);
		terminal.printError(`warning: No listener hears of this command: ${message}`);
	});
	if (!app) return work();
	try {
		await report.executing(app);
		return await report.around(app, work, (exit) => exit);
	} finally {
		await app.close({ timeout: 0 });
		logger.flush();
	}
}

async function builtApp(config: Config, platform: AppPlatform): Promise<App> {
	const app = await emptyApp(config, platform);
	await buildOrClose(app);
	return app;
}

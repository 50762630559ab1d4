import type { NodeLogger } from "../runtime/node/logger.ts";
import type { RunningServer } from "../runtime/node/serve-options.ts";
import { banner } from "./banner.ts";
import type { Terminal } from "./terminal.ts";
import { commandsToTry } from "./commands-to-try.ts";

/**
 * Says that the server answers: a banner for people, one log line for a log collector.
 */
export async function announce(
	{ url, app }: RunningServer,
	{
		logger,
		terminal,
		workers,
	}: {
		readonly logger: NodeLogger;
		readonly terminal: Terminal;
		/** How many there are, when there are several. */
		readonly workers?: number;
	},
): Promise<void> {
	const { version, database, entities, listeners, access } = app.describe();
	if (!terminal.interactive) {
		const names = entities.map(({ name }) => name);
		const { engine, location } = database;
		logger.info("listening", {
			url,
			version,
			engine,
			location,
			entities: names,
			listeners,
			access,
			...(workers === undefined ? {} : { workers }),
		});
		return;
	}
	const commands = await commandsToTry(app, url);
	logger.flush();
	terminal.print(banner({ url, ...app.describe(), commands }, terminal.paint));
}

import { createLogger } from "../../runtime/node/logger.ts";
import { NodeServer } from "../../runtime/node/node-server.ts";
import { announce } from "../announce.ts";
import { CONFIG_OPTION, LISTEN_OPTIONS, type Command } from "../command.ts";
import { endWithNpm } from "../end-with-npm.ts";
import { findConfig } from "../find-config.ts";
import { holdYoungSpace } from "../hold-young-space.ts";
import { addressOf, textOf } from "../listen-options.ts";
import { loadConfig } from "../load-config.ts";

/** `burdock start`: serves the config's app. */
export const start: Command = {
	name: "start",
	summary: "Serve the app.",
	description:
		"Builds the app of the config and serves it, until SIGTERM or SIGINT: then requests in flight\n" +
		"are answered, deferred listeners run, and the database is closed. A second signal ends at once.\n" +
		"An empty database gets its tables, by the project's migrations if it has any, and the seed of\n" +
		"the config. One that differs from the schema is not served: see burdock migrate.\n" +
		"\n" +
		"On a terminal it prints a banner and readable log lines, elsewhere one JSON object a line.\n" +
		"LOG_LEVEL is debug, info, warn or error.",
	options: { ...LISTEN_OPTIONS, ...CONFIG_OPTION },
	example: "burdock start --port 8080 --host 0.0.0.0",
	async run({ options, terminal, report }) {
		endWithNpm();
		holdYoungSpace();
		const address = addressOf(options);
		const logger = createLogger();
		const path = findConfig(process.cwd(), textOf(options, "config"));
		const { config } = await loadConfig(path);
		const server = await NodeServer.start(config, { ...address, logger, command: report });
		await announce(server, { logger, terminal });
		return "ok";
	},
};

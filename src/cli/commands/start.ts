import type { ConfigInput } from "../../app/config.ts";
import { createLogger } from "../../runtime/node/logger.ts";
import { NodeServer } from "../../runtime/node/node-server.ts";
import { takeOrder } from "../../runtime/node/worker-order.ts";
import { announce } from "../announce.ts";
import { CONFIG_OPTION, LISTEN_OPTIONS, WORKERS_OPTION, type Command } from "../command.ts";
import { endWithNpm } from "../end-with-npm.ts";
import { findConfig } from "../find-config.ts";
import { holdYoungSpace } from "../hold-young-space.ts";
import { addressOf, textOf, workersOf } from "../listen-options.ts";
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
		"With --workers several processes answer: the app is built once before they start, one that dies\n" +
		"is started again, and they stop one after the other. Each has its own listeners in its own memory.\n" +
		"\n" +
		"On a terminal it prints a banner and readable log lines, elsewhere one JSON object a line.\n" +
		"LOG_LEVEL is debug, info, warn or error.",
	options: { ...LISTEN_OPTIONS, ...WORKERS_OPTION, ...CONFIG_OPTION },
	example: "burdock start --port 8080 --host 0.0.0.0",
	async run({ options, terminal, report }) {
		const order = takeOrder(process.env);
		if (order === undefined) endWithNpm();
		holdYoungSpace();
		const address = addressOf(options);
		const workers = workersOf(options);
		const logger = createLogger({ shared: workers > 1 });
		const load = async (): Promise<ConfigInput> => {
			const path = findConfig(process.cwd(), textOf(options, "config"));
			return (await loadConfig(path)).config;
		};
		if (order !== undefined) {
			const { serveAsWorker } = await import("../../runtime/node/serve-as-worker.ts");
			await serveAsWorker(order, { ...address, logger, load });
			return undefined;
		}
		const config = await load();
		if (workers > 1) {
			const { ClusterServer } = await import("../../runtime/node/cluster-server.ts");
			const shared = { ...address, logger, workers, command: report };
			const server = await ClusterServer.start(config, shared);
			await announce(server, { logger, terminal, workers });
			return undefined;
		}
		const server = await NodeServer.start(config, { ...address, logger, command: report });
		await announce(server, { logger, terminal });
		return undefined;
	},
};

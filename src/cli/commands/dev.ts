import { createLogger, type NodeLogger } from "../../runtime/node/logger.ts";
import { NodeServer } from "../../runtime/node/node-server.ts";
import { announce } from "../announce.ts";
import { BundleError } from "../bundle-config.ts";
import { CONFIG_OPTION, LISTEN_OPTIONS, type Command } from "../command.ts";
import { endWithNpm } from "../end-with-npm.ts";
import { findConfig } from "../find-config.ts";
import { isSubscriberName, subscribersFolder } from "../find-subscribers.ts";
import { FileWatch } from "../file-watch.ts";
import { addressOf, textOf } from "../listen-options.ts";
import { loadConfig } from "../load-config.ts";
import { reportFailure } from "../report-failure.ts";
import type { Terminal } from "../terminal.ts";
import { toCliError } from "../to-cli-error.ts";

/** `burdock dev`: serves the app, and builds it anew when its source changes. */
export const dev: Command = {
	name: "dev",
	summary: "Serve the app, and reload it when its source changes.",
	description:
		"Serves the app like start. When the config, a subscriber or a file that they import changes, or a\n" +
		"subscriber comes or goes, the app is built anew and answers from the next request on; requests in\n" +
		"flight are still answered by the old one.\n" +
		"While a change has a fault, the fault is shown and the old app goes on. New tables, columns and\n" +
		"indexes of the schema are made in the database; what would delete something is refused.",
	options: { ...LISTEN_OPTIONS, ...CONFIG_OPTION },
	example: "burdock dev --port 8080",
	async run({ options, terminal, report }) {
		endWithNpm();
		const address = addressOf(options);
		const logger = createLogger();
		const path = findConfig(process.cwd(), textOf(options, "config"));
		const { config, inputs } = await loadConfig(path);
		const server = await NodeServer.start(config, {
			...address,
			logger,
			replaceable: true,
			command: report,
			schemaChanges: "add",
			serverTiming: true,
		});
		const reloader = new Reloader(server, path, {
			logger,
			terminal,
			verbose: options["verbose"] === true,
		});
		reloader.watch(inputs);
		await announce(server, { logger, terminal });
		return undefined;
	},
};

/** How a {@link Reloader} tells what it does. */
interface ReloaderOptions {
	readonly logger: NodeLogger;
	readonly terminal: Terminal;
	/** Whether a fault is shown with its stack. */
	readonly verbose: boolean;
}

/** Replaces the app behind a server, one change after the other. */
class Reloader {
	readonly #server: NodeServer;
	readonly #path: string;
	readonly #logger: NodeLogger;
	readonly #options: ReloaderOptions;
	readonly #files: FileWatch;
	#generation = 0;
	#running = false;
	#again = false;

	constructor(server: NodeServer, path: string, options: ReloaderOptions) {
		this.#server = server;
		this.#path = path;
		this.#files = new FileWatch(() => this.#changed(), {
			tree: subscribersFolder(path),
			inTree: isSubscriberName,
		});
		this.#options = options;
		this.#logger = options.logger;
	}

	watch(inputs: readonly string[]): void {
		this.#files.set(inputs);
	}

	#changed(): void {
		if (this.#running) {
			this.#again = true;
			return;
		}
		this.#running = true;
		this.#reload()
			.catch((error: unknown) => this.#fail(error))
			.finally(() => {
				this.#running = false;
				if (this.#again) {
					this.#again = false;
					this.#changed();
				}
			});
	}

	async #reload(): Promise<void> {
		const started = performance.now();
		const generation = ++this.#generation;
		this.#files.watchTree();
		const { config, inputs } = await loadConfig(this.#path, { generation });
		this.#files.set(inputs);
		const app = await this.#server.replace(config);
		const ms = Math.round(performance.now() - started);
		this.#logger.info("reloaded", { ms, listeners: app.describe().listeners });
		this.#logger.flush();
	}

	#fail(error: unknown): void {
		if (error instanceof BundleError) this.#files.add(error.files);
		const failure = toCliError(error);
		const { message, hint } = failure;
		const { terminal, verbose } = this.#options;
		const fields = terminal.interactive ? {} : { fault: message, hint };
		this.#logger.error("The change has a fault: the old app goes on.", fields);
		this.#logger.flush();
		if (terminal.interactive) reportFailure(failure, terminal, { verbose });
	}
}

import cluster from "node:cluster";
import type { App } from "../../app/app.ts";
import type { Config, ConfigInput } from "../../app/config.ts";
import { createApp } from "../../app/create-app.ts";
import { readConfig } from "../../app/read-config.ts";
import type { Logger } from "../../kernel/logger.ts";
import { buildOrClose } from "./build-or-close.ts";
import { nodeErrors } from "./errors.ts";
import { HttpListener } from "./http-listener.ts";
import { nodePlatform } from "./platform.ts";
import { ProcessHandlers, type CloseOptions, type CloseReport } from "./process-handlers.ts";
import type { RunningServer } from "./serve-options.ts";
import { ServerLife } from "./server-life.ts";
import { exposureOf, serverSettings, urlOf } from "./server-settings.ts";
import type { ServedCommand } from "./start-options.ts";
import { WorkerPool } from "./worker-pool.ts";

const DRAIN_MS = 10_000;
/** The part of the deadline that the workers may take; the rest is for the app of the main process. */
const WORKERS_SHARE = 0.9;

/** How several processes serve an app. */
export interface ClusterOptions {
	/** How many workers; at least 2. */
	readonly workers: number;
	readonly logger: Logger;
	readonly port?: number;
	readonly host?: string;
	readonly command: ServedCommand;
}

/**
 * The main process of a server with workers. It builds the app once, before there is any worker, so
 * that tables and seed are made once; then it starts the workers, which take turns in getting the
 * connections of one port, and looks after them.
 */
export class ClusterServer implements RunningServer {
	readonly app: App;
	readonly url: string;
	readonly #options: ClusterOptions;
	readonly #drain: number;
	readonly #door: HttpListener;
	readonly #pool: WorkerPool;
	readonly #handlers: ProcessHandlers;
	readonly #life = new ServerLife("main");
	#begun: Promise<void> = Promise.resolve();
	#closing: Promise<CloseReport> | undefined;
	readonly #onExit = (): void => this.#pool.kill();

	private constructor(
		options: ClusterOptions,
		config: Config,
		at: { readonly door: HttpListener; readonly host: string; readonly port: number },
	) {
		const { workers, logger } = options;
		this.#options = options;
		this.#door = at.door;
		this.url = urlOf(at);
		this.app = createApp(config, nodePlatform({ exposure: exposureOf(at.host), logger }));
		this.#drain = config.limits?.drain ?? DRAIN_MS;
		this.#pool = new WorkerPool({ count: workers, port: at.port, logger });
		this.#handlers = new ProcessHandlers({ close: (why) => this.close(why), logger });
	}

	/**
	 * Starts everything, and resolves when all workers answer.
	 * @throws what the start of a single process throws; AppError `memory_not_shared`, `worker_failed`.
	 */
	static async start(input: ConfigInput, options: ClusterOptions): Promise<ClusterServer> {
		const config = readConfig(input, process.env);
		check(options, config);
		const address = serverSettings(options, process.env);
		// Takes the port before the database is touched; the workers get it when the app is built.
		const door = new HttpListener(() => new Promise(() => {}));
		const port = await door.listen(address);
		const server = new ClusterServer(options, config, { ...address, port, door });
		server.#handlers.add();
		process.once("exit", server.#onExit);
		try {
			await server.#open();
		} catch (error) {
			await server.close({ error });
			throw error;
		}
		return server;
	}

	close(options: CloseOptions = {}): Promise<CloseReport> {
		this.#closing ??= this.#close(options);
		return this.#closing;
	}

	async #open(): Promise<void> {
		this.#begun = this.#begin();
		await this.#begun;
		await this.#door.close(0);
		if (this.#closing === undefined) await this.#pool.start();
		if (this.#closing === undefined) await this.#life.done(this.app);
	}

	async #begin(): Promise<void> {
		await buildOrClose(this.app);
		if (this.#closing !== undefined) return;
		await this.#options.command.executing(this.app);
		await this.#life.begin(this.app, this.url);
	}

	async #close({ error }: CloseOptions): Promise<CloseReport> {
		const { logger, command } = this.#options;
		const deadline = performance.now() + this.#drain;
		const left = (): number => Math.max(0, deadline - performance.now());
		await this.#begun.catch(() => {});
		await this.#door.close(0);
		const workers = await this.#pool.stop(left() * WORKERS_SHARE);
		let pending = await this.#life.closed(this.app, left());
		pending += (await this.app.emgr.drain({ timeout: left() })).pending;
		const exitCode = error === undefined && workers + pending === 0 ? 0 : 1;
		await command.ended(this.app, { exitCode, error, timeout: left() });
		pending += (await this.app.close({ timeout: left() })).pending;
		this.#handlers.remove();
		process.off("exit", this.#onExit);
		const clean = workers + pending === 0;
		if (clean) logger.info("Stopped.");
		else logger.error("Stopped before everything was done.", { workers, pending });
		return { clean, cut: 0, pending };
	}
}

/** Each process would have a database of its own in memory. */
function check({ workers }: ClusterOptions, { connection = {} }: Config): void {
	const location = "batch" in connection ? connection.location : connection.url;
	if (location === ":memory:") {
		const hint = "Let connection.url name a file, or start without --workers.";
		throw nodeErrors.create("memory_not_shared", { workers }, { details: { hint } });
	}
	if (cluster.isPrimary) return;
	throw nodeErrors.create(
		"setting_invalid",
		{ setting: "--workers", value: String(workers), expected: "1, within a worker of another" },
		{ details: { hint: "What has started this process starts several of it by itself." } },
	);
}

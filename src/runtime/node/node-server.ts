import { AppConfigUpdatedEvent } from "../../app/app-events.ts";
import type { App } from "../../app/app.ts";
import type { ConfigInput } from "../../app/config.ts";
import { createApp } from "../../app/create-app.ts";
import { readConfig } from "../../app/read-config.ts";
import type { AppPlatform } from "../../app/platform.ts";
import type { Logger } from "../../kernel/logger.ts";
import { buildOrClose } from "./build-or-close.ts";
import { DutyTimer } from "./duty-timer.ts";
import { HttpListener, type FetchHandler } from "./http-listener.ts";
import { nodePlatform } from "./platform.ts";
import { ProcessHandlers, type CloseOptions, type CloseReport } from "./process-handlers.ts";
import type { RunningServer } from "./serve-options.ts";
import { ServerLife } from "./server-life.ts";
import { exposureOf, serverSettings, urlOf } from "./server-settings.ts";
import type { StartOptions } from "./start-options.ts";

const DRAIN_MS = 10_000;
const DUTY_INTERVAL_MS = 60_000;
/** The part of the deadline that requests may take; the rest is for what they deferred. */
const REQUESTS_SHARE = 0.8;

/** The processes that run duties: one of several workers is enough. */
const DUTY_PARTS: readonly StartOptions["part"][] = [undefined, "whole", 1];

/** The one app that answers, and the requests that it has not answered yet. */
class Served {
	readonly app: App;
	/** Milliseconds that its end may take. */
	readonly drain: number;
	readonly #closing = new AbortController();
	#open = 0;
	#idle: (() => void) | undefined;

	constructor(app: App, drain: number) {
		this.app = app;
		this.drain = drain;
	}

	/** Answers. */
	readonly plain: FetchHandler = (request, env, context) => {
		context.closing = this.#closing.signal;
		return this.app.fetch(request, env, context);
	};

	/** Answers, and counts the request until its response is closed. */
	readonly counted: FetchHandler = (request, env, context) => {
		this.#open++;
		env.outgoing.once("close", () => {
			if (--this.#open === 0) this.#idle?.();
		});
		return this.plain(request, env, context);
	};

	/** Asks the responses that go on and on to end. */
	endStreams(): void {
		this.#closing.abort();
	}

	/** Resolves when no request is open any more. */
	idle(): Promise<void> {
		return new Promise((resolve) => {
			this.#idle = resolve;
			if (this.#open === 0) resolve();
		});
	}
}

/** A listener and the app behind it. `serve` is its public face. */
export class NodeServer implements RunningServer {
	readonly #platform: AppPlatform;
	readonly #logger: Logger;
	readonly #options: StartOptions;
	readonly #listener: HttpListener;
	readonly #handlers: ProcessHandlers;
	readonly #life: ServerLife;
	readonly #duties: DutyTimer;
	#served: Promise<Served>;
	#handler: FetchHandler;
	#ready: Served | undefined;
	#url = "";
	#closing: Promise<CloseReport> | undefined;

	private constructor(platform: AppPlatform, options: StartOptions) {
		this.#platform = platform;
		this.#logger = platform.logger;
		this.#options = options;
		this.#served = new Promise(() => {});
		// The port is taken before the database is touched; whoever comes early waits for the build.
		this.#handler = async (...args) => (await this.#served).counted(...args);
		this.#listener = new HttpListener((...args) => this.#handler(...args));
		this.#handlers = new ProcessHandlers({
			close: (why) => this.close(why),
			logger: this.#logger,
		});
		this.#life = new ServerLife(options.part);
		this.#duties = new DutyTimer(() => this.app, options.dutyInterval ?? DUTY_INTERVAL_MS);
		options.handOver?.((why) => this.#handlers.end(why));
	}

	/** Listens, builds the app, and resolves when it answers. */
	static async start(config: ConfigInput, options: StartOptions = {}): Promise<NodeServer> {
		const env = options.platform?.env ?? process.env;
		const address = serverSettings(options, env);
		const platform = options.platform ?? platformFor(address.host, options);
		const server = new NodeServer(platform, options);
		const port = await server.#listener.listen(address);
		server.#url = urlOf({ host: address.host, port });
		if (options.signals !== "ignore") server.#handlers.add();
		try {
			await server.#use(config);
		} catch (error) {
			server.#handlers.remove();
			await server.#listener.close(0);
			throw error;
		}
		if (server.#closing !== undefined) return server;
		await server.#life.done(server.app);
		if (DUTY_PARTS.includes(options.part)) server.#duties.start();
		return server;
	}

	get url(): string {
		return this.#url;
	}

	/** The app that answers now. */
	get app(): App {
		if (this.#ready === undefined) throw new Error("The app is not built yet.");
		return this.#ready.app;
	}

	/**
	 * Builds another app and lets it answer from the next request on; the old one is closed when its
	 * requests are answered. When the build fails, the old one goes on. Listeners of the new app then
	 * hear that the config was updated.
	 */
	async replace(config: ConfigInput): Promise<App> {
		const old = await this.#served;
		await this.#use(config);
		old.endStreams();
		old
			.idle()
			.then(() => old.app.close({ timeout: old.drain }))
			.catch((error: unknown) => this.#logger.error("The old app could not close.", { error }));
		const { app } = this;
		await app.emgr.emit(new AppConfigUpdatedEvent({ app }));
		return app;
	}

	close(options: CloseOptions = {}): Promise<CloseReport> {
		this.#closing ??= this.#close(options);
		return this.#closing;
	}

	async #use(input: ConfigInput): Promise<void> {
		const config = readConfig(input, this.#platform.env);
		const drain = this.#options.drain ?? config.limits?.drain ?? DRAIN_MS;
		const app = createApp(config, this.#platform);
		const first = this.#ready === undefined;
		const building = buildOrClose(app).then(async () => {
			if (first) await this.#begin(app);
			return new Served(app, drain);
		});
		if (first) this.#served = building;
		const served = await building;
		this.#served = building;
		this.#ready = served;
		this.#handler = this.#options.replaceable === true ? served.counted : served.plain;
	}

	/** Requests wait until all listeners of the start are done. */
	async #begin(app: App): Promise<void> {
		if (this.#closing !== undefined) return;
		await this.#options.command?.executing(app);
		await this.#life.begin(app, this.#url);
	}

	async #close({ timeout, error }: CloseOptions): Promise<CloseReport> {
		const total = timeout ?? this.#ready?.drain ?? this.#options.drain ?? DRAIN_MS;
		const deadline = performance.now() + total;
		const left = (): number => Math.max(0, deadline - performance.now());
		this.#ready?.endStreams();
		const closing = this.#listener.close(total * REQUESTS_SHARE);
		this.#duties.stop();
		// An app whose build fails has been closed already.
		const app = (await this.#served.catch(() => undefined))?.app;
		let pending = await this.#life.closing(app, total * REQUESTS_SHARE);
		const cut = await closing;
		pending += await this.#life.closed(app, left());
		await this.#endCommand(app, { lost: cut + pending, error, timeout: left() });
		pending += (await app?.close({ timeout: left() }))?.pending ?? 0;
		this.#handlers.remove();
		const report = { clean: pending === 0 && cut === 0, cut, pending };
		if (report.clean) this.#logger.info("Stopped.");
		else this.#logger.error("Stopped before everything was done.", { cut, pending });
		return report;
	}

	/** Deferred work comes first, because the exit code depends on it. */
	async #endCommand(
		app: App | undefined,
		end: { readonly lost: number; readonly error: unknown; readonly timeout: number },
	): Promise<void> {
		const { command } = this.#options;
		if (command === undefined || app === undefined) return;
		const { pending } = await app.emgr.drain({ timeout: end.timeout });
		const exitCode = end.lost + pending > 0 || end.error !== undefined ? 1 : 0;
		await command.ended(app, { exitCode, error: end.error, timeout: end.timeout });
	}
}

function platformFor(host: string, options: StartOptions): AppPlatform {
	const { logger, schemaChanges, serverTiming } = options;
	return nodePlatform({
		exposure: exposureOf(host),
		schemaChanges,
		serverTiming,
		...(logger === undefined ? {} : { logger }),
	});
}

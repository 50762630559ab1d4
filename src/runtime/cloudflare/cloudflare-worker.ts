import type { App } from "../../app/app.ts";
import type { ConfigInput } from "../../app/config.ts";
import { createApp } from "../../app/create-app.ts";
import type { AppPlatform } from "../../app/platform.ts";
import { AppQueueMessage, AppScheduled } from "../../app/runtime-events.ts";
import type { AnyEvent } from "../../events/event-class.ts";
import type { EventScope } from "../../events/event-scope.ts";
import type { Logger } from "../../kernel/logger.ts";
import { isPromise } from "../../kernel/maybe.ts";
import { cloudflareErrors } from "./errors.ts";
import type {
	CronController,
	QueueBatch,
	QueueDelivery,
	WorkerContext,
	WorkerHandlers,
} from "./handlers.ts";
import { BOOKMARK_HEADER, Invocation } from "./invocation.ts";
import { Invocations } from "./invocations.ts";
import { cloudflarePlatform } from "./platform.ts";

/**
 * How a Worker behaves.
 *
 * @example
 * ```ts
 * const problems: Logger = {
 *   debug() {},
 *   info() {},
 *   warn: (message, fields) => console.warn(message, fields),
 *   error: (message, fields) => console.error(message, fields),
 *   child: () => problems,
 * };
 * export default serve(config, { logger: problems });
 * ```
 */
export interface WorkerOptions {
	/** Default: JSON lines on the console, from `LOG_LEVEL` on (`info`). */
	readonly logger?: Logger;
}

/** Milliseconds after which a batch begins no further step of a duty: busy queues bring many batches. */
const QUEUE_DUTIES = 2_000;

/** The one app of an isolate, and what hands events to it. `serve` is its public face. */
export class CloudflareWorker implements WorkerHandlers {
	readonly #config: ConfigInput;
	readonly #invocations = new Invocations();
	readonly #platform: AppPlatform;
	#app: App | undefined;

	/** @throws `bad_config`, `schema_invalid`, unless the config is a function of the environment. */
	constructor(config: ConfigInput, { logger }: WorkerOptions = {}) {
		this.#config = config;
		this.#platform = cloudflarePlatform(this.#invocations, logger);
		if (typeof config !== "function") this.#app = createApp(config, this.#platform);
	}

	/** The app, made when it is first asked for if its config needs the environment. */
	get app(): App {
		this.#app ??= createApp(this.#config, this.#platform);
		return this.#app;
	}

	async fetch(request: Request, env: unknown, context: WorkerContext): Promise<Response> {
		const invocation = new Invocation(env, context, request);
		return this.#invocations.run(invocation, async () => {
			const answer = this.app.fetch(request, env, context);
			// What a client has begun is finished when it leaves: a write is heard by all of its listeners.
			if (isPromise(answer)) context.waitUntil(answer);
			const response = await answer;
			const { bookmark } = invocation;
			if (bookmark !== undefined) response.headers.set(BOOKMARK_HEADER, bookmark);
			return response;
		});
	}

	async scheduled(controller: CronController, env: unknown, context: WorkerContext): Promise<void> {
		const { cron, scheduledTime } = controller;
		await this.#run(env, context, async (app) => {
			const params = { app, cron, scheduledTime: new Date(scheduledTime) };
			const { errors } = await this.#heard(this.#scope(app), new AppScheduled(params));
			const reports = await app.runDuties();
			const failed = [
				...errors.map(({ listener }) => `listener ${listener}`),
				...reports.filter((report) => "error" in report).map(({ duty }) => `duty ${duty}`),
			];
			if (failed.length === 0) return;
			throw cloudflareErrors.create("scheduled_failed", { failed: failed.join(", "), cron });
		});
	}

	async queue(batch: QueueBatch, env: unknown, context: WorkerContext): Promise<void> {
		await this.#run(env, context, async (app) => {
			for (const message of batch.messages) await this.#deliver(app, batch.queue, message);
			await app.runDuties({ timeout: QUEUE_DUTIES });
		});
	}

	/** Hands a message to listeners; whatever was not heard to its end comes again. */
	async #deliver(app: App, queue: string, message: QueueDelivery): Promise<void> {
		const { id, body, attempts, timestamp } = message;
		const event = new AppQueueMessage({ app, queue, message: { id, body, attempts, timestamp } });
		try {
			if (!app.emgr.isTaken(event)) {
				app.logger.error("Nobody takes this message: it comes again.", { queue, id, attempts });
				message.retry();
				return;
			}
			const { errors } = await this.#heard(this.#scope(app), event);
			if (errors.length === 0) message.ack();
			else message.retry();
		} catch (error) {
			const listener = app.emgr.listenerOf(error);
			app.logger.error("A message was refused: it comes again.", {
				queue,
				id,
				attempts,
				...(listener === undefined ? {} : { listener }),
				error,
			});
			message.retry();
		}
	}

	/** Emits an event, and waits for all of its listeners: what failed of them is in its `errors`. */
	async #heard<E extends AnyEvent>(scope: EventScope, event: E): Promise<E> {
		try {
			return await scope.run(() => scope.emit(event));
		} finally {
			await scope.executeAsyncs();
		}
	}

	/** A scope for what is no request; what its listeners leave running goes on under its invocation. */
	#scope(app: App): EventScope {
		const { env, context } = this.#invocations.needed("a scope");
		return app.emgr.scope({ env, waitUntil: (work) => context.waitUntil(work) });
	}

	async #run(
		env: unknown,
		context: WorkerContext,
		work: (app: App) => Promise<void>,
	): Promise<void> {
		await this.#invocations.run(new Invocation(env, context), async () =>
			work(await this.app.ready()),
		);
	}
}

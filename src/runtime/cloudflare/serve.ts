import type { ConfigInput } from "../../app/config.ts";
import { CloudflareWorker, type WorkerOptions } from "./cloudflare-worker.ts";
import type { WorkerHandlers } from "./handlers.ts";

/**
 * Makes the handlers of a Worker, for its default export. The app is built once in each isolate, by
 * the first event, at once and without input or output; the data is in the D1 database that
 * `connection.d1` names (default: the binding `DB`), whose tables migrations have made.
 *
 * Reads are open, and writes need the token `BURDOCK_TOKEN`, unless `server.access` says otherwise: a
 * Worker is on the internet as soon as it is deployed.
 *
 * Async listeners run after the response, under the `waitUntil` of their own request. Cron Triggers
 * and queues are events (`AppScheduled`, `AppQueueMessage`), whose listeners are waited for, and run
 * the duties. Needs the compatibility flag `nodejs_als`, or `nodejs_compat`.
 *
 * @throws `bad_config`, `schema_invalid`: then the Worker can't be deployed. A config that is a
 * function of the environment is checked by the first event instead, which then fails.
 * @example
 * ```ts
 * import { serve } from "burdock/cloudflare";
 * import config from "./bknd.config.ts";
 *
 * export default serve(config);
 * ```
 */
export function serve(config: ConfigInput, options: WorkerOptions = {}): WorkerHandlers {
	const worker = new CloudflareWorker(config, options);
	return {
		fetch: (request, env, context) => worker.fetch(request, env, context),
		scheduled: (controller, env, context) => worker.scheduled(controller, env, context),
		queue: (batch, env, context) => worker.queue(batch, env, context),
	};
}

export { serve } from "./serve.ts";

export type { WorkerOptions } from "./cloudflare-worker.ts";
export type {
	CronController,
	QueueBatch,
	QueuedMessage,
	WorkerContext,
	WorkerHandlers,
} from "./handlers.ts";

export { serve } from "./serve.ts";

export type { WorkerOptions } from "./cloudflare-worker.ts";
export type {
	CronController,
	QueueBatch,
	QueueDelivery,
	WorkerContext,
	WorkerHandlers,
} from "./handlers.ts";

import { isPlainObject } from "../../kernel/json.ts";

/** Where a worker finds its order, in its environment. */
export const WORKER_ENV = "BURDOCK_WORKER";

/** What the main process tells a worker when it starts it. */
export interface WorkerOrder {
	/** From 1; whoever takes the place of a worker gets its number. */
	readonly number: number;
	readonly port: number;
}

/** What the processes say to each other later. */
export type WorkerMessage =
	| { readonly burdock: "answers" }
	| {
			readonly burdock: "stop";
			/** Milliseconds that it may take. */
			readonly timeout: number;
	  };

/**
 * The order in the environment of a worker, undefined in any other process. It is taken out of there:
 * what the worker starts is no worker.
 */
export function takeOrder(env: NodeJS.ProcessEnv): WorkerOrder | undefined {
	const { [WORKER_ENV]: text } = env;
	if (text === undefined) return undefined;
	delete env[WORKER_ENV];
	return JSON.parse(text) as WorkerOrder;
}

/** The message, if it is one of ours: a config may send others. */
export function workerMessage(message: unknown): WorkerMessage | undefined {
	return isPlainObject(message) && "burdock" in message
		? (message as unknown as WorkerMessage)
		: undefined;
}

import cluster from "node:cluster";
import type { ConfigInput } from "../../app/config.ts";
import type { NodeLogger } from "./logger.ts";
import { NodeServer } from "./node-server.ts";
import type { CloseOptions } from "./process-handlers.ts";
import { workerMessage, type WorkerMessage, type WorkerOrder } from "./worker-order.ts";

/** What a worker serves. */
export interface WorkerOptions {
	readonly load: () => Promise<ConfigInput>;
	readonly logger: NodeLogger;
	readonly host?: string;
}

/**
 * Serves as one of several workers. It stops when its main process says so or is no more, or by a
 * signal; in each case as a server by itself does after a signal.
 *
 * @throws what loading the config, or the start of a server, throws.
 */
export async function serveAsWorker(order: WorkerOrder, options: WorkerOptions): Promise<void> {
	const { worker } = cluster;
	let end: (why: CloseOptions) => void = () => process.exit(0);
	const onMessage = (message: unknown): void => {
		const said = workerMessage(message);
		if (said?.burdock === "stop") end({ timeout: said.timeout });
	};
	const onDisconnect = (): void => {
		// Otherwise Node ends the process right after this.
		if (worker !== undefined) worker.exitedAfterDisconnect = true;
		end({});
	};
	process.on("message", onMessage);
	worker?.once("disconnect", onDisconnect);
	try {
		const { load, logger, ...address } = options;
		await NodeServer.start(await load(), {
			...address,
			port: order.port,
			logger: logger.child({ worker: order.number }),
			part: order.number,
			handOver: (ending) => (end = ending),
		});
	} catch (error) {
		// The process ends by itself once nobody talks to it.
		worker?.off("disconnect", onDisconnect);
		process.off("message", onMessage);
		worker?.disconnect();
		throw error;
	}
	process.send?.({ burdock: "answers" } satisfies WorkerMessage);
}

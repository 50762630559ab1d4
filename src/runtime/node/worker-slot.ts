import cluster, { type Worker } from "node:cluster";
import type { Logger } from "../../kernel/logger.ts";
import { nodeErrors } from "./errors.ts";
import { RestartDelay } from "./restart-delay.ts";
import { WORKER_ENV, workerMessage, type WorkerMessage, type WorkerOrder } from "./worker-order.ts";

/** How a worker ended. */
interface WorkerEnd {
	readonly code?: number;
	readonly signal?: string;
	readonly error?: Error;
}

/** The place of one worker: a process that is started, started again when it dies, and stopped. */
export class WorkerSlot {
	readonly #order: WorkerOrder;
	readonly #logger: Logger;
	readonly #delay = new RestartDelay();
	readonly #first = Promise.withResolvers<void>();
	#worker: Worker | undefined;
	#answersSince: number | undefined;
	#timer: NodeJS.Timeout | undefined;
	#stopped: PromiseWithResolvers<boolean> | undefined;

	constructor(order: WorkerOrder, logger: Logger) {
		this.#order = order;
		this.#logger = logger;
	}

	/** Starts the worker; resolves when it answers. @throws AppError `worker_failed` when it ends before. */
	start(): Promise<void> {
		this.#fork();
		return this.#first.promise;
	}

	/** Lets the worker answer what it has; resolves when it has ended, to whether nothing was lost. */
	stop(timeout: number): Promise<boolean> {
		if (this.#stopped !== undefined) return this.#stopped.promise;
		this.#stopped = Promise.withResolvers();
		clearTimeout(this.#timer);
		if (this.#worker === undefined) this.#stopped.resolve(true);
		// Until it has answered it may not hear messages yet; a signal it hears in any case.
		else if (this.#answersSince === undefined) this.#worker.process.kill("SIGTERM");
		else this.#send({ burdock: "stop", timeout });
		return this.#stopped.promise;
	}

	/** Ends the worker at once. */
	kill(): void {
		this.#worker?.process.kill("SIGKILL");
	}

	#fork(): void {
		const worker = cluster.fork({ [WORKER_ENV]: JSON.stringify(this.#order) });
		this.#worker = worker;
		this.#answersSince = undefined;
		worker.on("message", (message: unknown) => {
			if (workerMessage(message)?.burdock === "answers") this.#answers(worker);
		});
		worker.once("exit", (code: number | null, signal: string | null) => {
			this.#ended(worker, code === null ? { signal: String(signal) } : { code });
		});
		worker.once("error", (error) => this.#ended(worker, { error }));
	}

	#answers({ process: { pid } }: Worker): void {
		this.#answersSince = performance.now();
		this.#logger.info("A worker answers.", { worker: this.#order.number, pid });
		this.#first.resolve();
	}

	#ended(worker: Worker, end: WorkerEnd): void {
		if (this.#worker !== worker) return;
		this.#worker = undefined;
		if (this.#stopped !== undefined) {
			this.#first.resolve();
			const unused = this.#answersSince === undefined && end.signal === "SIGTERM";
			return this.#stopped.resolve(end.code === 0 || unused);
		}
		const { number } = this.#order;
		const since = this.#answersSince ?? performance.now();
		const restartIn = this.#delay.after(performance.now() - since);
		const { pid } = worker.process;
		const fields = { worker: number, pid, ...end, restartIn };
		if (end.code === 0) this.#logger.info("A worker ended.", fields);
		else this.#logger.error("A worker died.", fields);
		this.#timer = setTimeout(() => this.#fork(), restartIn);
		// Only a server whose workers have all answered once is worth another try.
		const how = end.signal ?? `exit code ${end.code}`;
		this.#first.reject(nodeErrors.create("worker_failed", { worker: number, how }));
	}

	/** A worker that is just ending cannot be told any more. */
	#send(message: WorkerMessage): void {
		this.#worker?.send(message, () => {});
	}
}

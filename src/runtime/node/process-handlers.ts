import { constants } from "node:os";
import type { Logger } from "../../kernel/logger.ts";

/** How a server ended. */
export interface CloseReport {
	/** Whether every request was answered and every deferred listener has run. */
	readonly clean: boolean;
	/** Connections whose requests took longer than the deadline. */
	readonly cut: number;
	/** Deferred listeners that had not finished at the deadline. */
	readonly pending: number;
}

/** Why a server closes, and how long that may take. */
export interface CloseOptions {
	/** Milliseconds; default: the drain. */
	readonly timeout?: number | undefined;
	/** An exception that nobody caught. */
	readonly error?: unknown;
}

/** What the process does when it is told to end, or when something fails that nobody caught. */
export interface ProcessHandlersOptions {
	/** Ends the server; called once more often than there are signals does no harm. */
	readonly close: (why: CloseOptions) => Promise<CloseReport>;
	readonly logger: Logger;
}

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/**
 * - SIGTERM, SIGINT: close, then exit 0, or 1 when something was lost. A second signal exits at once,
 *   with 143 or 130.
 * - An exception that nobody caught leaves the program in a state that nobody knows: it is logged,
 *   the server closes, and the process exits with 1.
 * - A promise that nobody handled harms nobody else, mostly an async listener of the user: it is
 *   logged, and the server lives on.
 */
export class ProcessHandlers {
	readonly #options: ProcessHandlersOptions;
	#ending = false;

	constructor(options: ProcessHandlersOptions) {
		this.#options = options;
	}

	readonly #onSignal = (signal: NodeJS.Signals): void => {
		if (this.#ending) process.exit(128 + constants.signals[signal]);
		this.#options.logger.info("Stopping.", { signal });
		this.#end(0, {});
	};

	readonly #onException = (error: unknown): void => {
		this.#options.logger.error("Nobody caught this exception: the server stops.", { error });
		if (!this.#ending) this.#end(1, { error });
	};

	readonly #onRejection = (error: unknown): void => {
		this.#options.logger.error("Nobody handled this rejection.", { error });
	};

	/** Starts to handle them. */
	add(): void {
		for (const signal of SIGNALS) process.on(signal, this.#onSignal);
		process.on("uncaughtException", this.#onException);
		process.on("unhandledRejection", this.#onRejection);
	}

	/** Does what the first signal does. A process that is ending already goes on with that. */
	end(why: CloseOptions): void {
		if (!this.#ending) this.#end(0, why);
	}

	/** Leaves the process to others. */
	remove(): void {
		for (const signal of SIGNALS) process.off(signal, this.#onSignal);
		process.off("uncaughtException", this.#onException);
		process.off("unhandledRejection", this.#onRejection);
	}

	#end(code: 0 | 1, why: CloseOptions): void {
		this.#ending = true;
		const { close, logger } = this.#options;
		close(why).then(
			(report) => process.exit(report.clean ? code : 1),
			(error: unknown) => {
				logger.error("The server could not close.", { error });
				process.exit(1);
			},
		);
	}
}

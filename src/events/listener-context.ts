import type { Logger } from "../kernel/logger.ts";
import type { GetService } from "../kernel/service.ts";
import type { Actor } from "./event-context.ts";
import type { Emit } from "./emit.ts";

/**
 * What a listener gets beside the event: the app, and what belongs to this one call.
 *
 * @example
 * ```ts
 * emgr.on("order.paid", async (event, slug, { emit, log }) => {
 *   log.info("An order was paid.", { slug });
 *   await emit("order.shipped", { id: "a1" });
 * });
 * ```
 */
export interface ListenerContext<App = unknown> {
	readonly app: App;
	/** Emits in the name of this listener, so that loops are recognised, also after an `await`. */
	readonly emit: Emit;
	readonly actor: Actor | undefined;
	readonly request: Request | undefined;
	/** Aborted when the listener's timeout has passed, or the scope's caller is gone. */
	readonly signal: AbortSignal;
	/** A log whose lines carry the listener's id and the event's slug. */
	readonly log: Logger;
	/**
	 * The service that was provided for a class or token; one for each scope is that of the event's
	 * scope.
	 *
	 * @throws {EventError} `no_services` when the manager was given no services.
	 * @throws {AppError} `missing_service`, `service_failed`; what its factory throws.
	 */
	readonly get: GetService;
	/** Lets the runtime wait for `promise` after the response; a rejection is logged. */
	defer(promise: Promise<unknown>): void;
}

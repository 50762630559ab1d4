import type { Maybe } from "../kernel/maybe.ts";
import type { Executor } from "./deferred-queue.ts";
import type { Emit } from "./emit.ts";
import type { AnyEvent } from "./event-class.ts";
import type { Actor } from "./event-context.ts";

/** What a scope is opened for: a request, a job, a delivery. */
export interface ScopeOptions {
	/** Keeps the runtime alive for deferred work that starts by itself (Workers). */
	readonly waitUntil?: (work: Promise<unknown>) => void;
	readonly actor?: Actor;
	readonly request?: Request;
	/** Settings and bindings of this request. */
	readonly env?: unknown;
	/** Aborted when the caller is gone. */
	readonly signal?: AbortSignal;
	/** Facts for `event.context.meta` of every event. */
	readonly meta?: Readonly<Record<string, unknown>>;
}

/**
 * Emits of one request, job or delivery: it shares the listeners of its manager, and owns what it
 * defers. Opened by `emgr.scope()`.
 *
 * Async listeners of its events wait until {@link EventScope.executeAsyncs} is called, once the
 * answer is ready; what is deferred after that starts by itself.
 *
 * @example
 * ```ts
 * const scope = emgr.scope({ request, waitUntil: (work) => ctx.waitUntil(work) });
 * const response = await scope.run(() => handle(request));
 * ctx.waitUntil(scope.executeAsyncs());
 * ```
 */
export interface EventScope {
	readonly actor: Actor | undefined;
	readonly request: Request | undefined;
	readonly env: unknown;
	readonly signal: AbortSignal | undefined;
	readonly meta: Readonly<Record<string, unknown>>;
	/** Deferred calls that have not been started. */
	readonly pending: number;
	/** Emits an event here, and always returns a promise. */
	readonly emit: Emit;
	/** Emits an event here: the final event, or a promise of it when a handler returned one. */
	dispatch<E extends AnyEvent>(event: E): Maybe<E>;
	/**
	 * Runs deferred listeners, also those that they defer in turn, until none is left.
	 *
	 * @param executor waits for the running listeners, whose promises never reject; default
	 * `Promise.all`.
	 */
	executeAsyncs(executor?: Executor): Promise<void>;
	/** Makes this the scope of every `emgr.emit` that `callback` leads to, also after an `await`. */
	run<T>(callback: () => T): T;
}

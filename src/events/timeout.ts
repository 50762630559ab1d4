import { coreError } from "./core-error.ts";
import type { ListenerCall } from "./listener-call.ts";

/**
 * A listener's promise, or a rejection with `listener_timeout` once it takes too long; then the
 * call's signal is aborted and a late result is ignored.
 */
export function withTimeout(
	pending: PromiseLike<unknown>,
	call: ListenerCall,
	timeout: number,
): Promise<unknown> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => {
			const error = coreError("listener_timeout", {
				listener: call.listenerId,
				slug: call.event.slug,
				timeout,
			});
			call.abort(error);
			reject(error);
		}, timeout);
		pending.then(
			(value) => {
				clearTimeout(timer);
				resolve(value);
			},
			(error: unknown) => {
				clearTimeout(timer);
				reject(error);
			},
		);
	});
}

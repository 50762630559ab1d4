import { chain } from "../kernel/maybe.ts";
import { eventErrors } from "./errors.ts";
import type { AnyEvent } from "./event-class.ts";
import type { Handler } from "./listener-config.ts";
import type { ListenerContext } from "./listener-context.ts";

/**
 * Where events are sent on to: a queue, a webhook, a stream. `emgr.pipe` connects one.
 *
 * @example
 * ```ts
 * const webhook: Sink = {
 *   async write(event) {
 *     const body = JSON.stringify(event.params);
 *     await fetch("https://example.org/hook", { method: "POST", body });
 *   },
 * };
 * emgr.pipe("order.*", webhook);
 * ```
 */
export interface Sink<E extends AnyEvent = AnyEvent, App = unknown> {
	/** Takes one event. What it throws is reported as that of any listener. */
	write(event: E, slug: string, ctx: ListenerContext<App>): void | Promise<void>;
}

/**
 * The listener that writes to a sink; what a sink returns is never a reply.
 *
 * @throws {EventError} `bad_sink`.
 */
export function sinkHandler(sink: Sink): Handler {
	if (typeof (sink as Sink | undefined)?.write !== "function")
		throw eventErrors.create("bad_sink", {});
	return (event, slug, ctx) => chain(sink.write(event, slug, ctx), () => {});
}

import type { AnyEvent } from "../events/event-class.ts";
import type { ListenerOptions } from "../events/listener-config.ts";
import type { ListenerContext } from "../events/listener-context.ts";

/** To what a subscriber file listens, and how: a listener's options, but its id is made of its name. */
export interface SubscriberConfig<E extends AnyEvent = AnyEvent> extends Omit<
	ListenerOptions<E>,
	"id"
> {
	/** A slug, topic or glob, or several of them. */
	readonly events?: string | readonly string[];
}

/**
 * What a subscriber file exports.
 *
 * @example
 * ```ts
 * import type { App, Event, ListenerContext, SubscriberConfig } from "burdock";
 *
 * export const config: SubscriberConfig = { events: "order.*" };
 *
 * export function listen(event: Event, slug: string, { log }: ListenerContext<App>) {
 *   log.info("Something happened to an order.", { slug });
 * }
 * ```
 */
export interface SubscriberModule {
	listen(event: AnyEvent, slug: string, ctx: ListenerContext): unknown;
	readonly config?: SubscriberConfig<never>;
	/** Where it lies, for messages. `burdock` fills it in for the files that it finds. */
	readonly file?: string;
}

/** Subscriber files and their places: the part of the config key `events` that is about them. */
export interface SubscriberOptions {
	/** By name: what each listens to, and how. A key given here wins over the file's own `config`. */
	readonly subscribers?: Readonly<Record<string, SubscriberConfig<never>>>;
	/**
	 * The modules by name, for runtimes without files: `{ "billing/send-invoice": sendInvoice }`. On
	 * Node the command line adds what it finds in the folder `subscribers` beside the config.
	 */
	readonly files?: Readonly<Record<string, SubscriberModule>>;
}

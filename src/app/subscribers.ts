import type { AnyEvent } from "../events/event-class.ts";
import type { EventManager } from "../events/event-manager.ts";
import type { Handler, ListenerOptions } from "../events/listener-config.ts";
import type { ListenerContext } from "../events/listener-context.ts";
import type { App } from "./app.ts";
import { badConfig } from "./bad-config.ts";

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
	listen(event: AnyEvent, slug: string, ctx: ListenerContext<App>): unknown;
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

/** The source of all subscribers' listeners. */
export const SUBSCRIBERS = "subscriber";

/**
 * Registers each subscriber as `subscriber:<name>`.
 *
 * @throws `bad_config` with the file of each that cannot listen: a bad pattern, an unknown event.
 */
export function registerSubscribers(
	emgr: EventManager<App>,
	{ files = {}, subscribers = {} }: SubscriberOptions,
): void {
	const problems: string[] = [];
	let cause: unknown;
	for (const [name, module] of Object.entries(files)) {
		const mapping = Object.hasOwn(subscribers, name) ? subscribers[name] : undefined;
		const { events = [], ...options } = { ...module.config, ...mapping } as SubscriberConfig;
		const handler: Handler<AnyEvent, App> = (event, slug, ctx) => module.listen(event, slug, ctx);
		try {
			const config = { ...options, id: `${SUBSCRIBERS}:${name}` };
			void emgr.withSource(SUBSCRIBERS, () => emgr.on(events, handler, config));
		} catch (error) {
			cause ??= error;
			problems.push(`${placeOf(name, module)}: ${(error as Error).message}`);
		}
	}
	if (problems.length > 0) throw badConfig(problems, cause);
}

/** How messages name a subscriber: by its file, or by its key in the config. */
export function placeOf(name: string, { file }: { readonly file?: unknown }): string {
	return typeof file === "string" ? file : `events.files[${JSON.stringify(name)}]`;
}

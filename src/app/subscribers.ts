import type { AnyEvent } from "../events/event-class.ts";
import type { EventManager } from "../events/event-manager.ts";
import type { Handler } from "../events/listener-config.ts";
import type { App } from "./app.ts";
import { badConfig } from "./bad-config.ts";
import type { SubscriberConfig, SubscriberOptions } from "./subscriber-module.ts";

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
	for (const [name, subscriber] of Object.entries(files)) {
		const mapping = Object.hasOwn(subscribers, name) ? subscribers[name] : undefined;
		const { events = [], ...options } = { ...subscriber.config, ...mapping } as SubscriberConfig;
		const handler: Handler<AnyEvent, App> = (event, slug, ctx) =>
			subscriber.listen(event, slug, ctx);
		try {
			const config = { ...options, id: `${SUBSCRIBERS}:${name}` };
			void emgr.withSource(SUBSCRIBERS, () => emgr.on(events, handler, config));
		} catch (error) {
			cause ??= error;
			problems.push(`${placeOf(name, subscriber)}: ${(error as Error).message}`);
		}
	}
	if (problems.length > 0) throw badConfig(problems, cause);
}

/** How messages name a subscriber: by its file, or by its key in the config. */
export function placeOf(name: string, { file }: { readonly file?: unknown }): string {
	return typeof file === "string" ? file : `events.files[${JSON.stringify(name)}]`;
}

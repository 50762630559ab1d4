import type { Config } from "../app/config.ts";
import type { EventAdapter } from "../events/bridge/event-adapter.ts";

const NOWHERE: EventAdapter = { publish() {} };

/**
 * A config whose adapters carry nothing, for an app that is only looked at: it must not hear what
 * happens to rows that it does not have. Its bridges are there, to be shown.
 */
export function withoutAdapters(config: Config): Config {
	const { events } = config;
	if (!events?.adapters) return config;
	const adapters = events.adapters.map((entry) => ({ ...entry, adapter: NOWHERE }));
	return { ...config, events: { ...events, adapters } };
}

import type { EntityNames } from "../events/listener.ts";
import type { EventManagerOptions } from "../events/manager-options.ts";
import type { EventScope } from "../events/event-scope.ts";
import type { Platform } from "../kernel/platform.ts";
import type { App } from "./app.ts";
import type { SubscriberOptions } from "./subscribers.ts";

/** Everything about an app's events that may be left out. */
export interface EventsOptions extends SubscriberOptions {}

/** What the app's manager is made with. */
export function managerOptions(
	app: App,
	{
		platform,
		entityName,
	}: {
		readonly events: EventsOptions;
		readonly platform: Platform;
		readonly entityName: EntityNames;
	},
): EventManagerOptions<App> {
	return {
		app,
		logger: platform.logger,
		clock: platform.clock,
		context: platform.createContext<EventScope>(),
		deferral: platform.deferral,
		entityName,
	};
}

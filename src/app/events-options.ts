import type { EntityNames } from "../events/listener.ts";
import type { EventPolicy } from "../events/event-policy.ts";
import type { EventManagerOptions } from "../events/manager-options.ts";
import type { Instrument } from "../events/instrument.ts";
import type { BridgeOptions, EventAdapter } from "../events/bridge/event-adapter.ts";
import type { FindEntity } from "../events/bridge/remote-events.ts";
import type { HistoryOptions } from "../events/history/event-record.ts";
import { Statistics } from "../events/observe/statistics.ts";
import type { EventScope } from "../events/event-scope.ts";
import type { Platform } from "../kernel/platform.ts";
import type { ServiceKey } from "../kernel/service.ts";
import type { Services } from "../kernel/services.ts";
import { appPolicy } from "./app-policy.ts";
import type { App } from "./app.ts";
import type { SubscriberOptions } from "./subscriber-module.ts";

/** Everything about an app's events that may be left out. */
export interface EventsOptions extends SubscriberOptions {
	/**
	 * What actors from outside may do, through `emgr.as(actor)` and `GET /api/system/events`. Default:
	 * who runs the server, on its machine or with its token, may listen to everything; nobody may send.
	 */
	readonly policy?: EventPolicy;
	/**
	 * What looks on while listeners are called, such as `openTelemetry()`, the first one outermost.
	 * Statistics are there without being asked for.
	 */
	readonly instruments?: readonly Instrument[];
	/** Which events `app.emgr.history()` remembers. Default: none, at no cost. */
	readonly history?: HistoryOptions;
	/** What carries events to other processes: connected when the app is built, until it is closed. */
	readonly adapters?: readonly (BridgeOptions & { readonly adapter: EventAdapter })[];
}

/** What the app's manager is made with. */
export function managerOptions(
	app: App,
	{
		events,
		services,
		timing,
		platform,
		entityName,
		findEntity,
	}: {
		readonly events: EventsOptions;
		readonly services: Services<EventScope>;
		/** Measures for `Server-Timing`, where that is wanted. */
		readonly timing?: Instrument | undefined;
		readonly platform: Platform;
		readonly entityName: EntityNames;
		readonly findEntity: FindEntity;
	},
): EventManagerOptions<App> {
	return {
		app,
		logger: platform.logger,
		clock: platform.clock,
		context: platform.createContext<EventScope>(),
		deferral: platform.deferral,
		entityName,
		findEntity,
		...(events.history === undefined ? {} : { history: events.history }),
		resolve: (key, scope) => services.get(key as ServiceKey, scope as EventScope | undefined),
		instruments: instrumentsOf(events, timing),
		policy: appPolicy(events.policy),
	};
}

/** Statistics come last, and so innermost: they time listeners, and no other instrument. */
function instrumentsOf(
	{ instruments = [] }: EventsOptions,
	timing: Instrument | undefined,
): readonly Instrument[] {
	const own = instruments.some((one) => one instanceof Statistics) ? [] : [new Statistics()];
	return [...instruments, ...(timing === undefined ? [] : [timing]), ...own];
}

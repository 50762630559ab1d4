import type { LazyDatabase } from "../data/lazy-database.ts";
import type { EventScope } from "../events/event-scope.ts";
import type { Services } from "../kernel/services.ts";
import type { ServerTiming } from "../server/server-timing.ts";
import type { EventTails } from "../server/tail/event-tails.ts";
import type { App } from "./app.ts";
import type { Background } from "./background.ts";
import type { OpenRequests } from "./open-requests.ts";
import type { AppPlatform } from "./platform.ts";

/** What an app keeps through all of its builds. */
export interface AppParts {
	readonly app: App;
	readonly platform: AppPlatform;
	readonly database: LazyDatabase;
	readonly services: Services<EventScope>;
	/** Requests in flight. */
	readonly open: OpenRequests;
	/** What routes of the user left running. */
	readonly background: Background;
	readonly tails: EventTails;
	/** Tells how long listeners took, where that is wanted. */
	readonly timing: ServerTiming | undefined;
}

import { Event } from "../events/event.ts";
import { InvalidEventReturn } from "../events/invalid-event-return.ts";
import { isRequest, isResponse } from "../kernel/web-object.ts";
import type { App } from "./app.ts";
import { CommandError, CommandExecute, CommandExecuted } from "./command-events.ts";
import { AppQueueMessage, AppScheduled } from "./runtime-events.ts";
import {
	ServerBootstrap,
	ServerBootstrapDone,
	ServerMainBootstrap,
	ServerMainBootstrapDone,
	ServerMainShutdown,
	ServerShutdown,
	ServerWorkerBootstrap,
	ServerWorkerBootstrapDone,
	ServerWorkerShutdown,
} from "./server-events.ts";

/** Params of events that are about the app as a whole. */
export interface AppParams {
	readonly app: App;
}

/** The app's config was changed. */
export class AppConfigUpdatedEvent extends Event<AppParams> {
	static override slug = "app-config-updated";
	static override fact = true;
	static override local = true;
	static override topicFor(): string {
		return "app.config.updated";
	}
}

/** The app was built: its listeners, routes and tables are there. */
export class AppBuiltEvent extends Event<AppParams> {
	static override slug = "app-built";
	static override fact = true;
	static override local = true;
	static override topicFor(): string {
		return "app.built";
	}
}

/** The app runs on this database for the first time; its seed has run. */
export class AppFirstBoot extends Event<AppParams> {
	static override slug = "app-first-boot";
	static override fact = true;
	static override local = true;
	static override topicFor(): string {
		return "app.first-boot";
	}
}

/** The app is about to close: deferred listeners are done, the database is still open. */
export class AppShutdown extends Event<AppParams> {
	static override slug = "app-shutdown";
	static override fact = true;
	static override local = true;
	static override topicFor(): string {
		return "app.shutdown";
	}
}

/**
 * A request has come in, before anything looks at it. A sync listener may return a `Response`, which
 * is then the answer, or a `Request`, which takes its place; or throw.
 */
export class AppRequest extends Event<
	AppParams & { readonly request: Request },
	Response | Request
> {
	static override slug = "app-request";
	static override local = true;
	static override topicFor(): string {
		return "app.request";
	}

	/** The answer that a listener gave. */
	response: Response | undefined;

	override validate(reply: Response | Request): this {
		if (isRequest(reply)) return this.clone({ ...this.params, request: reply });
		if (!isResponse(reply)) {
			throw new InvalidEventReturn("Response or Request", typeof reply);
		}
		const answered = this.clone(this.params);
		answered.response = reply;
		answered.stop();
		return answered;
	}
}

/** A response is ready to be sent. A sync listener may change its headers, or return another. */
export class AppBeforeResponse extends Event<
	AppParams & { readonly request: Request; readonly response: Response },
	Response
> {
	static override slug = "app-before-response";
	static override local = true;
	static override topicFor(): string {
		return "app.before-response";
	}

	override validate(reply: Response): this {
		if (!isResponse(reply)) throw new InvalidEventReturn("Response", typeof reply);
		return this.clone({ ...this.params, response: reply });
	}
}

/** The events of the app itself, by the names of their classes. */
export const AppEvents = Object.freeze({
	AppConfigUpdatedEvent,
	AppBuiltEvent,
	AppFirstBoot,
	AppShutdown,
	AppRequest,
	AppBeforeResponse,
	AppScheduled,
	AppQueueMessage,
	CommandExecute,
	CommandExecuted,
	CommandError,
	ServerBootstrap,
	ServerMainBootstrap,
	ServerWorkerBootstrap,
	ServerMainBootstrapDone,
	ServerWorkerBootstrapDone,
	ServerBootstrapDone,
	ServerWorkerShutdown,
	ServerMainShutdown,
	ServerShutdown,
});

declare module "../events/event-map.ts" {
	interface EventMap {
		"app-config-updated": AppConfigUpdatedEvent;
		"app-built": AppBuiltEvent;
		"app-first-boot": AppFirstBoot;
		"app-shutdown": AppShutdown;
		"app-request": AppRequest;
		"app-before-response": AppBeforeResponse;
	}
}

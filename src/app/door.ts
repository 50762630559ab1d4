import type { Hono } from "hono";
import type { Maybe } from "../kernel/maybe.ts";
import type { Platform } from "../kernel/platform.ts";
import { Guard } from "../server/guard.ts";
import type { AppParts } from "./app-parts.ts";
import type { Config } from "./config.ts";
import { Gateway } from "./gateway.ts";

/** What stands before the routes, as one config says: who is let in, and the way of every request. */
export class Door {
	readonly guard: Guard;
	readonly gateway: Gateway;

	/** @param hono the routes of the current build; a promise while there are none yet. */
	constructor(parts: AppParts, { server = {} }: Config, hono: () => Maybe<Hono>) {
		const { app, platform, open, background, timing } = parts;
		const { exposure } = platform;
		this.guard = new Guard({
			access: server.access,
			exposure,
			token: () => tokenOf(platform.env),
		});
		this.gateway = new Gateway({
			app,
			events: app.emgr,
			platform,
			guard: this.guard,
			server,
			hono,
			open,
			background,
			timing,
		});
	}
}

/** Settings may belong to a request, so they are read anew each time. */
function tokenOf({ BURDOCK_TOKEN: token }: Platform["env"]): string | undefined {
	return typeof token === "string" ? token : undefined;
}

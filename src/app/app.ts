import type { Hono } from "hono";
import type { Database } from "../data/database.ts";
import type { EntityManager } from "../data/entity-manager.ts";
import type { RawDrizzle } from "../data/raw-drizzle.ts";
import type { DrainResult } from "../events/core-event-manager.ts";
import type { EventManager } from "../events/event-manager.ts";
import type { Logger } from "../kernel/logger.ts";
import type { Maybe } from "../kernel/maybe.ts";

/** What a runtime gives a request beside its bindings. */
export interface RequestContext {
	/** Keeps the runtime alive until the work is done (Workers). */
	waitUntil?(work: Promise<unknown>): void;
	/** Calls `start` once the response has left, or can't leave any more (Node). */
	afterResponse?(start: () => void): void;
	/** Whether the request came with a header of this lower-case name, told faster than by `headers` (Node). */
	hasHeader?(name: string): boolean;
}

/** What an app is, for people: the banner, `burdock info`. */
export interface AppDescription {
	readonly version: string;
	readonly runtime: string;
	readonly database: { readonly engine: string; readonly location: string };
	readonly entities: readonly {
		readonly name: string;
		readonly label: string;
		readonly fields: readonly string[];
	}[];
	/** How many listeners are registered. */
	readonly listeners: number;
	/** Which access rule holds, as a sentence. */
	readonly access: string;
	readonly routes: readonly { readonly method: string; readonly path: string }[];
}

/** Everything that a Burdock app is; made by `createApp`. */
export interface App {
	/** Events: listen with `onEvent`, `on` and `onAny`. */
	readonly emgr: EventManager<App>;
	/** Reads and writes, which pass through the hooks. */
	readonly em: EntityManager;
	/** Drizzle on the same database, for your own queries; it emits no events. */
	readonly db: RawDrizzle;
	/** The database port below both. */
	readonly database: Database;
	readonly logger: Logger;
	/** The Hono app of the current build. @throws `not_built` before the first build. */
	readonly hono: Hono;
	/**
	 * Builds the app: tables, routes, listeners, and the seed on a first boot. A further call builds
	 * it anew; what the last build registered is removed first, so nothing is there twice.
	 */
	build(): Promise<App>;
	/**
	 * Answers a request; builds the app if nobody did. It never rejects: what goes wrong is a problem
	 * (RFC 9457). It may be passed around without the app.
	 *
	 * @param env What Hono's routes get as `c.env`.
	 */
	fetch(request: Request, env?: unknown, context?: RequestContext): Maybe<Response>;
	/**
	 * Ends the app: waits for deferred listeners, then closes the database. Requests are refused from
	 * then on. A second call is answered like the first.
	 *
	 * @param options.timeout Milliseconds for deferred listeners; default: the config's, or 10 000.
	 */
	close(options?: { readonly timeout?: number }): Promise<DrainResult>;
	/** What the app is, for people. */
	describe(): AppDescription;
}

import type { Hono } from "hono";
import type { Database } from "../data/database.ts";
import type { EntityManager } from "../data/entity-manager.ts";
import type { RawDrizzle } from "../data/raw-drizzle.ts";
import type { DrainResult } from "../events/core-event-manager.ts";
import type { EventManager } from "../events/event-manager.ts";
import type { EventScope } from "../events/event-scope.ts";
import type { ListenerSource } from "../events/manager-options.ts";
import type { ProvidedService, ServiceKey } from "../kernel/service.ts";
import type { Logger } from "../kernel/logger.ts";
import type { Maybe } from "../kernel/maybe.ts";
import type { MediaLibrary } from "../media/media-library.ts";
import type { ServerOptions } from "../server/server-options.ts";
import type { SubscriberOptions } from "./subscriber-module.ts";

/** What a runtime gives a request beside its bindings. */
export interface RequestContext {
	/** Keeps the runtime alive until the work is done (Workers). */
	waitUntil?(work: Promise<unknown>): void;
	/** Calls `start` once the response has left, or can't leave any more (Node). */
	afterResponse?(start: () => void): void;
	/** Aborted when the server stops, or answers with another app: what streams should end then (Node). */
	readonly closing?: AbortSignal | undefined;
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

/** What one step of a duty may do. */
export interface DutyStep {
	readonly app: App;
	/** How many pieces of work it may do. */
	readonly limit: number;
	/** Aborted when the app is closed, or the step takes too long: the rest can wait for the next run. */
	readonly signal: AbortSignal;
}

/**
 * Work that has to be done now and then, in bounded steps: a sweep, a retention, what has become due.
 * A timer runs it on Node, Cron Triggers and queues do on Workers. Several processes may run a step at
 * the same time, so it has to bear that.
 *
 * @example
 * ```ts
 * const forgetDrafts: Duty = {
 *   name: "forget-drafts",
 *   async runOnce({ app, limit }) {
 *     const drafts = app.em.mutator("drafts");
 *     const old = await app.em.repository("drafts").findMany({ where: { forgotten: true }, limit });
 *     for (const { id } of old.data) await drafts.deleteOne(id);
 *     return old.data.length;
 *   },
 * };
 * ```
 */
export interface Duty {
	/** Unique; for the log. */
	readonly name: string;
	/**
	 * Does up to `limit` pieces of work, and answers how many it did: fewer when none is left. After a
	 * minute it is left to itself, and counts as failed (`duty_timeout`).
	 */
	runOnce(step: DutyStep): Promise<number>;
}

/** How long, and in how large steps, {@link App.runDuties} goes on. */
export interface RunDutiesOptions {
	/** Pieces of work in one step; default 100. */
	readonly limit?: number;
	/** Milliseconds after which no further step begins; default 20 000. */
	readonly timeout?: number;
	/** Ends the run early. */
	readonly signal?: AbortSignal;
}

/** What became of one duty. */
export interface DutyReport {
	readonly duty: string;
	/** Pieces of work that were done. */
	readonly done: number;
	/** Whether nothing was left. */
	readonly finished: boolean;
	/** What ended it, if it failed. */
	readonly error?: unknown;
}

/** Code that takes part in the build of an app; listeners that it registers are removed at a rebuild. */
export interface BuildHooks {
	/**
	 * What listens from each build on: classes with methods that are marked by `listen`, instances of
	 * such, or `{ ref, handler, config }`. They are registered before `onBuilt`.
	 */
	readonly listeners?: readonly ListenerSource[];
	/** Called first, before the routes are made. */
	beforeBuild?(app: App): void | Promise<void>;
	/** Routes of your own, after our middleware and before our routes. */
	onServerInit?(hono: Hono, app: App): void | Promise<void>;
	/**
	 * The place to register listeners: `app.emgr.onEvent(…)`. Requests wait until all of them are
	 * there, so don't wait for one here: `app.em` reads and writes.
	 */
	onBuilt?(app: App): void | Promise<void>;
	/** What has to be done now and then; see {@link App.runDuties}. */
	readonly duties?: readonly Duty[];
}

/** A part of an app that several may use. Plugins run in array order, before the config's own hooks. */
export interface Plugin extends BuildHooks {
	/** Unique; shown as the source of its listeners. */
	readonly name: string;
}

/** The parts of a config that a running app can take over. */
interface Configurable extends BuildHooks {
	readonly server?: ServerOptions;
	readonly plugins?: readonly Plugin[];
	/** Subscribers alone: history, adapters and the like are there from the start, or not at all. */
	readonly events?: SubscriberOptions;
}

/**
 * What `app.configure` takes. The rest of a config (connection, schema …) makes another app. A key
 * that is undefined is as if the config never had it.
 */
export type ConfigPatch = {
	readonly [Key in keyof Configurable]?: Configurable[Key] | undefined;
};

/** Everything that a Burdock app is; made by `createApp`. */
export interface App {
	/** Events: listen with `onEvent`, `on` and `onAny`. */
	readonly emgr: EventManager<App>;
	/** Reads and writes, which pass through the hooks. */
	readonly em: EntityManager;
	/** Drizzle on the same database, for your own queries; it emits no events. */
	readonly db: RawDrizzle;
	/** Files: uploads, reads, links. @throws `no_media` when the config has none. */
	readonly media: MediaLibrary;
	/** The database port below both. */
	readonly database: Database;
	readonly logger: Logger;
	/** The Hono app of the current build. @throws `not_built` before the first build. */
	readonly hono: Hono;
	/**
	 * Builds the app: tables, routes, listeners, and the seed on a first boot. A further call builds
	 * it anew: until it is done, the last build answers; then its listeners leave and the new ones take
	 * over, all at once, so that nothing is there twice, and no event goes unheard. A build that fails
	 * changes nothing.
	 */
	build(): Promise<App>;
	/**
	 * The app itself, once it is built: by this call if nobody did, and at once where nothing has to be
	 * waited for. Unlike `build`, it never builds a second time.
	 *
	 * @throws {AppError} `app_closed`, `build_within_build`; what the build throws.
	 * @example
	 * ```ts
	 * const { em } = await app.ready();
	 * ```
	 */
	ready(): Maybe<App>;
	/**
	 * Changes parts of the config while the app runs: objects (`server`) key by key, all else as a
	 * whole. The app is built anew; requests in flight are answered as they began, later ones by the
	 * new routes, rules and listeners, which take over all at once. Then `AppConfigUpdatedEvent` is
	 * emitted. Calls are carried out one after the other.
	 *
	 * @throws (rejects) `not_configurable`, `bad_config`, and what the build throws: then everything
	 * stays as it was.
	 * @example
	 * ```ts
	 * await app.configure({ server: { access: "read-only" } });
	 * ```
	 */
	configure(patch: ConfigPatch): Promise<App>;
	/**
	 * Says what a service is: an instance, a factory or a class; for listeners, which ask for it by
	 * `ctx.get`, and by their `static inject`. Providing it again replaces it, as in a further build.
	 * The place for it is `beforeBuild`.
	 *
	 * A function that is no class is a factory, called when the service is first asked for. With
	 * `{ per: "scope" }` that happens once in each request, or in each emit outside of any. A class is
	 * constructed of what its `static inject` names. When the app closes, what was made once for the app
	 * is disposed of, if it has `Symbol.dispose` or `Symbol.asyncDispose`, last made first.
	 *
	 * @throws {AppError} `bad_service`.
	 * @example
	 * ```ts
	 * const Rates = defineService<Map<string, number>>("rates");
	 * app.provide(Rates, new Map([["EUR", 1]]));
	 * app.provide(Mailer, (get) => new Mailer(get(Rates)));
	 * app.provide(Basket, (get, scope) => new Basket(scope.actor), { per: "scope" });
	 * ```
	 */
	provide<T>(
		key: ServiceKey<T>,
		service: ProvidedService<NoInfer<T>>,
		options?: { readonly per?: "app" },
	): void;
	provide<T>(
		key: ServiceKey<T>,
		service: ProvidedService<NoInfer<T>, EventScope>,
		options: { readonly per: "scope" },
	): void;
	/**
	 * The service of a class or token, for code outside of listeners: routes, seeds. What is made for
	 * each scope is that of the current request.
	 *
	 * @throws {AppError} `missing_service`, `no_scope` and the like; what its factory throws.
	 */
	get<T>(key: ServiceKey<T>): T;
	/**
	 * Answers a request; builds the app if nobody did. It never rejects: what goes wrong is a problem
	 * (RFC 9457). It may be passed around without the app.
	 *
	 * @param env What Hono's routes get as `c.env`.
	 */
	fetch(request: Request, env?: unknown, context?: RequestContext): Maybe<Response>;
	/**
	 * Runs the duties of the plugins and the config, one after the other, for a bounded time. A server
	 * on Node does so every minute, a Worker in its Cron Triggers and queues; call it in programs of your own,
	 * and in tests. Each duty has a scope of its own, whose async listeners are waited for. It never
	 * rejects for a duty's sake: a failure is logged, and reported. What the time did not suffice to
	 * begin is not in the reports. Like {@link App.fetch} it builds the app if nobody did.
	 *
	 * @throws (rejects) `app_closed`, and what the build throws.
	 * @example
	 * ```ts
	 * const [report] = await app.runDuties({ limit: 10 });
	 * console.log(report?.duty, report?.done);
	 * ```
	 */
	runDuties(options?: RunDutiesOptions): Promise<readonly DutyReport[]>;
	/**
	 * Ends the app: waits for deferred listeners and for the step of a duty, then closes the database.
	 * Requests are refused from then on. A second call is answered like the first.
	 *
	 * @param options.timeout Milliseconds for deferred listeners; default: the config's, or 10 000.
	 */
	close(options?: { readonly timeout?: number }): Promise<DrainResult>;
	/** What the app is, for people. */
	describe(): AppDescription;
}

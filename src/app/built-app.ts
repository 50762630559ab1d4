import type { Hono } from "hono";
import { DatabaseEvents } from "../data/database-events.ts";
import type { Database } from "../data/database.ts";
import { EntityManager } from "../data/entity-manager.ts";
import { LazyDatabase } from "../data/lazy-database.ts";
import { rawDrizzle, type RawDrizzle } from "../data/raw-drizzle.ts";
import { readSchema } from "../data/schema/read-schema.ts";
import { Registry } from "../data/schema/registry.ts";
import type { DrainResult } from "../events/core-event-manager.ts";
import { EventManager } from "../events/event-manager.ts";
import type { EventScope } from "../events/event-scope.ts";
import type { Logger } from "../kernel/logger.ts";
import {
	chain,
	isPromise,
	rescue,
	run,
	toPromise,
	wait,
	type Maybe,
	type Steps,
} from "../kernel/maybe.ts";
import type { AsyncContext } from "../kernel/platform.ts";
import type { ProvidedService, ServiceKey, ServiceLifetime } from "../kernel/service.ts";
import { Services } from "../kernel/services.ts";
import { VERSION } from "../kernel/version.ts";
import { MediaEvents } from "../media/media-events.ts";
import { ServerTiming } from "../server/server-timing.ts";
import { EventTails } from "../server/tail/event-tails.ts";
import { AppConfigUpdatedEvent, AppEvents } from "./app-events.ts";
import type { AppParts } from "./app-parts.ts";
import type {
	App,
	AppDescription,
	ConfigPatch,
	DutyReport,
	RequestContext,
	RunDutiesOptions,
} from "./app.ts";
import { Background } from "./background.ts";
import { Build, type Built } from "./build.ts";
import { closeApp } from "./close-app.ts";
import type { Config, Connection } from "./config.ts";
import { Door } from "./door.ts";
import { appErrors } from "./errors.ts";
import { managerOptions } from "./events-options.ts";
import { OpenRequests } from "./open-requests.ts";
import { patchConfig } from "./patch-config.ts";
import type { AppPlatform } from "./platform.ts";
import { runDuties } from "./run-duties.ts";
import { readConfig } from "./read-config.ts";

/** Milliseconds that the end of an app may take. */
const DRAIN_TIMEOUT = 10_000;

/** The app behind `createApp`: it names all parts, and binds them. */
export class BuiltApp implements App {
	readonly emgr: EventManager<App>;
	readonly em: EntityManager;
	readonly db: RawDrizzle;
	readonly database: LazyDatabase;
	readonly logger: Logger;
	#config: Config;
	readonly #platform: AppPlatform;
	readonly #services = new Services<EventScope>();
	readonly #context: AsyncContext<EventScope> | undefined;
	readonly #parts: AppParts;
	#door: Door;
	#built: Built | undefined;
	/** How many adapters are connected: once, whatever later builds change. */
	#connected = 0;
	#building: Promise<App> | undefined;
	/** Stands for the build that runs, in {@link #within} as here. */
	#running: object | undefined;
	readonly #within: AsyncContext<object>;
	#configuring: Promise<unknown> = Promise.resolve();
	#closing: Promise<DrainResult> | undefined;

	constructor(config: Config, platform: AppPlatform) {
		const { connection = {}, schema = {}, entities = {}, casing } = config;
		this.#config = config;
		this.#platform = platform;
		this.logger = platform.logger;
		this.#within = platform.createContext();
		const timing = platform.serverTiming === true ? new ServerTiming() : undefined;
		const registry = new Registry(readSchema(schema, entities, casing));
		const options = managerOptions(this, {
			events: config.events ?? {},
			services: this.#services,
			timing,
			platform,
			entityName: (ref) => registry.find(ref)?.name,
			findEntity: (name) => registry.find(name),
		});
		this.#context = options.context;
		const events: EventManager<App> = new EventManager<App>(
			{ ...AppEvents, ...DatabaseEvents, ...MediaEvents },
			options,
		);
		this.emgr = events;
		this.database = new LazyDatabase(() =>
			isDatabase(connection) ? connection : platform.openDatabase(connection),
		);
		const { database } = this;
		const maxBulkRows = config.limits?.bulkRows;
		this.em = new EntityManager({
			registry,
			database,
			events,
			units: platform.createContext(),
			...(maxBulkRows === undefined ? {} : { maxBulkRows }),
		});
		this.db = rawDrizzle(database, schema, casing);
		this.#parts = {
			app: this,
			platform,
			database,
			services: this.#services,
			open: new OpenRequests(),
			background: new Background(platform),
			tails: new EventTails({ events, entities: this.em.entities }),
			timing,
		};
		this.#door = this.#makeDoor();
	}

	get hono(): Hono {
		if (this.#built === undefined) throw appErrors.create("not_built", {});
		return this.#built.hono;
	}

	build(): Promise<App> {
		return toPromise(() => this.#begun());
	}

	configure(patch: ConfigPatch): Promise<App> {
		if (this.#isWithinBuild) return Promise.reject(appErrors.create("build_within_build", {}));
		const configured = this.#configuring.then(() => this.#configure(patch));
		this.#configuring = configured.catch(() => {});
		// Not within the turn of this call: a listener may wait for a further one.
		return configured.then(() => this.#tellConfigured());
	}

	ready(): Maybe<App> {
		return chain(this.#current(), () => this);
	}

	runDuties(options?: RunDutiesOptions): Promise<readonly DutyReport[]> {
		const { plugins = [], duties = [] } = this.#config;
		const all = [...plugins.flatMap((plugin) => plugin.duties ?? []), ...duties];
		return runDuties(this, this.#platform, all, options);
	}

	provide<T>(
		key: ServiceKey<T>,
		service: ProvidedService<NoInfer<T>, never>,
		options?: { readonly per?: ServiceLifetime },
	): void {
		this.#services.provide(key, service as ProvidedService<T, EventScope>, options);
	}

	get<T>(key: ServiceKey<T>): T {
		return this.#services.get(key, this.#context?.get());
	}

	readonly fetch = (
		request: Request,
		env?: unknown,
		context: RequestContext = {},
	): Maybe<Response> => this.#door.gateway.answer(request, env, context);

	close({ timeout }: { readonly timeout?: number } = {}): Promise<DrainResult> {
		this.#closing ??= closeApp(this.#parts, {
			building: this.#building,
			timeout: timeout ?? this.#config.limits?.drain ?? DRAIN_TIMEOUT,
		});
		return this.#closing;
	}

	describe(): AppDescription {
		const { engine, location } = this.database;
		return {
			version: VERSION,
			runtime: this.#platform.runtime,
			database: { engine, location },
			entities: this.em.entities.map(({ name, label, fields }) => ({
				name,
				label,
				fields: fields.map((field) => field.name),
			})),
			listeners: this.emgr.getListeners().length,
			access: this.#door.guard.rule,
			routes: this.hono.routes.map(({ method, path }) => ({ method, path })),
		};
	}

	/** Copies of events leave the app out. */
	toJSON(): undefined {
		return undefined;
	}

	/** Whether a hook or listener of the build that runs is asking, which waits for it. */
	get #isWithinBuild(): boolean {
		if (this.#running === undefined) return false;
		return this.#building === undefined || this.#within.get() === this.#running;
	}

	/** What requests are answered by; they wait while there is none, or while listeners are missing. */
	#current(): Maybe<Hono> {
		if (this.#closing) throw appErrors.create("app_closed", {});
		return this.#built?.hono ?? chain(this.#begun(), () => this.hono);
	}

	async #configure(patch: ConfigPatch): Promise<void> {
		const old = this.#config;
		const config = readConfig(patchConfig(old, patch), this.#platform.env);
		while (this.#building !== undefined) await this.#building.catch(() => undefined);
		this.#config = config;
		try {
			await this.build();
		} catch (error) {
			this.#config = old;
			throw error;
		}
	}

	async #tellConfigured(): Promise<App> {
		await this.emgr.emit(new AppConfigUpdatedEvent({ app: this }));
		return this;
	}

	/** The build that runs, or a new one. */
	#begun(): Maybe<App> {
		if (this.#closing) throw appErrors.create("app_closed", {});
		if (this.#isWithinBuild) throw appErrors.create("build_within_build", {});
		if (this.#building !== undefined) return this.#building;
		const running = (this.#running = {});
		const done = (): void => {
			this.#building = undefined;
			this.#running = undefined;
		};
		const building = rescue(
			() => this.#within.run(running, () => run(() => this.#build())),
			(error) => {
				done();
				throw error;
			},
		);
		if (!isPromise(building)) done();
		else this.#building = building.then((app) => (done(), app));
		return this.#building ?? building;
	}

	/** Until it is done, what the last build made goes on. */
	*#build(): Steps<App> {
		const last = this.#built;
		const build = new Build(this.#parts, { config: this.#config, door: this.#makeDoor(), last });
		const takeOver = yield* wait(build.make());
		this.#built = takeOver();
		this.#door = this.#built.door;
		try {
			this.#connect();
			yield* wait(build.announce());
			if (last === undefined) yield* wait(build.boot());
		} catch (error) {
			if (last === undefined) this.#built = undefined;
			throw error;
		}
		return this;
	}

	#connect(): void {
		const { adapters = [] } = this.#config.events ?? {};
		for (const { adapter, ...options } of adapters.slice(this.#connected)) {
			this.emgr.connect(adapter, options);
			this.#connected++;
		}
	}

	#makeDoor(): Door {
		return new Door(this.#parts, this.#config, () => this.#current());
	}
}

function isDatabase(connection: Connection | Database): connection is Database {
	return "batch" in connection;
}

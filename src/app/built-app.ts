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
import { chain, toPromise, type Maybe } from "../kernel/maybe.ts";
import type { AsyncContext } from "../kernel/platform.ts";
import type { ProvidedService, ServiceKey, ServiceLifetime } from "../kernel/service.ts";
import { Services } from "../kernel/services.ts";
import { VERSION } from "../kernel/version.ts";
import { MediaEvents } from "../media/media-events.ts";
import type { MediaLibrary } from "../media/media-library.ts";
import { BASE_PATH } from "../server/create-server.ts";
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
import { Builds } from "./builds.ts";
import { closeApp } from "./close-app.ts";
import type { Config, Connection } from "./config.ts";
import { appErrors } from "./errors.ts";
import { managerOptions } from "./events-options.ts";
import { OpenRequests } from "./open-requests.ts";
import type { AppPlatform } from "./platform.ts";
import { DutyRuns } from "./duty-runs.ts";
import { runDuties } from "./run-duties.ts";

/** Milliseconds that the end of an app may take. */
const DRAIN_TIMEOUT = 10_000;

/** The app behind `createApp`: it names all parts, and binds them. */
export class BuiltApp implements App {
	readonly emgr: EventManager<App>;
	readonly em: EntityManager;
	readonly database: LazyDatabase;
	readonly logger: Logger;
	readonly #platform: AppPlatform;
	readonly #services = new Services<EventScope>();
	readonly #context: AsyncContext<EventScope> | undefined;
	readonly #parts: AppParts;
	readonly #builds: Builds;
	readonly #dutyRuns = new DutyRuns();
	readonly #makeDb: () => RawDrizzle;
	readonly #media: MediaLibrary | undefined;
	#db: RawDrizzle | undefined;
	#closing: Promise<DrainResult> | undefined;

	constructor(config: Config, platform: AppPlatform) {
		const { connection = {}, schema = {}, entities = {}, casing } = config;
		this.#platform = platform;
		this.logger = platform.logger;
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
		this.#makeDb = () => rawDrizzle(database, schema, casing);
		this.#media = config.media?.open({
			app: this,
			registry,
			platform,
			basePath: () => this.#builds.config.server?.basePath ?? BASE_PATH,
		});
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
		this.#builds = new Builds(this.#parts, config);
	}

	/** Made when it is first asked for: many apps never do. */
	get db(): RawDrizzle {
		return (this.#db ??= this.#makeDb());
	}

	get media(): MediaLibrary {
		if (!this.#media) throw appErrors.create("no_media", {});
		return this.#media;
	}

	get hono(): Hono {
		const { hono } = this.#builds;
		if (hono === undefined) throw appErrors.create("not_built", {});
		return hono;
	}

	async build(): Promise<App> {
		await this.#builds.build();
		return this;
	}

	configure(patch: ConfigPatch): Promise<App> {
		// Told not within the turn of this call: a listener may wait for a further one.
		return toPromise(() => this.#builds.configure(patch)).then(() => this.#tellConfigured());
	}

	ready(): Maybe<App> {
		return chain(this.#builds.current(), () => this);
	}

	async runDuties(options: RunDutiesOptions = {}): Promise<readonly DutyReport[]> {
		await this.ready();
		const { media, plugins = [], duties = [] } = this.#builds.config;
		const own = media ? [media.duty] : [];
		const all = [...own, ...plugins.flatMap((plugin) => plugin.duties ?? []), ...duties];
		return this.#dutyRuns.begin(
			(signal) => runDuties(this, this.#platform, all, { ...options, signal }),
			options.signal,
		);
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
	): Maybe<Response> => this.#builds.door.gateway.answer(request, env, context);

	close({ timeout }: { readonly timeout?: number } = {}): Promise<DrainResult> {
		this.#closing ??= closeApp(this.#parts, {
			duties: this.#dutyRuns,
			building: this.#builds.close(),
			timeout: timeout ?? this.#builds.config.limits?.drain ?? DRAIN_TIMEOUT,
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
			access: this.#builds.door.guard.rule,
			routes: this.hono.routes.map(({ method, path }) => ({ method, path })),
		};
	}

	/** Copies of events leave the app out. */
	toJSON(): undefined {
		return undefined;
	}

	async #tellConfigured(): Promise<App> {
		await this.emgr.emit(new AppConfigUpdatedEvent({ app: this }));
		return this;
	}
}

function isDatabase(connection: Connection | Database): connection is Database {
	return "batch" in connection;
}

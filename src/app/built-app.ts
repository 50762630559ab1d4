import type { Hono } from "hono";
import { DatabaseEvents } from "../data/database-events.ts";
import type { Database } from "../data/database.ts";
import { EntityManager } from "../data/entity-manager.ts";
import { LazyDatabase } from "../data/lazy-database.ts";
import { rawDrizzle, type RawDrizzle } from "../data/raw-drizzle.ts";
import { readSchema } from "../data/schema/read-schema.ts";
import { Registry } from "../data/schema/registry.ts";
import { Tables } from "../data/migrate/tables.ts";
import type { DrainResult } from "../events/core-event-manager.ts";
import { EventManager } from "../events/event-manager.ts";
import type { EventScope } from "../events/event-scope.ts";
import type { Logger } from "../kernel/logger.ts";
import type { Maybe } from "../kernel/maybe.ts";
import type { AsyncContext } from "../kernel/platform.ts";
import type { ProvidedService, ServiceKey, ServiceLifetime } from "../kernel/service.ts";
import { Services } from "../kernel/services.ts";
import { VERSION } from "../kernel/version.ts";
import { MediaEvents } from "../media/media-events.ts";
import { createServer } from "../server/create-server.ts";
import { Guard } from "../server/guard.ts";
import { ServerTiming } from "../server/server-timing.ts";
import { EventTails } from "../server/tail/event-tails.ts";
import { AppBuiltEvent, AppConfigUpdatedEvent, AppEvents, AppShutdown } from "./app-events.ts";
import type { App, AppDescription, BuildHooks, ConfigPatch, RequestContext } from "./app.ts";
import { Background } from "./background.ts";
import { MIGRATIONS_FOLDER, type Config, type Connection } from "./config.ts";
import { appErrors } from "./errors.ts";
import { managerOptions } from "./events-options.ts";
import { settled } from "./settled.ts";
import { registerSubscribers, SUBSCRIBERS } from "./subscribers.ts";
import { firstBoot } from "./first-boot.ts";
import { Gateway } from "./gateway.ts";
import { OpenRequests } from "./open-requests.ts";
import { patchConfig } from "./patch-config.ts";
import type { AppPlatform } from "./platform.ts";
import { readConfig } from "./read-config.ts";
import { warnOfUnknownEntities } from "./warn-of-unknown-entities.ts";

const DRAIN_TIMEOUT = 10_000;
/** Milliseconds that listeners of the shutdown have in any case. */
const SHUTDOWN_TIMEOUT = 1_000;

/** What stands before the routes: who is let in, and the way of every request. */
interface Door {
	readonly guard: Guard;
	readonly gateway: Gateway;
}

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
	readonly #open = new OpenRequests();
	readonly #background: Background;
	readonly #timing: ServerTiming | undefined;
	readonly #tails: EventTails;
	#door: Door;
	#hono: Hono | undefined;
	/** The sources whose listeners the last build registered. */
	#sources: readonly string[] = [];
	/** How many adapters are connected: once, whatever later builds change. */
	#connected = 0;
	#building: Promise<App> | undefined;
	#configuring: Promise<unknown> = Promise.resolve();
	#closing: Promise<DrainResult> | undefined;

	constructor(config: Config, platform: AppPlatform) {
		const { connection = {}, schema = {}, entities = {}, casing } = config;
		this.#config = config;
		this.#platform = platform;
		this.logger = platform.logger;
		this.#timing = platform.serverTiming === true ? new ServerTiming() : undefined;
		const registry = new Registry(readSchema(schema, entities, casing));
		const options = managerOptions(this, {
			events: config.events ?? {},
			services: this.#services,
			timing: this.#timing,
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
		this.#background = new Background(platform.logger);
		this.#tails = new EventTails({ events, entities: this.em.entities });
		this.#door = this.#makeDoor();
	}

	get hono(): Hono {
		if (this.#hono === undefined) throw appErrors.create("not_built", {});
		return this.#hono;
	}

	build(): Promise<App> {
		if (this.#closing) return Promise.reject(appErrors.create("app_closed", {}));
		this.#building ??= this.#build().finally(() => {
			this.#building = undefined;
		});
		return this.#building;
	}

	configure(patch: ConfigPatch): Promise<App> {
		const configured = this.#configuring.then(() => this.#configure(patch));
		this.#configuring = configured.catch(() => {});
		return configured;
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
		this.#closing ??= this.#close(timeout ?? this.#config.limits?.drain ?? DRAIN_TIMEOUT);
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

	/** What requests are answered by; they wait while there is none, or while listeners are missing. */
	#current(): Maybe<Hono> {
		if (this.#closing) throw appErrors.create("app_closed", {});
		return this.#hono ?? this.build().then(() => this.hono);
	}

	async #configure(patch: ConfigPatch): Promise<App> {
		const old = this.#config;
		const config = readConfig(patchConfig(old, patch), this.#platform.env);
		await this.#building?.catch(() => undefined);
		this.#config = config;
		try {
			await this.build();
		} catch (error) {
			this.#config = old;
			throw error;
		}
		await this.emgr.emit(new AppConfigUpdatedEvent({ app: this }));
		return this;
	}

	/** Until it is done, what the last build made goes on. */
	async #build(): Promise<App> {
		const sources = [SUBSCRIBERS, ...this.#hooks().map(([source]) => source)];
		const stage = this.#hono === undefined ? undefined : this.emgr.stage();
		if (stage === undefined) for (const source of sources) this.emgr.offSource(source);
		const restoreServices = this.#services.remember();
		try {
			const door = this.#makeDoor();
			await this.#each((hooks) => hooks.beforeBuild?.(this));
			const database = await this.database.opened();
			const tables = new Tables(database, this.em.entities);
			if (database.capabilities.ownsSchema) await this.#prepare(tables, database);
			const hono = await this.#createServer(database, door);
			registerSubscribers(this.emgr, this.#config.events ?? {});
			await this.#each(({ listeners }) => listeners?.forEach((one) => this.emgr.register(one)));
			await this.#each((hooks) => hooks.onBuilt?.(this));
			for (const listener of this.emgr.listenerClasses) this.#services.check(listener);
			stage?.takeOver(new Set([...this.#sources, ...sources]));
			this.#hono = hono;
			this.#door = door;
			this.#sources = sources;
			this.#connect();
			await this.#announce(tables);
		} catch (error) {
			if (stage === undefined) this.#hono = undefined;
			else stage.discard();
			restoreServices();
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

	async #announce(tables: Tables): Promise<void> {
		warnOfUnknownEntities(this);
		await this.emgr.emit(new AppBuiltEvent({ app: this }));
		const { clock, logger } = this.#platform;
		const { seed } = this.#config;
		await firstBoot(this, {
			tables,
			seed: seed && (() => seed.call(this.#config, this)),
			clock,
			logger,
		});
	}

	/** What stands before the routes, as the config says now. */
	#makeDoor(): Door {
		const { access } = this.#config.server ?? {};
		const { exposure, env } = this.#platform;
		const guard = new Guard({ access, exposure, token: stringOf(env.BURDOCK_TOKEN) });
		const gateway = new Gateway({
			app: this,
			events: this.emgr,
			platform: this.#platform,
			guard,
			server: this.#config.server ?? {},
			hono: () => this.#current(),
			open: this.#open,
			background: this.#background,
			timing: this.#timing,
		});
		return { guard, gateway };
	}

	/** A database in memory lives too shortly to be migrated: it follows the schema alone. */
	#prepare(tables: Tables, { location }: Database): Promise<void> {
		const { migrations, schemaChanges } = this.#platform;
		const folder = this.#config.migrations?.dir ?? MIGRATIONS_FOLDER;
		return tables.prepare({
			migrations: location === ":memory:" ? undefined : migrations?.(folder),
			onAddition:
				schemaChanges === "add"
					? (statements) => this.logger.info("The database follows the schema.", { statements })
					: undefined,
		});
	}

	#createServer(database: Database, { guard, gateway }: Door): Maybe<Hono> {
		return createServer({
			em: this.em,
			guard,
			server: this.#config.server ?? {},
			info: {
				name: "burdock",
				version: VERSION,
				runtime: this.#platform.runtime,
				engine: database.engine,
				entities: this.em.entities.map((entity) => entity.name),
				access: guard.rule,
			},
			stats: () => this.emgr.stats,
			tails: this.#tails,
			ready: () => database.all({ sql: "select 1", params: [] }),
			onFailure: gateway.log,
			onInit: (hono) => this.#each((hooks) => hooks.onServerInit?.(hono, this)),
		});
	}

	async #close(timeout: number): Promise<DrainResult> {
		const { clock } = this.#platform;
		const deadline = clock.now() + timeout;
		const left = () => Math.max(0, deadline - clock.now());
		const building = this.#building?.catch(() => undefined);
		if (building) await settled([building], left());
		this.#tails.closeAll();
		const requests = await this.#open.settle(left());
		const [deferred, background] = await Promise.all([
			this.emgr.drain({ timeout: left() }),
			this.#background.settle(left()),
		]);
		const shutdown = this.emgr.emit(AppShutdown, { app: this }, { settle: true });
		const hanging = await settled([shutdown], Math.max(left(), SHUTDOWN_TIMEOUT));
		const stopped = await this.emgr.stop({ timeout: left() });
		const services = this.#services.dispose((error) =>
			this.logger.error("A service could not be disposed of.", { error }),
		);
		const held = await settled([services], Math.max(left(), SHUTDOWN_TIMEOUT));
		await this.database.close();
		const listeners = Math.max(deferred.pending, stopped.pending);
		const pending = requests + listeners + background + hanging + held;
		return { drained: deferred.drained && pending === 0, pending };
	}

	/** Plugins in their order, then the config itself, each with the source of its listeners. */
	#hooks(): readonly (readonly [source: string, hooks: BuildHooks])[] {
		const { plugins = [] } = this.#config;
		return [
			...plugins.map((plugin) => [`plugin:${plugin.name}`, plugin] as const),
			["config", this.#config],
		];
	}

	async #each(call: (hooks: BuildHooks) => unknown): Promise<void> {
		for (const [source, hooks] of this.#hooks()) {
			await this.emgr.withSource(source, () => call(hooks) as Maybe<unknown>);
		}
	}
}

function isDatabase(connection: Connection | Database): connection is Database {
	return "batch" in connection;
}

function stringOf(value: unknown): string | undefined {
	return typeof value === "string" ? value : undefined;
}

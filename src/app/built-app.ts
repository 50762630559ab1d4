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
import type { Logger } from "../kernel/logger.ts";
import type { Maybe } from "../kernel/maybe.ts";
import { didYouMean } from "../kernel/nearest.ts";
import { VERSION } from "../kernel/version.ts";
import { MediaEvents } from "../media/media-events.ts";
import { createServer } from "../server/create-server.ts";
import { Guard } from "../server/guard.ts";
import { AppBuiltEvent, AppEvents, AppFirstBoot, AppShutdown } from "./app-events.ts";
import type { App, AppDescription, RequestContext } from "./app.ts";
import { MIGRATIONS_FOLDER, type BuildHooks, type Config, type Connection } from "./config.ts";
import { appErrors } from "./errors.ts";
import { managerOptions } from "./events-options.ts";
import { settled } from "./settled.ts";
import { registerSubscribers } from "./subscribers.ts";
import { Gateway } from "./gateway.ts";
import type { AppPlatform } from "./platform.ts";

const DRAIN_TIMEOUT = 10_000;
/** Milliseconds that listeners of the shutdown have in any case. */
const SHUTDOWN_TIMEOUT = 1_000;

/** The app behind `createApp`: it names all parts, and binds them. */
export class BuiltApp implements App {
	readonly emgr: EventManager<App>;
	readonly em: EntityManager;
	readonly db: RawDrizzle;
	readonly database: LazyDatabase;
	readonly logger: Logger;
	readonly #config: Config;
	readonly #platform: AppPlatform;
	readonly #guard: Guard;
	readonly #gateway: Gateway;
	#hono: Hono | undefined;
	#building: Promise<App> | undefined;
	#closing: Promise<DrainResult> | undefined;

	constructor(config: Config, platform: AppPlatform) {
		const { connection = {}, schema = {}, entities = {}, casing, server = {} } = config;
		this.#config = config;
		this.#platform = platform;
		this.logger = platform.logger;
		const registry = new Registry(readSchema(schema, entities, casing));
		const events: EventManager<App> = new EventManager<App>(
			{ ...AppEvents, ...DatabaseEvents, ...MediaEvents },
			managerOptions(this, {
				events: config.events ?? {},
				platform,
				entityName: (ref) => registry.find(ref)?.name,
			}),
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
		this.#guard = new Guard({
			access: server.access,
			exposure: platform.exposure,
			token: stringOf(platform.env.BURDOCK_TOKEN),
		});
		this.#gateway = new Gateway({
			app: this,
			events,
			platform,
			guard: this.#guard,
			server,
			hono: () => this.#current(),
		});
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

	readonly fetch = (
		request: Request,
		env?: unknown,
		context: RequestContext = {},
	): Maybe<Response> => this.#gateway.answer(request, env, context);

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
			access: this.#guard.rule,
			routes: this.hono.routes.map(({ method, path }) => ({ method, path })),
		};
	}

	/** What requests are answered by; they wait while there is none, or while listeners are missing. */
	#current(): Maybe<Hono> {
		if (this.#closing) throw appErrors.create("app_closed", {});
		return this.#hono ?? this.build().then(() => this.hono);
	}

	async #build(): Promise<App> {
		this.#hono = undefined;
		try {
			await this.#buildParts();
			return this;
		} catch (error) {
			this.#hono = undefined;
			throw error;
		}
	}

	async #buildParts(): Promise<void> {
		for (const [source] of this.#hooks()) this.emgr.offSource(source);
		await this.#each((hooks) => hooks.beforeBuild?.(this));
		const database = await this.database.opened();
		const tables = new Tables(database, this.em.entities);
		if (database.capabilities.ownsSchema) await this.#prepare(tables, database);
		const hono = await this.#createServer(database);
		registerSubscribers(this.emgr, this.#config.events ?? {});
		await this.#each((hooks) => hooks.onBuilt?.(this));
		this.#hono = hono;
		this.#warnOfUnknownEntities();
		await this.emgr.emit(new AppBuiltEvent({ app: this }));
		await this.#firstBoot(tables);
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

	#createServer(database: Database): Maybe<Hono> {
		return createServer({
			em: this.em,
			guard: this.#guard,
			server: this.#config.server ?? {},
			info: {
				name: "burdock",
				version: VERSION,
				runtime: this.#platform.runtime,
				engine: database.engine,
				entities: this.em.entities.map((entity) => entity.name),
				access: this.#guard.rule,
			},
			ready: () => database.all({ sql: "select 1", params: [] }),
			onFailure: this.#gateway.log,
			onInit: (hono) => this.#each((hooks) => hooks.onServerInit?.(hono, this)),
		});
	}

	/** A listener to an entity that does not exist would never be called, and nobody would know. */
	#warnOfUnknownEntities(): void {
		const names = this.em.entities.map((entity) => entity.name);
		for (const { id, entity } of this.emgr.getListeners()) {
			const known = entity?.filter((name) => names.includes(name));
			if (known === undefined || (known.length > 0 && known.length === entity?.length)) continue;
			const hint = didYouMean(entity?.[0] ?? "", names).trim();
			this.logger.warn("A listener waits for an entity that does not exist.", {
				listener: id,
				entity: entity?.join(", ") || "a table outside of the schema",
				...(hint ? { hint } : {}),
			});
		}
	}

	/** Seeds an empty database, exactly once for all processes that share it. */
	async #firstBoot(tables: Tables): Promise<void> {
		const { seed } = this.#config;
		if (!(await tables.claimFirstBoot(this.#platform.clock.now()))) return;
		try {
			if (seed && (await tables.empty())) await seed.call(this.#config, this);
			else if (seed) this.logger.warn("The database is not empty: the seed was not run.");
		} catch (error) {
			await tables.releaseFirstBoot();
			throw appErrors.create("seed_failed", { reason: reasonOf(error) }, { cause: error });
		}
		await this.emgr.emit(new AppFirstBoot({ app: this }));
	}

	async #close(timeout: number): Promise<DrainResult> {
		const { clock } = this.#platform;
		const deadline = clock.now() + timeout;
		const left = () => Math.max(0, deadline - clock.now());
		const building = this.#building?.catch(() => undefined);
		if (building) await settled([building], left());
		const requests = await this.#gateway.settle(left());
		const [deferred, background] = await Promise.all([
			this.emgr.drain({ timeout: left() }),
			this.#gateway.background.settle(left()),
		]);
		const shutdown = this.emgr.emit(AppShutdown, { app: this }, { settle: true });
		const hanging = await settled([shutdown], Math.max(left(), SHUTDOWN_TIMEOUT));
		await this.database.close();
		const pending = requests + deferred.pending + background + hanging;
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

function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message.replace(/[^.!?]$/, "$&.") : String(error);
}

function stringOf(value: unknown): string | undefined {
	return typeof value === "string" ? value : undefined;
}

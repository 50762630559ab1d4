import type { Hono } from "hono";
import { Tables } from "../data/migrate/tables.ts";
import type { Database } from "../data/database.ts";
import type { Maybe } from "../kernel/maybe.ts";
import { VERSION } from "../kernel/version.ts";
import { createServer } from "../server/create-server.ts";
import { AppBuiltEvent } from "./app-events.ts";
import type { AppParts } from "./app-parts.ts";
import type { BuildHooks } from "./app.ts";
import { MIGRATIONS_FOLDER, type Config } from "./config.ts";
import type { Door } from "./door.ts";
import { firstBoot } from "./first-boot.ts";
import { registerSubscribers, SUBSCRIBERS } from "./subscribers.ts";
import { warnOfUnknownEntities } from "./warn-of-unknown-entities.ts";

/** What a build has made. */
export interface Built {
	readonly hono: Hono;
	readonly door: Door;
	/** Whose listeners it has registered. */
	readonly sources: readonly string[];
}

/** What a build is made of, beside what all builds share. */
export interface BuildOptions {
	readonly config: Config;
	readonly door: Door;
	/** The build that this one takes over from; undefined for a first one. */
	readonly last: Built | undefined;
}

/** One build of an app: tables, routes and listeners, as a config says. */
export class Build {
	readonly #parts: AppParts;
	readonly #config: Config;
	readonly #door: Door;
	readonly #last: Built | undefined;

	constructor(parts: AppParts, { config, door, last }: BuildOptions) {
		this.#parts = parts;
		this.#config = config;
		this.#door = door;
		this.#last = last;
	}

	/**
	 * Makes everything, while the last build goes on; when it fails, that one stays as it was. Resolves
	 * to a function that lets the new listeners take over, all at once.
	 */
	async make(): Promise<() => Built> {
		const { app, services } = this.#parts;
		const { emgr } = app;
		const sources = [SUBSCRIBERS, ...this.#hooks().map(([source]) => source)];
		const stage = this.#last === undefined ? undefined : emgr.stage();
		if (stage === undefined) for (const source of sources) emgr.offSource(source);
		const restoreServices = services.remember();
		try {
			const hono = await this.#made();
			return () => {
				stage?.takeOver(new Set([...(this.#last?.sources ?? []), ...sources]));
				return { hono, door: this.#door, sources };
			};
		} catch (error) {
			stage?.discard(new Set(sources));
			restoreServices();
			throw error;
		}
	}

	/** Tells that it is done. */
	async announce(): Promise<void> {
		const { app } = this.#parts;
		warnOfUnknownEntities(app);
		await app.emgr.emit(new AppBuiltEvent({ app }));
	}

	/** Seeds an empty database, if nobody did. @throws `seed_failed`. */
	async boot(): Promise<void> {
		const { app, platform, database } = this.#parts;
		const { clock, logger } = platform;
		const { seed } = this.#config;
		await firstBoot(app, {
			tables: new Tables(database, app.em.entities),
			seed: seed && (() => seed.call(this.#config, app)),
			clock,
			logger,
		});
	}

	async #made(): Promise<Hono> {
		const { app, services } = this.#parts;
		const { emgr } = app;
		await this.#each((hooks) => hooks.beforeBuild?.(app));
		const database = await this.#parts.database.opened();
		if (database.capabilities.ownsSchema) await this.#prepare(database);
		const hono = await this.#createServer(database);
		registerSubscribers(emgr, this.#config.events ?? {});
		await this.#each(({ listeners }) => listeners?.forEach((one) => emgr.register(one)));
		await this.#each((hooks) => hooks.onBuilt?.(app));
		for (const listener of emgr.listenerClasses) services.check(listener);
		return hono;
	}

	/** A database in memory lives too shortly to be migrated: it follows the schema alone. */
	#prepare(database: Database): Promise<void> {
		const { app, platform } = this.#parts;
		const { migrations, schemaChanges, logger } = platform;
		const folder = this.#config.migrations?.dir ?? MIGRATIONS_FOLDER;
		return new Tables(database, app.em.entities).prepare({
			migrations: database.location === ":memory:" ? undefined : migrations?.(folder),
			onAddition:
				schemaChanges === "add"
					? (statements) => logger.info("The database follows the schema.", { statements })
					: undefined,
		});
	}

	#createServer(database: Database): Maybe<Hono> {
		const { app, platform, tails } = this.#parts;
		const { em, emgr } = app;
		const { guard, gateway } = this.#door;
		return createServer({
			em,
			guard,
			server: this.#config.server ?? {},
			info: {
				name: "burdock",
				version: VERSION,
				runtime: platform.runtime,
				engine: database.engine,
				entities: em.entities.map((entity) => entity.name),
				access: guard.rule,
			},
			stats: () => emgr.stats,
			tails,
			ready: () => database.all({ sql: "select 1", params: [] }),
			onFailure: gateway.log,
			onInit: (hono) => this.#each((hooks) => hooks.onServerInit?.(hono, app)),
		});
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
		const { emgr } = this.#parts.app;
		for (const [source, hooks] of this.#hooks()) {
			await emgr.withSource(source, () => call(hooks) as Maybe<unknown>);
		}
	}
}

import type { Hono } from "hono";
import type { Database } from "../data/database.ts";
import { FirstBootClaim } from "../data/migrate/first-boot-claim.ts";
import { chain, isPromise, rescue, run, wait, type Maybe, type Steps } from "../kernel/maybe.ts";
import { VERSION } from "../kernel/version.ts";
import { createServer } from "../server/create-server.ts";
import { AppBuiltEvent, AppFirstBoot } from "./app-events.ts";
import type { AppParts } from "./app-parts.ts";
import type { BuildHooks } from "./app.ts";
import { MIGRATIONS_FOLDER, type Config } from "./config.ts";
import type { Door } from "./door.ts";
import { appErrors } from "./errors.ts";
import { firstBoot } from "./first-boot.ts";
import { registerSubscribers, SUBSCRIBERS } from "./subscribers.ts";
import { warnOfUnusableToken } from "./warn-of-unusable-token.ts";
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
	 * Makes everything, while the last build goes on; when it fails, that one stays as it was. Answers
	 * with a function that lets the new listeners take over, all at once. On a platform whose builds are
	 * synchronous there is no promise.
	 */
	make(): Maybe<() => Built> {
		const { app, services } = this.#parts;
		const { emgr } = app;
		const sources = [SUBSCRIBERS, ...this.#hooks().map(([source]) => source)];
		const stage = this.#last === undefined ? undefined : emgr.stage();
		if (stage === undefined) for (const source of sources) emgr.offSource(source);
		const restoreServices = services.remember();
		return rescue(
			() =>
				chain(
					run(() => this.#steps()),
					(hono) => () => {
						stage?.takeOver(new Set([...(this.#last?.sources ?? []), ...sources]));
						return { hono, door: this.#door, sources };
					},
				),
			(error) => {
				stage?.discard(new Set(sources));
				restoreServices();
				throw error;
			},
		);
	}

	/** Tells that it is done. */
	async announce(): Promise<void> {
		const { app, platform } = this.#parts;
		warnOfUnknownEntities(app);
		warnOfUnusableToken(platform);
		await app.emgr.emit(new AppBuiltEvent({ app }));
	}

	/**
	 * Seeds an empty database, if nobody did. Where a build may not wait, that comes behind the first
	 * request, unless somebody cares. @throws `seed_failed`.
	 */
	async boot(): Promise<void> {
		const { app, background } = this.#parts;
		const matters = this.#config.seed !== undefined || app.emgr.has(AppFirstBoot);
		if (this.#mayWait || matters) return this.#firstBoot();
		const later = new Promise((resolve) => setTimeout(resolve));
		background.keep(later.then(() => this.#firstBoot()));
	}

	get #mayWait(): boolean {
		return this.#parts.platform.build !== "synchronous";
	}

	#firstBoot(): Promise<void> {
		const { app, platform, database } = this.#parts;
		const { clock, logger } = platform;
		const { seed } = this.#config;
		return firstBoot(app, {
			claim: new FirstBootClaim(database),
			seed: seed && (() => seed.call(this.#config, app, platform.env)),
			clock,
			logger,
		});
	}

	*#steps(): Steps<Hono> {
		const { app, services } = this.#parts;
		const { emgr } = app;
		yield* this.#each("beforeBuild", (hooks) => hooks.beforeBuild?.(app));
		const database = yield* wait(this.#parts.database.opened());
		yield* wait(this.#prepare(database));
		const hono = yield* wait(this.#createServer(database));
		registerSubscribers(emgr, this.#config.events ?? {});
		yield* this.#each("listeners", ({ listeners }) => {
			for (const one of listeners ?? []) emgr.register(one);
		});
		yield* this.#each("onBuilt", (hooks) => hooks.onBuilt?.(app));
		for (const listener of emgr.listenerClasses) services.check(listener);
		return hono;
	}

	/** A database in memory lives too shortly to be migrated: it follows the schema alone. */
	#prepare(database: Database): Maybe<void> {
		const { app, platform } = this.#parts;
		const { prepareTables, migrations, schemaChanges, logger } = platform;
		if (!database.capabilities.ownsSchema) return;
		const folder = this.#config.migrations?.dir ?? MIGRATIONS_FOLDER;
		return prepareTables?.(database, app.em.entities, {
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
		const { media, server = {} } = this.#config;
		return createServer({
			em,
			guard,
			server,
			coldStarts: platform.coldStarts,
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
			checks: {
				database: () => database.all({ sql: "select 1", params: [] }),
				...(media ? { storage: () => app.media.reach() } : {}),
			},
			parts: media ? [(context) => media.serve(app.media, context)] : [],
			onFailure: gateway.log,
			onInit: (hono) =>
				run(() => this.#each("onServerInit", (hooks) => hooks.onServerInit?.(hono, app))),
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

	*#each(hook: keyof BuildHooks, call: (hooks: BuildHooks) => unknown): Steps<void> {
		const { app } = this.#parts;
		for (const [source, hooks] of this.#hooks()) {
			const called = app.emgr.withSource(source, () => call(hooks) as Maybe<unknown>);
			if (!this.#mayWait && isPromise(called)) {
				Promise.resolve(called).catch(() => {});
				throw appErrors.create("hook_waits", { hook, source });
			}
			yield* wait(called);
		}
	}
}

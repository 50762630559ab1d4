import type { Casing } from "../data/schema/casing.ts";
import type { Database } from "../data/database.ts";
import type { EntityOptions } from "../data/schema/entity-options.ts";
import type { Schema } from "../data/schema/read-schema.ts";
import type { ServerOptions } from "../server/server-options.ts";
import type { MediaPart } from "./media-part.ts";
import type { App, BuildHooks, Plugin } from "./app.ts";
import type { EventsOptions } from "./events-options.ts";

/** Where drizzle-kit and `burdock migrate` file migrations, unless the config names another folder. */
export const MIGRATIONS_FOLDER = "drizzle";

/** Where the data is. Each runtime reads the keys that it knows. */
export interface Connection {
	/** `file:.burdock/data.db`, `:memory:`, `libsql://…`; read by Node. */
	readonly url?: string;
	/** The token of a remote database. */
	readonly authToken?: string;
	/** The name of the D1 binding; read by Workers. Default: `DB`. */
	readonly d1?: string;
	/**
	 * Reads from replicas of a D1 database: the first read of a GET request goes anywhere, or to the
	 * primary, and all that follow see what it saw; what may write begins at the primary. The header
	 * `x-d1-bookmark` of a response, sent along with the next request, carries this on. Default:
	 * everything is asked of the primary. Other databases pay no heed to it.
	 *
	 * @example
	 * ```ts
	 * export default defineConfig({
	 *   connection: { url: "file:.burdock/data.db", d1: "DB", session: "first-unconstrained" },
	 *   schema,
	 * });
	 * ```
	 */
	readonly session?: SessionConstraint;
}

/** Where a session of D1 begins. */
export type SessionConstraint = "first-unconstrained" | "first-primary";

/** Everything about an app. */
export interface Config extends BuildHooks {
	/** A connection, or an open database; default: what the runtime embeds. */
	readonly connection?: Connection | Database;
	/** The module of Drizzle tables and relations; an entity's name is its export's name. */
	readonly schema?: Schema;
	/**
	 * How columns that are declared without a name are named in SQL: `authorId` becomes `author_id`.
	 * Default: by their keys, as they are. Give drizzle-kit the same `casing`.
	 */
	readonly casing?: Casing;
	/** What Drizzle can't say, by entity name. */
	readonly entities?: Readonly<Record<string, EntityOptions>>;
	/**
	 * Fills an empty database, on its first boot only; hooks apply.
	 *
	 * @param env Settings and bindings: `process.env`, or those of the request that comes first (Workers).
	 */
	seed?(app: App, env: Readonly<Record<string, unknown>>): void | Promise<void>;
	/** Where the files of `burdock migrate` are: a folder, seen from the working directory. */
	readonly migrations?: {
		/** Default: `drizzle`. */
		readonly dir?: string;
	};
	/** Files; made by `mediaLibrary` of `burdock/media`. Default: none. */
	readonly media?: MediaPart;
	readonly server?: ServerOptions;
	readonly events?: EventsOptions;
	readonly plugins?: readonly Plugin[];
	/** Rows that one bulk write may touch, and how long deferred work may take at the end. */
	readonly limits?: {
		/** Rows; default 1 000. */
		readonly bulkRows?: number;
		/** Milliseconds that deferred listeners have when the app closes; default 10 000. */
		readonly drain?: number;
	};
}

/** A config, or a function that makes one from the environment. */
export type ConfigInput = Config | ((env: Readonly<Record<string, unknown>>) => Config);

/**
 * Types a config; it is the default export of `bknd.config.ts`.
 *
 * @example
 * ```ts
 * export default defineConfig({
 *   schema,
 *   onBuilt(app) {
 *     app.emgr.on("data.posts.insert.after", (event) => console.log(event.path));
 *   },
 * });
 * ```
 */
export function defineConfig(config: ConfigInput): ConfigInput {
	return config;
}

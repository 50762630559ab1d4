import type { Database } from "../data/database.ts";
import type { MigrationSource } from "../data/migrate/migrations.ts";
import { prepareTables } from "../data/migrate/tables.ts";
import type { Maybe } from "../kernel/maybe.ts";
import { noContext } from "../kernel/platform.ts";
import { systemClock } from "../kernel/clock.ts";
import { ConsoleLogger } from "../events/console-logger.ts";
import type { Connection } from "./config.ts";
import { appErrors } from "./errors.ts";
import type { MediaPlatform } from "./media-platform.ts";

/** A platform that can open databases. */
export interface AppPlatform extends MediaPlatform {
	/** Opens what the config's connection names, or the database that the runtime embeds. */
	openDatabase(connection: Connection): Maybe<Database>;
	/**
	 * Makes the tables of an empty database, and checks those of any other. Missing where a database is
	 * changed from outside alone, by migrations (Workers).
	 */
	readonly prepareTables?: typeof prepareTables;
	/** The migrations in a folder, where there are folders. */
	migrations?(folder: string): MigrationSource;
	/**
	 * What happens to a database that lacks tables, columns or indexes of the schema: with `"add"` they
	 * are made. Default: the build fails, as it does for every other difference.
	 */
	readonly schemaChanges?: "add";
	/**
	 * `"synchronous"`: a build does no input and output, and a hook that returns a promise is refused,
	 * because whoever asks first would build for all others (Workers). Default: the build waits for hooks.
	 */
	readonly build?: "synchronous";
	/**
	 * Whether responses tell in `Server-Timing` how long each listener took, which names listeners to
	 * everybody. Where `createContext` keeps nothing, they tell the total only. Default: false.
	 */
	readonly serverTiming?: boolean;
}

/** A platform with Web APIs alone: the config has to bring an open database. */
export function webPlatform(): AppPlatform {
	return {
		runtime: "web",
		env: {},
		clock: systemClock,
		logger: new ConsoleLogger(),
		exposure: "in-process",
		deferral: "macrotask",
		createContext: noContext,
		prepareTables,
		openDatabase() {
			throw appErrors.create("no_database", {});
		},
	};
}

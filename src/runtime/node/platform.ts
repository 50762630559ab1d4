import { AsyncLocalStorage } from "node:async_hooks";
import { createHash } from "node:crypto";
import type { Connection } from "../../app/config.ts";
import type { AppPlatform } from "../../app/platform.ts";
import { prepareTables } from "../../data/migrate/tables.ts";
import type { Database } from "../../data/database.ts";
import { systemClock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/logger.ts";
import type { AsyncContext, Digest, Exposure } from "../../kernel/platform.ts";
import { fs } from "../../media/adapters/fs.ts";
import { createLogger } from "./logger.ts";
import { readMigrations } from "./migration-folder.ts";
import { openImages } from "./open-images.ts";
import { openDatabase } from "./open-database.ts";

/** Where the data is when the config does not say. */
export const DEFAULT_URL = "file:.burdock/data.db";

/** Where files are when the config does not say. */
const DEFAULT_MEDIA = ".burdock/media";

/** What may differ between two programs on Node. */
export interface NodePlatformOptions {
	/** Settings that the app reads, such as `BURDOCK_TOKEN`. Default: `process.env`. */
	readonly env?: Readonly<Record<string, unknown>>;
	/**
	 * Default: `createLogger({ env })`; of an app that no server of ours serves, warnings and errors
	 * only, unless `LOG_LEVEL` says otherwise.
	 */
	readonly logger?: Logger;
	/** Who can reach the app. Default: `"in-process"`; `serve` sets it from the address. */
	readonly exposure?: Exposure;
	/** `"add"`: a database that lacks tables, columns or indexes of the schema gets them. */
	readonly schemaChanges?: "add" | undefined;
	/** Whether responses tell in `Server-Timing` how long each listener took. Default: false. */
	readonly serverTiming?: boolean | undefined;
}

/**
 * What Node gives an app: `process.env`, the logger, asynchronous context, and databases: the
 * embedded libSQL by default (`file:.burdock/data.db`), or a libSQL server by URL.
 *
 * @throws AppError `setting_invalid` when `LOG_LEVEL` is none.
 *
 * @example
 * ```ts
 * const app = createApp(config, nodePlatform({ logger: silentLogger }));
 * ```
 */
export function nodePlatform(options: NodePlatformOptions = {}): AppPlatform {
	const { env = process.env, exposure = "in-process" } = options;
	return {
		runtime: "node",
		env,
		clock: systemClock,
		logger: options.logger ?? loggerFor(exposure, env),
		exposure,
		deferral: "macrotask",
		createContext,
		createDigest,
		openDatabase: (connection) => openConnection(connection, exposure),
		openStore: ({ dir = DEFAULT_MEDIA }) => fs(dir),
		openImages,
		prepareTables,
		migrations: (folder) => ({
			read: () => readMigrations(folder),
			openEmpty: () => openDatabase({ url: ":memory:" }),
		}),
		...(options.schemaChanges === undefined ? {} : { schemaChanges: options.schemaChanges }),
		...(options.serverTiming === undefined ? {} : { serverTiming: options.serverTiming }),
	};
}

/** A line for each request belongs to a server; a program that calls `app.fetch` itself did not ask. */
function loggerFor(exposure: Exposure, env: NonNullable<NodePlatformOptions["env"]>): Logger {
	const quiet = exposure === "in-process" && env["LOG_LEVEL"] === undefined;
	return createLogger(quiet ? { env, level: "warn" } : { env });
}

function createDigest(): Digest {
	const hash = createHash("sha256");
	return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest("hex") };
}

function createContext<T>(): AsyncContext<T> {
	const storage = new AsyncLocalStorage<T>();
	return {
		get: () => storage.getStore(),
		run: (value, callback) => storage.run(value, callback),
	};
}

/** Only a server has many callers; a program that calls the app itself gets its rows at once. */
function openConnection(
	{ url = DEFAULT_URL, authToken }: Connection,
	exposure: Exposure,
): Database {
	return openDatabase(authToken === undefined ? { url } : { url, authToken }, {
		shareTurns: exposure !== "in-process",
	});
}

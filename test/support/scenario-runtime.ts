import type { App, RequestContext } from "../../src/app/app.ts";
import type { Config } from "../../src/app/config.ts";
import type { AppPlatform } from "../../src/app/platform.ts";
import type { Database } from "../../src/data/database.ts";
import type { Exposure } from "../../src/kernel/platform.ts";
import type { Logger } from "../../src/kernel/logger.ts";
import type { Maybe } from "../../src/kernel/maybe.ts";
import type { MediaOptions } from "../../src/media/media-options.ts";
import type { StorageAdapter } from "../../src/media/storage-adapter.ts";

/**
 * What differs between the runtimes that the scenarios run on. The module `scenario-runtime` is an
 * alias: of `test/runtime/node/scenario-runtime.ts` or `test/runtime/workerd/scenario-runtime.ts`.
 */
export interface ScenarioRuntime {
	/** As `GET /api/system/info` tells it. */
	readonly name: "node" | "cloudflare";
	/** An app that is not built yet; it is closed when the test ends. */
	open(config: Config, options: RuntimeOptions): RuntimeApp;
	/** Room for the files of one app: what its config says, and a look at what is stored. */
	files(): ScenarioFiles;
	/** Calls `callback` with every error of a promise that nobody caught, until the test ends. */
	onUnhandled(callback: (error: unknown) => void): void;
}

/** Where an app under test keeps its files. */
export interface ScenarioFiles {
	/** What `mediaLibrary` is told. */
	readonly options: Pick<MediaOptions, "dir" | "prefix">;
	/** The same place, for tests to look at; it is there while `run` of the app calls. */
	readonly store: StorageAdapter;
}

/** What a test says of the runtime. */
export interface RuntimeOptions {
	readonly logger: Logger;
	readonly env: Readonly<Record<string, unknown>>;
	readonly exposure: Exposure;
	readonly platform?: Partial<AppPlatform> | undefined;
	/** `"ignored"`: the database holds rows that refer to nothing. */
	readonly foreignKeys?: "ignored" | undefined;
}

/** An app in its runtime. */
export interface RuntimeApp {
	readonly app: App;
	readonly database: CountedTraffic;
	/** Makes the tables, where the app does not, and builds and seeds. */
	build(): Promise<void>;
	/** Answers a request as the runtime would have it answered. */
	fetch(request: Request, context?: RequestContext): Promise<Response>;
	/** Waits until all that requests have deferred is done. */
	settle(): Promise<void>;
	/** Calls `work` where a request could be answered: with bindings and all. */
	run<R>(work: () => Maybe<R>): Promise<R>;
}

/** The database of an app, and how often it was asked. */
export interface CountedTraffic extends Database {
	/** Statements that were run. */
	readonly statements: number;
	/** Times that something went to the database and back. */
	readonly trips: number;
	/** Begins to count anew. */
	reset(): void;
}

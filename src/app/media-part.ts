import type { Registry } from "../data/schema/registry.ts";
import type { MediaLibrary } from "../media/media-library.ts";
import type { MediaOptions } from "../media/media-options.ts";
import type { ServerPart, ServerPartContext } from "../server/server-part.ts";
import type { App, Duty } from "./app.ts";
import type { MediaPlatform } from "./media-platform.ts";

/** What the files of an app stand on. */
export interface MediaHost {
	readonly app: App;
	readonly registry: Registry;
	readonly platform: MediaPlatform;
	/** Where the routes of the current build are, such as `/api`. */
	readonly basePath: () => string;
}

/**
 * Files, as a part that an app has if its config says so; made by `mediaLibrary` of `burdock/media`.
 * What an app without files would never need is reached through it alone, so that no Worker carries it
 * for nothing.
 */
export interface MediaPart {
	readonly options: MediaOptions;
	/**
	 * Opens the files of an app.
	 * @throws `bad_config` when the schema has no entity for them, `no_store`.
	 */
	open(host: MediaHost): MediaLibrary;
	/** The routes of files. */
	serve(library: MediaLibrary, context: ServerPartContext): ServerPart;
	/** Removes what uploads and deletes that ended halfway have left. */
	readonly duty: Duty;
}

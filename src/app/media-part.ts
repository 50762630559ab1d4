import type { Registry } from "../data/schema/registry.ts";
import type { MediaContext } from "../media/media-context.ts";
import type { MediaLibrary } from "../media/media-library.ts";
import type { MediaOptions } from "../media/media-options.ts";
import type { ServerPart, ServerPartContext } from "../server/server-part.ts";
import type { Duty } from "./app.ts";

/**
 * Files, as a part that an app has if its config says so; made by `mediaLibrary` of `burdock/media`.
 * What an app without files would never need is reached through it alone, so that no Worker carries it
 * for nothing.
 */
export interface MediaPart {
	readonly options: MediaOptions;
	/** The table of the entity `media`. @throws `bad_config` when it is missing, or lacks columns. */
	tableOf(registry: Registry): MediaContext["table"];
	open(context: MediaContext): MediaLibrary;
	/** The routes of files. */
	serve(library: MediaLibrary, context: ServerPartContext): ServerPart;
	/** Removes what uploads and deletes that ended halfway have left. */
	readonly duty: Duty;
}

import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { checkMediaOptions } from "../media/check-media-options.ts";
import { mediaColumns } from "../media/media-columns.ts";
import type { MediaContext } from "../media/media-context.ts";
import { MediaLibrary } from "../media/media-library.ts";
import type { MediaOptions } from "../media/media-options.ts";
import { MediaRoutes } from "../server/media/media-routes.ts";
import { badConfig } from "./bad-config.ts";
import type { MediaPart } from "./media-part.ts";

/** The name of the entity of files. */
const ENTITY = "media";

/**
 * Files, for `media` of a config. The schema needs the entity `media`: `export { media } from
 * "burdock/media"`, or a table of its columns and more of your own.
 *
 * @throws `bad_config` with every fault.
 * @example
 * ```ts
 * export default defineConfig({ schema, media: mediaLibrary({ types: ["image/*"] }) });
 * ```
 */
export function mediaLibrary(options: MediaOptions = {}): MediaPart {
	const problems = checkMediaOptions(options);
	if (problems.length > 0) throw badConfig(problems);
	return {
		options,
		tableOf(registry) {
			const entity = registry.find(ENTITY);
			const missing = Object.keys(mediaColumns()).filter((name) => !entity?.field(name));
			if (entity && missing.length === 0)
				return entity.table as SQLiteTable as MediaContext["table"];
			const fault = entity ? `lacks ${missing.join(", ")}` : "is missing";
			throw badConfig([
				`media needs the entity ${ENTITY}, which ${fault}: export { media } from "burdock/media" in the schema.`,
			]);
		},
		open: (context) => new MediaLibrary(context),
		serve: (library, context) => new MediaRoutes({ ...context, library, images: options.images }),
		duty: {
			name: "media-sweep",
			runOnce: ({ app, limit, signal }) => app.media.sweep({ limit, signal }),
		},
	};
}

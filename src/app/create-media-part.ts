import { checkMediaOptions } from "../media/check-media-options.ts";
import type { MediaOptions } from "../media/media-options.ts";
import { MediaRoutes } from "../server/media/media-routes.ts";
import { badConfig } from "./bad-config.ts";
import type { MediaPart } from "./media-part.ts";
import { openMedia, type MediaDrivers } from "./open-media.ts";

/** Makes the part of an app that keeps files. @throws `bad_config` with every fault. */
export function createMediaPart(options: MediaOptions, drivers: MediaDrivers): MediaPart {
	const problems = checkMediaOptions(options);
	if (problems.length > 0) throw badConfig(problems);
	return {
		options,
		open: (host) => openMedia(host, options, drivers),
		serve: (library, context) => new MediaRoutes({ ...context, library, images: options.images }),
		duty: {
			name: "media-sweep",
			runOnce: ({ app, limit, signal }) => app.media.sweep({ limit, signal }),
		},
	};
}

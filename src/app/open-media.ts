import type { Registry } from "../data/schema/registry.ts";
import { mediaErrors } from "../media/errors.ts";
import type { ImageTransformer } from "../media/image-transformer.ts";
import type { MediaLibrary } from "../media/media-library.ts";
import type { MediaOptions } from "../media/media-options.ts";
import type { App } from "./app.ts";
import { appErrors } from "./errors.ts";
import type { MediaPart } from "./media-part.ts";
import type { AppPlatform } from "./platform.ts";

/** What the files of an app stand on. */
export interface OpenMediaOptions {
	readonly app: App;
	readonly registry: Registry;
	readonly platform: AppPlatform;
	/** Where the routes of the current build are, such as `/api`. */
	readonly basePath: () => string;
}

/** Opens the files of an app. @throws `bad_config`, `no_store`. */
export function openMedia(
	part: MediaPart,
	{ app, registry, platform, basePath }: OpenMediaOptions,
): MediaLibrary {
	const { options } = part;
	const store = options.store ?? platform.openStore?.(options);
	if (!store) throw appErrors.create("no_store", {});
	return part.open({
		em: app.em,
		db: () => app.db,
		events: app.emgr,
		store,
		images: lazily(() => openImages(options, platform)),
		options,
		table: part.tableOf(registry),
		base: () => `${basePath()}/media`,
		platform,
		logger: app.logger,
	});
}

async function openImages(
	{ images = {} }: MediaOptions,
	platform: AppPlatform,
): Promise<ImageTransformer> {
	if (images === false) {
		throw mediaErrors.create("images_unavailable", { reason: "the config turns it off" });
	}
	const transformer = images.transformer ?? (await platform.openImages?.(images));
	if (transformer) return transformer;
	throw mediaErrors.create("images_unavailable", { reason: "this runtime has nothing that does" });
}

/** Keeps what came, not a promise of it: on some runtimes no request may wait for another's. */
function lazily<T>(open: () => Promise<T>): () => Promise<T> {
	let opened: { readonly value: T } | undefined;
	return async () => {
		opened ??= { value: await open() };
		return opened.value;
	};
}

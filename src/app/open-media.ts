import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Registry } from "../data/schema/registry.ts";
import { mediaErrors } from "../media/errors.ts";
import type { ImageTransformer } from "../media/image-transformer.ts";
import { mediaColumns } from "../media/media-columns.ts";
import type { MediaContext } from "../media/media-context.ts";
import { MediaLibrary } from "../media/media-library.ts";
import type { MediaOptions } from "../media/media-options.ts";
import type { StorageAdapter } from "../media/storage-adapter.ts";
import { badConfig } from "./bad-config.ts";
import { appErrors } from "./errors.ts";
import type { MediaHost } from "./media-part.ts";
import type { MediaPlatform } from "./media-platform.ts";

/** The name of the entity of files. */
const ENTITY = "media";
/** The bindings when the config does not say. */
const BUCKET = "BUCKET";
const IMAGES = "IMAGES";

/** What makes stores and transformers of bindings, where the platform has such. */
export interface MediaDrivers {
	store(bucket: () => never, options: { readonly prefix?: string }): StorageAdapter;
	images(binding: () => never): ImageTransformer;
}

/** Opens the files of an app. @throws `bad_config`, `no_store`. */
export function openMedia(
	{ app, registry, platform, basePath }: MediaHost,
	options: MediaOptions,
	drivers: MediaDrivers,
): MediaLibrary {
	const table = tableIn(registry);
	const store =
		options.store ?? platform.openStore?.(options) ?? boundStore(options, drivers, platform);
	return new MediaLibrary({
		em: app.em,
		db: () => app.db,
		events: app.emgr,
		store,
		images: lazily(() => openImages(options, drivers, platform)),
		options,
		table,
		base: () => `${basePath()}/media`,
		platform,
		logger: app.logger,
	});
}

/** The user's table may have more columns than these. */
function tableIn(registry: Registry): MediaContext["table"] {
	const entity = registry.find(ENTITY);
	const missing = Object.keys(mediaColumns()).filter((name) => !entity?.field(name));
	if (entity && missing.length === 0) return entity.table as SQLiteTable as MediaContext["table"];
	const fault = entity ? `lacks ${missing.join(", ")}` : "is missing";
	throw badConfig([
		`media needs the entity ${ENTITY}, which ${fault}: export { media } from "burdock/media" in the schema.`,
	]);
}

function boundStore(
	{ r2: name = BUCKET, prefix }: MediaOptions,
	drivers: MediaDrivers,
	platform: MediaPlatform,
): StorageAdapter {
	if (!platform.binding) throw appErrors.create("no_store", {});
	return drivers.store(
		() => {
			const bucket = platform.binding?.(name);
			if (!bucket) throw appErrors.create("no_r2_binding", { name });
			return bucket as never;
		},
		prefix === undefined ? {} : { prefix },
	);
}

async function openImages(
	{ images = {} }: MediaOptions,
	drivers: MediaDrivers,
	platform: MediaPlatform,
): Promise<ImageTransformer> {
	if (images === false) throw unavailable("the config turns it off");
	const own = images.transformer ?? (await platform.openImages?.(images));
	if (own) return own;
	if (!platform.binding) throw unavailable("this runtime has nothing that does");
	const { binding: name = IMAGES } = images;
	return drivers.images(() => {
		const binding = platform.binding?.(name);
		if (!binding) throw unavailable(`wrangler.toml binds no [images] as ${name}`);
		return binding as never;
	});
}

function unavailable(reason: string): Error {
	return mediaErrors.create("images_unavailable", { reason });
}

/** Keeps what came, not a promise of it: on some runtimes no request may wait for another's. */
function lazily<T>(open: () => Promise<T>): () => Promise<T> {
	let opened: { readonly value: T } | undefined;
	return async () => {
		opened ??= { value: await open() };
		return opened.value;
	};
}

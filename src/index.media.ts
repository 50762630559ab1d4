import { createMediaPart } from "./app/create-media-part.ts";
import type { MediaPart } from "./app/media-part.ts";
import { cloudflareImages } from "./media/adapters/cloudflare-images.ts";
import { r2 } from "./media/adapters/r2.ts";
import type { MediaOptions } from "./media/media-options.ts";

export { mediaColumns } from "./media/media-columns.ts";
export { media } from "./media/media.ts";
export { MediaEvents } from "./media/media-events.ts";
export { ACCEPTED_TYPES } from "./media/type-rules.ts";

export type { MediaPart } from "./app/media-part.ts";
export type { AttachTo } from "./media/attachment.ts";
export type { FileView } from "./media/file-view.ts";
export type { ImageOptions } from "./media/image-form.ts";
export type {
	ImageFit,
	ImageForm,
	ImageFormat,
	ImageSource,
	ImageTransformer,
} from "./media/image-transformer.ts";
export type { EventFile, FileMeta } from "./media/media-events.ts";
export type {
	DeleteOptions,
	FileBody,
	FileLink,
	LinkOptions,
	MediaLibrary,
	OpenOptions,
} from "./media/media-library.ts";
export type { MediaImageOptions, MediaOptions, SweepOptions } from "./media/media-options.ts";
export type { MediaRow } from "./media/media.ts";
export type {
	ByteRange,
	ListOptions,
	ObjectContent,
	ObjectInfo,
	ObjectPage,
	PutOptions,
	SignOptions,
	StorageAdapter,
} from "./media/storage-adapter.ts";
export type { UploadOptions } from "./media/upload-options.ts";
export type { UploadResult } from "./media/upload-result.ts";

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
	return createMediaPart(options, { store: r2, images: cloudflareImages });
}

export { mediaLibrary } from "./app/media-library.ts";
export { mediaColumns } from "./media/media-columns.ts";
export { media } from "./media/media.ts";
export { MediaEvents } from "./media/media-events.ts";

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
export type { UploadOptions, UploadResult } from "./media/uploads.ts";

import type { Maybe } from "../kernel/maybe.ts";
import type { Platform } from "../kernel/platform.ts";
import type { ImageTransformer } from "../media/image-transformer.ts";
import type { MediaImageOptions, MediaOptions } from "../media/media-options.ts";
import type { StorageAdapter } from "../media/storage-adapter.ts";

/** What a runtime gives the files of an app. */
export interface MediaPlatform extends Platform {
	/** The store of files that the runtime has by itself (Node: a folder). */
	openStore?(options: MediaOptions): StorageAdapter;
	/** What changes images here by itself (Node: sharp). @throws `images_unavailable`. */
	openImages?(options: MediaImageOptions): Maybe<ImageTransformer>;
	/**
	 * What the runtime binds by this name, of the current request (Workers); undefined when there is no
	 * such binding. Missing where there are no bindings.
	 */
	binding?(name: string): unknown;
}

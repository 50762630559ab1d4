import type { ImageOptions } from "./image-form.ts";
import type { ImageTransformer } from "./image-transformer.ts";
import type { StorageAdapter } from "./storage-adapter.ts";

/** How an app keeps files. */
export interface MediaOptions {
	/** The folder of the files, on Node; default: `.burdock/media`. */
	readonly dir?: string;
	/** The name of the R2 binding, on Workers; default: `BUCKET`. */
	readonly r2?: string;
	/** What the keys of the bucket behind `r2` begin with; default: nothing. */
	readonly prefix?: string;
	/** Another store, such as `s3(…)` of `burdock/media/s3`; default: what the runtime has. */
	readonly store?: StorageAdapter;
	/** Bytes of one file; default 100 MiB. */
	readonly maxSize?: number;
	/**
	 * Media types that are taken, by content, in lower case: `image/png`; what some begin with and a star,
	 * `image/*`; or `*` for any. Default: images but SVG, video, audio, PDF, plain text, JSON, office
	 * documents, archives and fonts. HTML and SVG may be added by their names; they are sent as downloads.
	 */
	readonly types?: readonly string[];
	/** Images in other forms, `?width=320`; false turns them off. */
	readonly images?: MediaImageOptions | false;
	/** The sweep of what is left of uploads and deletes that ended halfway. */
	readonly sweep?: SweepOptions;
}

/** Images in other forms. */
export interface MediaImageOptions extends ImageOptions {
	/** Default: `sharp` on Node, if it is installed; on Workers the binding {@link MediaImageOptions.binding}. */
	readonly transformer?: ImageTransformer;
	/** The name of the Images binding, on Workers; default: `IMAGES`. */
	readonly binding?: string;
}

/** When the sweep takes what. */
export interface SweepOptions {
	/** Milliseconds for which what belongs to nothing is left alone; default an hour. */
	readonly grace?: number;
	/** Milliseconds between two rounds of one process; default an hour. */
	readonly every?: number;
}

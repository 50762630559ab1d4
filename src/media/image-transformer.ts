import type { Maybe } from "../kernel/maybe.ts";

/** How an image fills the room that it is given, as `object-fit` of CSS has it. */
export type ImageFit = "cover" | "contain" | "scale-down";

/** What an image can be made into. */
export type ImageFormat = "webp" | "avif" | "jpeg" | "png";

/** The form that an image is wanted in. At least one of them is given. */
export interface ImageForm {
	/** Pixels. */
	readonly width?: number;
	/** Pixels. */
	readonly height?: number;
	/**
	 * `cover` fills both and cuts off what is too much, `contain` fits within both, `scale-down` is like
	 * it and never enlarges. With one side alone the other follows.
	 */
	readonly fit: ImageFit;
	readonly format: ImageFormat;
}

/** An image to be changed. */
export interface ImageSource {
	readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer>;
	/** Its media type, by content. */
	readonly type: string;
	/** Bytes. */
	readonly size: number;
}

/**
 * Changes images: the port behind `?width=`. Whoever calls it has checked the form, the file's bytes and its
 * pixels; it reads no more of an image than these, and takes the first picture of a moving one.
 */
export interface ImageTransformer {
	/** For people: `"sharp"`, `"cloudflare"`. */
	readonly name: string;
	/**
	 * @returns The image in this form, turned upright, without metadata. Bytes.
	 * @throws An error of `image_unreadable` when it is no image; of `images_unavailable`.
	 */
	transform(source: ImageSource, form: ImageForm): Maybe<Uint8Array<ArrayBuffer>>;
}

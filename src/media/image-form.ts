import { mediaErrors } from "./errors.ts";
import type { ImageFit, ImageForm, ImageFormat } from "./image-transformer.ts";

/** Which forms of images are made. */
export interface ImageOptions {
	/** Pixels that a width or a height may have, each 1 to 4096; default 64 to 2048 in 18 steps. */
	readonly sizes?: readonly number[];
	/** What images may be made into; default `webp`, `avif`, `jpeg`, `png`. */
	readonly formats?: readonly ImageFormat[];
	/** The most pixels that an image may have to be changed; default 40 million. */
	readonly maxPixels?: number;
	/** The most bytes that an image may have to be changed; default 32 MiB. */
	readonly maxBytes?: number;
	/** In how many forms one file is kept; default 32. */
	readonly maxForms?: number;
}

/** Pixels that a width or a height may have, unless configured otherwise. */
export const IMAGE_SIZES: readonly number[] = [
	64, 96, 128, 160, 200, 240, 320, 400, 480, 640, 800, 960, 1080, 1200, 1280, 1600, 1920, 2048,
];
/** What images may be made into, unless configured otherwise. */
export const IMAGE_FORMATS: readonly ImageFormat[] = ["webp", "avif", "jpeg", "png"];
/** How an image may fill a width and a height. */
export const IMAGE_FITS: readonly ImageFit[] = ["cover", "contain", "scale-down"];
/** The most pixels that a width or a height may be configured to have: two of them make 16.8 million. */
export const MAX_IMAGE_SIDE = 4096;
/** Pixels of an image that may be changed, unless configured otherwise: 40 million. */
export const MAX_PIXELS = 40_000_000;
/** Bytes of an image that may be changed, unless configured otherwise: 32 MiB. */
export const MAX_IMAGE_BYTES = 32 * 1024 * 1024;
/** Forms that one file is kept in, unless configured otherwise. */
export const MAX_FORMS = 32;

const NAMES = ["width", "height", "fit", "format"] as const;
const SIZE = /^[1-9]\d{0,5}$/;

/**
 * Reads the form that a query asks an image in.
 *
 * @param type The media type of the image as it is stored: what `format` is unless it is given.
 * @returns undefined when the query has none of `width`, `height`, `fit` and `format`. Forms that come to
 * the same are the same: with one side alone, `cover` is `contain`. With `format` alone the image fits
 * within the largest size: nobody makes the server encode a whole photograph.
 * @throws `bad_variant` for a size or a format that is not made here, and for all that can't be read.
 * @example
 * ```ts
 * readImageForm(new URLSearchParams("width=320"), "image/png");
 * // { width: 320, fit: "scale-down", format: "png" }
 * ```
 */
export function readImageForm(
	query: URLSearchParams,
	type: string,
	options: ImageOptions = {},
): ImageForm | undefined {
	if (!NAMES.some((name) => query.has(name))) return undefined;
	const { sizes = IMAGE_SIZES, formats = IMAGE_FORMATS } = options;
	const width = readSize(query, "width", sizes);
	const height = readSize(query, "height", sizes);
	const sides = [width, height].filter((side) => side !== undefined).length;
	const fit = readFit(query, sides);
	const format = readFormat(query, type, formats);
	if (sides === 0) {
		const largest = Math.max(...sizes);
		return { width: largest, height: largest, fit, format };
	}
	return {
		...(width === undefined ? {} : { width }),
		...(height === undefined ? {} : { height }),
		fit,
		format,
	};
}

/**
 * What the key of a derived object has behind that of its source and a dot: `w320-h200-cover-webp`.
 * Forms that differ have keys that differ.
 */
export function formKey({ width, height, fit, format }: ImageForm): string {
	const sides = [
		...(width === undefined ? [] : [`w${width}`]),
		...(height === undefined ? [] : [`h${height}`]),
	];
	return [...sides, fit, format].join("-");
}

function readSize(
	query: URLSearchParams,
	name: "width" | "height",
	sizes: readonly number[],
): number | undefined {
	const text = readOne(query, name);
	if (text === undefined) return undefined;
	if (!SIZE.test(text)) throw refused(`${name} is a whole number of pixels`);
	const size = Number(text);
	if (sizes.includes(size)) return size;
	throw refused(`${name} is not ${size}, but ${nearestTo(size, sizes)}`);
}

/** The allowed sizes on both sides of this one, in words. */
function nearestTo(size: number, sizes: readonly number[]): string {
	const below = sizes.filter((allowed) => allowed < size);
	const above = sizes.filter((allowed) => allowed > size);
	const near = [
		...(below.length === 0 ? [] : [Math.max(...below)]),
		...(above.length === 0 ? [] : [Math.min(...above)]),
	];
	return near.join(" or ");
}

function readFit(query: URLSearchParams, sides: number): ImageFit {
	const text = readOne(query, "fit");
	if (text === undefined) return sides === 2 ? "cover" : "scale-down";
	const fit = IMAGE_FITS.find((known) => known === text);
	if (fit === undefined) throw refused(`fit is one of ${IMAGE_FITS.join(", ")}`);
	if (sides === 0) throw refused("fit comes with width, height, or both");
	return sides === 1 && fit === "cover" ? "contain" : fit;
}

function readFormat(
	query: URLSearchParams,
	type: string,
	formats: readonly ImageFormat[],
): ImageFormat {
	const text = readOne(query, "format");
	const wanted = text ?? type.replace(/^image\//, "");
	const known = formats.find((format) => format === wanted);
	if (known !== undefined) return known;
	if (text !== undefined) throw refused(`format is one of ${formats.join(", ")}`);
	// An empty list is refused with the config.
	return formats.includes("webp") ? "webp" : (formats[0] as ImageFormat);
}

function readOne(query: URLSearchParams, name: (typeof NAMES)[number]): string | undefined {
	const values = query.getAll(name);
	if (values.length > 1) throw refused(`${name} is given more than once`);
	return values[0];
}

function refused(reason: string): Error {
	return mediaErrors.create("bad_variant", { reason });
}

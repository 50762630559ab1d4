import { isAppError } from "../../kernel/error.ts";
import { mediaErrors } from "../errors.ts";
import { MAX_IMAGE_BYTES, MAX_IMAGE_SIDE, MAX_PIXELS } from "../image-form.ts";
import type {
	ImageForm,
	ImageFormat,
	ImageSource,
	ImageTransformer,
} from "../image-transformer.ts";
import { sniffType } from "../sniff-type.ts";
import { WaitingLine } from "./waiting-line.ts";

/** What of sharp this uses. */
export interface SharpPipeline {
	metadata(): Promise<SharpMetadata>;
	timeout(options: { seconds: number }): SharpPipeline;
	rotate(): SharpPipeline;
	resize(options: {
		width?: number;
		height?: number;
		fit: "cover" | "inside";
		withoutEnlargement: boolean;
	}): SharpPipeline;
	flatten(options: { background: string }): SharpPipeline;
	toFormat(format: ImageFormat, options?: { effort?: number }): SharpPipeline;
	toBuffer(): Promise<Uint8Array>;
}

/** What of an image's metadata is read. */
export interface SharpMetadata {
	readonly width?: number | undefined;
	readonly height?: number | undefined;
	readonly orientation?: number | undefined;
}

/** The module `sharp`, 0.33 or later. */
export type SharpModule = (
	input: Uint8Array,
	options: {
		limitInputPixels: number;
		failOn: "error";
		pages: number;
		unlimited: boolean;
		sequentialRead: boolean;
	},
) => SharpPipeline;

/** What `sharpImages` may spend. */
export interface SharpImagesOptions {
	/** Pixels of an image before it is changed; default 40 million. */
	readonly maxPixels?: number;
	/** Bytes of an image; default 32 MiB. */
	readonly maxBytes?: number;
	/** Images that are changed at once; default 2. Each may take a few hundred MB. */
	readonly atOnce?: number;
	/** Images that wait for it; default 32. */
	readonly waiting?: number;
	/** Seconds for one image, looked at between the steps of its making; default 30. */
	readonly timeout?: number;
}

/** SVG is none of them: it is a program, and reads other files. */
const READ: ReadonlySet<string> = new Set([
	"image/avif",
	"image/gif",
	"image/heic",
	"image/heif",
	"image/jpeg",
	"image/png",
	"image/tiff",
	"image/webp",
]);
/** Pixels of a side of what is made: WebP has no more. */
const MAX_SIDE = 16_383;
/** Pixels of what is made: encoders take a second for each million or two. */
const MAX_MADE = MAX_IMAGE_SIDE * MAX_IMAGE_SIDE;

/** Of AVIF, where the default takes ten times as long, for a quarter less. */
const EFFORT: Partial<Record<ImageFormat, { readonly effort: number }>> = { avif: { effort: 0 } };

const TOO_LARGE = "in this form it would be too large";

/** What sharp says, and what that means. Its own words may name files and versions. */
const REASONS: readonly (readonly [message: RegExp, reason: string])[] = [
	[/timeout/i, "it takes too long"],
	[
		/unsupported image format|no decoding plugin|unsupported (?:codec|feature)|unknown/i,
		"its format is not read here",
	],
	[/too large|out of range/i, TOO_LARGE],
];

/**
 * Changes images by `sharp` (libvips), on Node. Files that lie about what they are, that are cut off, or
 * that would grow beyond bounds when they are unpacked are refused.
 *
 * @param sharp The module, of which you choose the version.
 * @example
 * ```ts
 * import sharp from "sharp";
 *
 * media: { images: { transformer: sharpImages(sharp) } }
 * ```
 */
export function sharpImages(
	sharp: SharpModule,
	options: SharpImagesOptions = {},
): ImageTransformer {
	return new SharpImages(sharp, options);
}

class SharpImages implements ImageTransformer {
	readonly name = "sharp";
	readonly #sharp: SharpModule;
	readonly #line: WaitingLine;
	readonly #maxPixels: number;
	readonly #maxBytes: number;
	readonly #timeout: number;

	constructor(sharp: SharpModule, options: SharpImagesOptions) {
		const { atOnce = 2, waiting = 32 } = options;
		this.#sharp = sharp;
		this.#line = new WaitingLine({ atOnce, waiting });
		this.#maxPixels = options.maxPixels ?? MAX_PIXELS;
		this.#maxBytes = options.maxBytes ?? MAX_IMAGE_BYTES;
		this.#timeout = options.timeout ?? 30;
	}

	async transform({ body }: ImageSource, form: ImageForm): Promise<Uint8Array<ArrayBuffer>> {
		try {
			return await this.#line.run(async () => {
				const bytes = body instanceof Uint8Array ? body : await this.#read(body);
				if (!READ.has(sniffType(bytes))) throw unreadable("its format is not read here");
				return this.#make(bytes, form);
			});
		} catch (error) {
			if (body instanceof ReadableStream && !body.locked) await body.cancel().catch(() => {});
			throw error;
		}
	}

	async #make(bytes: Uint8Array, form: ImageForm): Promise<Uint8Array<ArrayBuffer>> {
		const image = this.#sharp(bytes, {
			limitInputPixels: this.#maxPixels,
			failOn: "error",
			pages: 1,
			unlimited: false,
			sequentialRead: true,
		});
		try {
			this.#refuseLarge(await image.metadata(), form);
			const resized = resize(image.timeout({ seconds: this.#timeout }).rotate(), form);
			// Where there is nothing, JPEG would be black.
			const flat = form.format === "jpeg" ? resized.flatten({ background: "#fff" }) : resized;
			const made = await flat.toFormat(form.format, EFFORT[form.format]).toBuffer();
			return new Uint8Array(made.buffer as ArrayBuffer, made.byteOffset, made.byteLength);
		} catch (error) {
			throw isAppError(error) ? error : this.#explain(error);
		}
	}

	/** Before any pixel is unpacked. */
	#refuseLarge({ width = 0, height = 0, orientation = 1 }: SharpMetadata, form: ImageForm): void {
		if (width * height > this.#maxPixels) throw this.#tooLarge();
		const upright = orientation >= 5 ? { width: height, height: width } : { width, height };
		const made = sizeOf(upright, form);
		const isFine =
			Math.max(made.width, made.height) <= MAX_SIDE && made.width * made.height <= MAX_MADE;
		if (!isFine) throw unreadable(TOO_LARGE);
	}

	async #read(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
		const chunks: Uint8Array[] = [];
		let size = 0;
		for await (const chunk of body) {
			size += chunk.byteLength;
			if (size > this.#maxBytes) throw unreadable(`it is over ${this.#maxBytes} bytes`);
			chunks.push(chunk);
		}
		const bytes = new Uint8Array(size);
		let at = 0;
		for (const chunk of chunks) {
			bytes.set(chunk, at);
			at += chunk.byteLength;
		}
		return bytes;
	}

	#explain(error: unknown): Error {
		const message = error instanceof Error ? error.message : "";
		if (/pixel limit/i.test(message)) return this.#tooLarge(error);
		const known = REASONS.find(([pattern]) => pattern.test(message));
		return unreadable(known?.[1] ?? "its content is damaged", error);
	}

	#tooLarge(cause?: unknown): Error {
		const values = { name: "The image", limit: this.#maxPixels };
		return mediaErrors.create("image_too_large", values, { cause });
	}
}

function resize(image: SharpPipeline, { width, height, fit }: ImageForm): SharpPipeline {
	if (width === undefined && height === undefined) return image;
	return image.resize({
		...(width === undefined ? {} : { width }),
		...(height === undefined ? {} : { height }),
		fit: fit === "cover" ? "cover" : "inside",
		withoutEnlargement: fit === "scale-down",
	});
}

/** The pixels that an image has in this form, or more. */
function sizeOf(
	source: { readonly width: number; readonly height: number },
	{ width, height, fit }: ImageForm,
): { readonly width: number; readonly height: number } {
	if (width !== undefined && height !== undefined && fit !== "scale-down") return { width, height };
	const factor = Math.min(
		(width ?? Number.POSITIVE_INFINITY) / source.width,
		(height ?? Number.POSITIVE_INFINITY) / source.height,
	);
	const bounded = Number.isFinite(factor) && (fit !== "scale-down" || factor < 1) ? factor : 1;
	return {
		width: Math.round(source.width * bounded),
		height: Math.round(source.height * bounded),
	};
}

function unreadable(reason: string, cause?: unknown): Error {
	return mediaErrors.create("image_unreadable", { name: "This", reason }, { cause });
}

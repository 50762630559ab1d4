import { isAppError } from "../../kernel/error.ts";
import { mediaErrors } from "../errors.ts";
import type {
	ImageFit,
	ImageForm,
	ImageFormat,
	ImageSource,
	ImageTransformer,
} from "../image-transformer.ts";
import { sniffType } from "../sniff-type.ts";

/** What of the Images binding this uses. */
export interface ImagesBinding {
	input(image: ReadableStream<Uint8Array>): ImagesPipeline;
}

/** What of an image that the binding changes this uses. */
export interface ImagesPipeline {
	transform(options: { width?: number; height?: number; fit?: ImageFit }): ImagesPipeline;
	output(options: { format: `image/${ImageFormat}`; anim?: boolean }): Promise<ImagesResult>;
}

/** What of the binding's answer this uses. */
export interface ImagesResult {
	response(): Response;
}

/** What Cloudflare reads. SVG it would hand on as it is. */
const READ: ReadonlySet<string> = new Set([
	"image/avif",
	"image/gif",
	"image/heic",
	"image/jpeg",
	"image/png",
	"image/webp",
]);

/** What its codes mean that are about the image; all others are about the service. */
const REASONS: Readonly<Record<number, string>> = {
	9402: "it is too large",
	9412: "its content is damaged",
	9413: "it has too many pixels",
	9520: "its format is not read here",
	9522: "it takes too long",
	9523: "its content is damaged",
};
const QUOTA_USED = 9422;

/**
 * Changes images by the Images binding of Cloudflare Workers. Unlike `sharpImages`, it streams: the image
 * is not held in the memory of the Worker, only what is made of it. Each form of an image that is made
 * counts as a transformation of your account; it is kept, and made once.
 *
 * Cloudflare makes AVIF of small images alone, and answers with another format otherwise: such an image
 * is `image_unreadable` as AVIF. JPEG that it makes may keep a line of copyright.
 *
 * @param binding Asked for at each call, as a binding belongs to a request; undefined when there is none.
 * @example
 * ```ts
 * cloudflareImages(() => env.IMAGES)
 * ```
 */
export function cloudflareImages(binding: () => ImagesBinding | undefined): ImageTransformer {
	return new CloudflareImages(binding);
}

class CloudflareImages implements ImageTransformer {
	readonly name = "cloudflare";
	readonly #binding: () => ImagesBinding | undefined;

	constructor(binding: () => ImagesBinding | undefined) {
		this.#binding = binding;
	}

	async transform({ body, type }: ImageSource, form: ImageForm): Promise<Uint8Array<ArrayBuffer>> {
		const stream = body instanceof ReadableStream ? body : new Blob([body]).stream();
		try {
			const binding = this.#binding();
			if (binding === undefined) throw unavailable("it has no Images binding of that name");
			if (!READ.has(type)) throw unreadable("its format is not read here");
			return await make(binding.input(stream), form);
		} catch (error) {
			if (!stream.locked) await stream.cancel().catch(() => {});
			throw isAppError(error) ? error : explain(error);
		}
	}
}

async function make(
	image: ImagesPipeline,
	{ width, height, fit, format }: ImageForm,
): Promise<Uint8Array<ArrayBuffer>> {
	const isResized = width !== undefined || height !== undefined;
	const sides = { ...(width && { width }), ...(height && { height }) };
	const resized = isResized ? image.transform({ ...sides, fit }) : image;
	const result = await resized.output({ format: `image/${format}`, anim: false });
	const made = new Uint8Array(await result.response().arrayBuffer());
	if (sniffType(made) === `image/${format}`) return made;
	throw unreadable(`Cloudflare makes no ${format} of it`);
}

/** The binding's errors have a code; what they say besides may name addresses. */
function explain(error: unknown): Error {
	const code = error instanceof Error && "code" in error ? Number(error.code) : 0;
	const reason = REASONS[code];
	// The same code stands for answers that are none, as when the service is down.
	const isAnswer = !(
		error instanceof Error && error.message.startsWith("Unexpected error response")
	);
	if (reason !== undefined && isAnswer) return unreadable(reason, error);
	const used = "its transformations of this month are used up";
	const failed = `Cloudflare Images answered with ${code === 0 ? "an error" : `error ${code}`}`;
	return unavailable(code === QUOTA_USED ? used : failed, error);
}

function unreadable(reason: string, cause?: unknown): Error {
	return mediaErrors.create("image_unreadable", { name: "This", reason }, { cause });
}

function unavailable(reason: string, cause?: unknown): Error {
	return mediaErrors.create("images_unavailable", { reason }, { cause });
}

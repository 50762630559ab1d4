import { sharpImages } from "../../media/adapters/sharp-images.ts";
import { mediaErrors } from "../../media/errors.ts";
import type { ImageTransformer } from "../../media/image-transformer.ts";
import type { MediaImageOptions } from "../../media/media-options.ts";

/**
 * What changes images on Node: `sharp`, which whoever wants it installs.
 * @throws (rejects) `images_unavailable`.
 */
export async function openImages(options: MediaImageOptions): Promise<ImageTransformer> {
	try {
		const { default: sharp } = await import("sharp");
		return sharpImages(sharp, options);
	} catch (cause) {
		const reason = "sharp is not installed, or does not load here (npm install sharp)";
		throw mediaErrors.create("images_unavailable", { reason }, { cause });
	}
}

import { buffer } from "node:stream/consumers";
import sharp from "sharp";
import { sharpImages } from "../../src/media/adapters/sharp-images.ts";

/** Changes the image that it is sent, in a process of its own, and tells what memory that took. */
const body = new Uint8Array(await buffer(process.stdin));
const images = sharpImages(sharp);
const before = process.resourceUsage().maxRSS;
let outcome = "made";
try {
	const source = { body, type: "image/png", size: body.length };
	await images.transform(source, { width: 64, fit: "scale-down", format: "webp" });
} catch (error) {
	outcome = String((error as { code?: unknown }).code);
}
// KiB.
const took = process.resourceUsage().maxRSS - before;
process.stdout.write(JSON.stringify({ outcome, took }));

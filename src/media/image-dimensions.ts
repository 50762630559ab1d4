import { BMP } from "image-size/types/bmp";
import { GIF } from "image-size/types/gif";
import { HEIF } from "image-size/types/heif";
import { JPG } from "image-size/types/jpg";
import { PNG } from "image-size/types/png";
import { TIFF } from "image-size/types/tiff";
import { WEBP } from "image-size/types/webp";

/** The pixels of an image as it is shown. */
export interface ImageDimensions {
	readonly width: number;
	readonly height: number;
}

/** What `image-size` answers, of one of its types. */
interface Measured extends ImageDimensions {
	readonly orientation?: number;
	readonly images?: readonly ImageDimensions[];
}

type Measure = (head: Uint8Array) => Measured | undefined;

/** Only these: the package would otherwise try all that it knows on anything. */
const MEASURES: Readonly<Record<string, Measure>> = {
	"image/avif": measureHeif,
	"image/bmp": measureBmp,
	"image/gif": measureBy(GIF),
	"image/heic": measureHeif,
	"image/heif": measureHeif,
	"image/jpeg": measureBy(JPG),
	"image/png": measureBy(PNG),
	"image/tiff": measureBy(TIFF),
	"image/webp": measureBy(WEBP),
};

/** Pixels of a side; no format that is read here has more. */
const MAX_SIDE = 2 ** 31 - 1;
/** Pictures within one HEIF file: each is looked for through all of the head. */
const MAX_PICTURES = 64;

/**
 * The width and the height of an image, in pixels, as it is shown: what a camera held upright has
 * changes places (EXIF in JPEG, `irot` in AVIF and HEIC).
 *
 * The file says so, and it may lie: whoever decodes it needs a limit of their own. It never throws, and
 * takes time that grows with the head alone.
 *
 * @param head The beginning of the file. The pixels of a JPEG stand behind all of its metadata, and those
 * of a TIFF often at its end: 256 KiB suffice for most.
 * @param type The media type by content.
 * @returns undefined when the type has none that are read here, or they are not in the head.
 */
export function imageDimensions(head: Uint8Array, type: string): ImageDimensions | undefined {
	const measure = Object.hasOwn(MEASURES, type) ? MEASURES[type] : undefined;
	if (measure === undefined) return undefined;
	try {
		// A copy, as the package reads on behind the end of a part of a buffer.
		return shown(measure(head.slice()));
	} catch {
		return undefined;
	}
}

function shown(measured: Measured | undefined): ImageDimensions | undefined {
	if (measured === undefined) return undefined;
	const { width, height } = largest(measured);
	if (![width, height].every(isSide)) return undefined;
	const lies = (measured.orientation ?? 1) >= 5 && (measured.orientation ?? 1) <= 8;
	return lies ? { width: height, height: width } : { width, height };
}

function largest({ images, ...first }: Measured): ImageDimensions {
	const area = ({ width, height }: ImageDimensions) => width * height;
	return (images ?? []).reduce<ImageDimensions>(
		(best, image) => (area(image) > area(best) ? image : best),
		first,
	);
}

function isSide(pixels: number): boolean {
	return Number.isInteger(pixels) && pixels > 0 && pixels <= MAX_SIDE;
}

function measureBy(format: typeof PNG): Measure {
	return (head) => (format.validate(head) ? format.calculate(head) : undefined);
}

/** The short header of OS/2 has its sides elsewhere. */
function measureBmp(head: Uint8Array): Measured | undefined {
	const headerSize = head[14] ?? 0;
	return headerSize < 40 ? undefined : BMP.calculate(head);
}

function measureHeif(head: Uint8Array): Measured | undefined {
	if (positions(head, "ispe", MAX_PICTURES + 1).length > MAX_PICTURES) return undefined;
	const measured: Measured = HEIF.calculate(head);
	// The box: its size, 9, its name, and quarters of a turn.
	const turned = positions(head, "irot", MAX_PICTURES).some(
		(at) => head[at - 1] === 9 && ((head[at + 4] ?? 0) & 1) === 1,
	);
	return { ...measured, orientation: turned ? 6 : 1 };
}

/** Where four letters stand, up to so many times. */
function positions(bytes: Uint8Array, letters: string, limit: number): readonly number[] {
	const found: number[] = [];
	const first = letters.charCodeAt(0);
	let at = bytes.indexOf(first);
	while (at !== -1 && found.length < limit) {
		if (String.fromCharCode(...bytes.subarray(at, at + 4)) === letters) found.push(at);
		at = bytes.indexOf(first, at + 1);
	}
	return found;
}

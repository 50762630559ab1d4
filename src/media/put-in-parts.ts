import { inParts } from "./in-parts.ts";
import { abortableChunks } from "./abortable-chunks.ts";

/** Bytes of a part: more than the 5 MiB that S3 and R2 ask for, and little for a Worker to hold. */
const PART_BYTES = 8 * 1024 * 1024;

/** The most parts that S3 and R2 take. */
const MAX_PARTS = 10_000;

/** An object that is uploaded part by part. */
export interface PartsUpload {
	/** @param number 1 and up. */
	putPart(number: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
	/** Makes the object of the parts. */
	complete(): Promise<void>;
	/** Forgets the parts. */
	abort(): Promise<void>;
}

/** A place for an object that can be put at once, or part by part. */
export interface PartsTarget {
	putWhole(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
	begin(): Promise<PartsUpload>;
}

/**
 * Puts an object of unknown length: at once when it fits into one part, otherwise part after part, each
 * read when the one before has been stored. When anything fails the upload is aborted; an abort that
 * fails as well is left to `tidy`.
 *
 * @throws The signal's reason; whatever `chunks` or the target throws.
 */
export async function putInParts(
	chunks: AsyncIterable<Uint8Array>,
	target: PartsTarget,
	signal: AbortSignal | undefined,
): Promise<void> {
	let upload: PartsUpload | undefined;
	let number = 0;
	try {
		for await (const { bytes, last } of inParts(abortableChunks(chunks, signal), PART_BYTES)) {
			signal?.throwIfAborted();
			if (last && upload === undefined) return await target.putWhole(bytes);
			number++;
			if (number > MAX_PARTS) {
				throw new RangeError(`An object has at most ${MAX_PARTS * PART_BYTES} bytes here.`);
			}
			upload ??= await target.begin();
			await upload.putPart(number, bytes);
		}
		signal?.throwIfAborted();
		await upload?.complete();
	} catch (error) {
		await upload?.abort().catch(() => {});
		// What was under way may have failed in its own words.
		signal?.throwIfAborted();
		throw error;
	}
}

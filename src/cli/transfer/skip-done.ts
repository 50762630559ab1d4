import { createHash, type Hash } from "node:crypto";
import type { ImportPosition } from "./import-state.ts";

/** A stream without the bytes that are done. */
export interface Remaining {
	/** Of the bytes that are done. */
	readonly hash: Hash;
	readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * Reads past the bytes that an import has done.
 * @returns undefined when they are not the same as those that were imported.
 */
export async function skipDone(
	stream: AsyncIterable<Uint8Array>,
	{ bytes, digest }: Pick<ImportPosition, "bytes" | "digest">,
): Promise<Remaining | undefined> {
	const hash = createHash("sha256");
	const chunks = stream[Symbol.asyncIterator]();
	let left = bytes;
	let begun: Uint8Array | undefined;
	while (left > 0) {
		const { value, done } = await chunks.next();
		if (done === true) return undefined;
		hash.update(value.subarray(0, left));
		if (value.length > left) begun = value.subarray(left);
		left -= Math.min(left, value.length);
	}
	if (hash.copy().digest("hex") !== digest) return undefined;
	return { hash, chunks: following(begun, chunks) };
}

async function* following(
	begun: Uint8Array | undefined,
	chunks: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
	if (begun !== undefined) yield begun;
	for (;;) {
		const { value, done } = await chunks.next();
		if (done === true) return;
		yield value;
	}
}

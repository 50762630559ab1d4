import { createHash, randomBytes } from "node:crypto";

const BLOCK = 64 * 1024;

/**
 * The content of one file, which is made as it is sent: blocks that are alike but for their number, so
 * that no part can stand in the place of another. There is never more of it than one block.
 */
export class LargeContent {
	readonly size: number;
	readonly #block = randomBytes(BLOCK);
	readonly #hash = createHash("sha256");

	/** @param size Bytes. */
	constructor(size: number) {
		this.size = size;
	}

	/** To be read once. */
	async *chunks(): AsyncGenerator<Uint8Array> {
		for (let at = 0; at < this.size; at += BLOCK) {
			const chunk = Buffer.from(this.#block.subarray(0, Math.min(BLOCK, this.size - at)));
			if (chunk.length >= 8) chunk.writeDoubleLE(at);
			this.#hash.update(chunk);
			yield chunk;
		}
	}

	/** The SHA-256 of all chunks, once all have been read. */
	checksum(): string {
		return this.#hash.copy().digest("hex");
	}
}

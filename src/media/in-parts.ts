/** A part of a stream of bytes. */
export interface Part {
	/** As many as every part has; fewer only in the last one. They are gone with the next part. */
	readonly bytes: Uint8Array<ArrayBuffer>;
	readonly last: boolean;
}

/** What a buffer starts with, so that small objects take little. */
const FIRST_CAPACITY = 64 * 1024;

/**
 * Cuts a stream of bytes into parts of one size, whatever the sizes of its chunks. There is one buffer,
 * which grows up to the size of a part and serves one part after the other: whoever needs the bytes
 * of a part for longer copies them.
 *
 * @param size Bytes of each part but the last, which may be shorter. No bytes at all are one empty part.
 * @throws Whatever `chunks` throws.
 */
export async function* inParts(
	chunks: AsyncIterable<Uint8Array>,
	size: number,
): AsyncGenerator<Part, void, undefined> {
	const buffer = new PartBuffer(size);
	for await (const chunk of chunks) {
		let rest = chunk;
		while (rest.length > 0) {
			// A full part waits for more bytes: only then is it known not to be the last.
			if (buffer.isFull) {
				yield { bytes: buffer.bytes, last: false };
				buffer.clear();
			}
			rest = buffer.take(rest);
		}
	}
	yield { bytes: buffer.bytes, last: true };
}

class PartBuffer {
	readonly #size: number;
	#bytes: Uint8Array<ArrayBuffer>;
	#length = 0;

	constructor(size: number) {
		this.#size = size;
		this.#bytes = new Uint8Array(Math.min(size, FIRST_CAPACITY));
	}

	get isFull(): boolean {
		return this.#length === this.#size;
	}

	get bytes(): Uint8Array<ArrayBuffer> {
		return this.#bytes.subarray(0, this.#length);
	}

	clear(): void {
		this.#length = 0;
	}

	/** Takes what still fits, and returns the rest. */
	take(chunk: Uint8Array): Uint8Array {
		const taken = Math.min(chunk.length, this.#size - this.#length);
		this.#makeRoom(this.#length + taken);
		this.#bytes.set(chunk.subarray(0, taken), this.#length);
		this.#length += taken;
		return chunk.subarray(taken);
	}

	#makeRoom(length: number): void {
		const capacity = this.#bytes.length;
		if (length <= capacity) return;
		const bigger = new Uint8Array(Math.min(this.#size, Math.max(length, capacity * 2)));
		bigger.set(this.bytes);
		this.#bytes = bigger;
	}
}

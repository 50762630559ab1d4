import type { EventFile } from "./media-events.ts";
import { HEAD_SIZE } from "./received-body.ts";

/** Bytes that were made here and are not stored yet, for listeners. */
export class MadeFile implements EventFile {
	readonly #bytes: Uint8Array<ArrayBuffer>;

	constructor(bytes: Uint8Array<ArrayBuffer>) {
		this.#bytes = bytes;
	}

	get size(): number {
		return this.#bytes.byteLength;
	}

	get head(): Uint8Array {
		return this.#bytes.subarray(0, HEAD_SIZE);
	}

	stream(): Promise<ReadableStream<Uint8Array>> {
		return Promise.resolve(new Blob([this.#bytes]).stream());
	}

	bytes(): Promise<Uint8Array> {
		return Promise.resolve(this.#bytes.slice());
	}

	/** Copies of events leave the bytes out. */
	toJSON(): undefined {
		return undefined;
	}
}

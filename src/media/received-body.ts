import type { Digest } from "../kernel/platform.ts";
import { mediaErrors } from "./errors.ts";

/** Bytes that are kept of the beginning of a file: enough for what cameras write before the dimensions. */
export const HEAD_SIZE = 256 * 1024;

/** What a body is held to. */
export interface ReceivedBodyOptions {
	/** Bytes. */
	readonly maxSize: number;
	readonly digest: Digest | undefined;
}

/**
 * A file on its way in: its beginning can be looked at before the rest is read, and what passes is
 * counted, and summed up.
 */
export class ReceivedBody {
	readonly #source: AsyncIterator<Uint8Array>;
	readonly #maxSize: number;
	readonly #digest: Digest | undefined;
	readonly #first: Uint8Array[] = [];
	#size = 0;
	#ended = false;
	#failure: { readonly error: unknown } | undefined;

	constructor(source: AsyncIterable<Uint8Array>, { maxSize, digest }: ReceivedBodyOptions) {
		this.#source = source[Symbol.asyncIterator]();
		this.#maxSize = maxSize;
		this.#digest = digest;
	}

	/** Bytes that have passed. */
	get size(): number {
		return this.#size;
	}

	/** What went wrong where the file comes from, if it did: that is not the store's fault. */
	get failure(): { readonly error: unknown } | undefined {
		return this.#failure;
	}

	/**
	 * Reads the beginning: {@link HEAD_SIZE} bytes, or all there are.
	 * @throws `file_too_large`; what the source throws.
	 */
	async head(): Promise<Uint8Array> {
		while (!this.#ended && this.#size < HEAD_SIZE) {
			const chunk = await this.#next();
			if (chunk) this.#first.push(chunk);
		}
		return joined(this.#first, Math.min(this.#size, HEAD_SIZE));
	}

	/** All of the file, its beginning included; to be read once. @throws As {@link ReceivedBody.head}. */
	async *chunks(): AsyncGenerator<Uint8Array> {
		yield* this.#first.splice(0);
		while (!this.#ended) {
			const chunk = await this.#next();
			if (chunk) yield chunk;
		}
	}

	/** The SHA-256 of what has passed, once all has; null where there is none. */
	async checksum(): Promise<string | null> {
		return (await this.#digest?.hex()) ?? null;
	}

	/** Lets go of the source, if it was not read to its end. */
	async release(): Promise<void> {
		if (this.#ended) return;
		this.#ended = true;
		await this.#source.return?.().catch(() => {});
	}

	async #next(): Promise<Uint8Array | undefined> {
		try {
			const { done, value } = await this.#source.next();
			if (done) {
				this.#ended = true;
				return undefined;
			}
			this.#size += value.byteLength;
			if (this.#size > this.#maxSize) {
				throw mediaErrors.create("file_too_large", { limit: this.#maxSize });
			}
			if (value.byteLength > 0) await this.#digest?.update(value);
			return value;
		} catch (error) {
			this.#failure = { error };
			throw error;
		}
	}
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
	const bytes = new Uint8Array(size);
	let at = 0;
	for (const chunk of chunks) {
		const part = chunk.subarray(0, size - at);
		bytes.set(part, at);
		at += part.byteLength;
	}
	return bytes;
}

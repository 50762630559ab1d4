import { checkObjectKey } from "../object-key.ts";
import type {
	ByteRange,
	ListOptions,
	ObjectContent,
	ObjectInfo,
	ObjectPage,
	PutOptions,
	StorageAdapter,
} from "../storage-adapter.ts";
import { abortableChunks } from "../abortable-chunks.ts";

/** Up to here an object comes as it is. Bytes. */
const SMALL = 64 * 1024;

/**
 * A store of objects in memory, for tests and demonstrations: what it holds ends with the process,
 * and takes as much memory as it has bytes.
 *
 * @example
 * ```ts
 * const store = memory();
 * ```
 */
export function memory(): StorageAdapter {
	return new MemoryStore();
}

interface MemoryObject {
	readonly blob: Blob;
	readonly stored: Date;
}

class MemoryStore implements StorageAdapter {
	readonly name = "memory";
	readonly #objects = new Map<string, MemoryObject>();

	async put(key: string, chunks: AsyncIterable<Uint8Array>, { signal }: PutOptions): Promise<void> {
		checkObjectKey(key);
		const parts: Uint8Array<ArrayBuffer>[] = [];
		for await (const chunk of abortableChunks(chunks, signal)) parts.push(new Uint8Array(chunk));
		this.#objects.set(key, { blob: new Blob(parts), stored: new Date() });
	}

	async get(key: string, range?: ByteRange): Promise<ObjectContent | undefined> {
		checkObjectKey(key);
		const object = this.#objects.get(key);
		if (!object) return undefined;
		const { blob, stored } = object;
		const part = range ? blob.slice(range.offset, range.offset + range.length) : blob;
		const body = part.size > SMALL ? part.stream() : new Uint8Array(await part.arrayBuffer());
		return { key, size: blob.size, stored, body };
	}

	async head(key: string): Promise<ObjectInfo | undefined> {
		checkObjectKey(key);
		const object = this.#objects.get(key);
		return object && { key, size: object.blob.size, stored: object.stored };
	}

	async delete(keys: readonly string[]): Promise<void> {
		for (const key of keys) checkObjectKey(key);
		for (const key of keys) this.#objects.delete(key);
	}

	async list({ prefix = "", after, limit }: ListOptions): Promise<ObjectPage> {
		if (after !== undefined) checkObjectKey(after);
		const found = [...this.#objects]
			.filter(([key]) => key.startsWith(prefix) && (after === undefined || key > after))
			.sort(([a], [b]) => (a < b ? -1 : 1));
		const objects = found
			.slice(0, limit)
			.map(([key, { blob, stored }]) => ({ key, size: blob.size, stored }));
		return { objects, more: found.length > limit };
	}
}

import type {
	ByteRange,
	ListOptions,
	ObjectContent,
	ObjectInfo,
	StorageAdapter,
} from "../media/storage-adapter.ts";

/** Bytes of an object. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** How far a store's clock may be from this one. Milliseconds. */
const CLOCKS_APART = 5 * 60_000;

/** A store whose answers are compared with what they have to be. */
export class StorageProbe {
	readonly store: StorageAdapter;
	readonly #timeout: number;

	constructor(store: StorageAdapter, timeout: number) {
		this.store = store;
		this.#timeout = timeout;
	}

	/** Bytes that differ from place to place and from seed to seed. */
	bytes(size: number, seed = 0): Bytes {
		const bytes = new Uint8Array(size);
		for (let at = 0; at < size; at++) bytes[at] = Math.imul(at + seed + 1, 2_654_435_761) >>> 24;
		return bytes;
	}

	/** Puts bytes in chunks of these sizes, again and again until there are no more. */
	async put(key: string, bytes: Bytes, sizes: readonly number[] = [65_536]): Promise<void> {
		await this.store.put(key, cut(bytes, sizes), { type: "application/octet-stream" });
	}

	/** Puts what `chunks` gives. */
	async putChunks(key: string, chunks: AsyncIterable<Bytes>, signal?: AbortSignal): Promise<void> {
		await this.store.put(key, chunks, { type: "application/octet-stream", signal });
	}

	/** The object, which has to be there. */
	async get(key: string, range?: ByteRange): Promise<ObjectContent> {
		const content = await this.store.get(key, range);
		if (content === undefined) throw new Error(`Expected ${key} to be there; get found nothing.`);
		return content;
	}

	/** What the body of an object has, or of a part of it. */
	async read(key: string, range?: ByteRange): Promise<Bytes> {
		return readAll((await this.get(key, range)).body);
	}

	/** Expects an object to have these bytes, for all who ask. */
	async holds(key: string, bytes: Bytes): Promise<void> {
		const content = await this.get(key);
		this.#describes("get", content, key, bytes.length);
		this.same(await readAll(content.body), bytes, key);
		const info = await this.store.head(key);
		if (info === undefined) throw new Error(`Expected ${key} to be there; head found nothing.`);
		this.#describes("head", info, key, bytes.length);
		if (Math.abs(info.stored.getTime() - content.stored.getTime()) > 1_000) {
			throw new Error("Expected get and head to say the same time of storing.");
		}
	}

	/** Expects that there is no such object, for all who ask. */
	async lacks(...keys: readonly string[]): Promise<void> {
		for (const key of keys) {
			const content = await this.store.get(key);
			if (content !== undefined) {
				if (content.body instanceof ReadableStream) await content.body.cancel();
				throw new Error(`Expected get to answer undefined for ${key}; it found an object.`);
			}
			const info = await this.store.head(key);
			if (info !== undefined) {
				throw new Error(`Expected head to answer undefined for ${key}; it found an object.`);
			}
		}
		const page = await this.store.list({ limit: 1_000 });
		const listed = page.objects.find(({ key }) => keys.includes(key));
		if (listed) throw new Error(`Expected ${listed.key} not to be there; it is listed.`);
	}

	/** Expects a page of a list to have these keys. */
	async lists(
		options: ListOptions,
		expected: { readonly keys: readonly string[]; readonly more: boolean },
	): Promise<void> {
		const page = await this.store.list(options);
		const given = { keys: page.objects.map(({ key }) => key), more: page.more };
		const [left, right] = [JSON.stringify(given), JSON.stringify(expected)];
		if (left === right) return;
		throw new Error(`Expected list(${JSON.stringify(options)}) to give ${right}; given ${left}.`);
	}

	/** Expects a call to reject, and answers with what. */
	async rejects(call: () => Promise<unknown>, expected: string): Promise<unknown> {
		try {
			await call();
		} catch (error) {
			return error;
		}
		throw new Error(`Expected ${expected}; the call was answered.`);
	}

	/** What `work` becomes; rejects when it takes longer than a case may wait. */
	async within<T>(work: Promise<T>, expected: string): Promise<T> {
		const late = Promise.withResolvers<never>();
		const fail = (): void =>
			late.reject(new Error(`Expected ${expected} within ${this.#timeout} ms.`));
		const timer = setTimeout(fail, this.#timeout);
		try {
			return await Promise.race([work, late.promise]);
		} finally {
			clearTimeout(timer);
		}
	}

	/** Expects bytes to be these, and says where they are not. */
	same(given: Bytes, expected: Bytes, what: string): void {
		if (given.length !== expected.length) {
			throw new Error(`Expected ${expected.length} bytes of ${what}; ${given.length} were given.`);
		}
		const at = given.findIndex((byte, place) => byte !== expected[place]);
		if (at >= 0)
			throw new Error(`Expected other bytes of ${what}; they differ from byte ${at} on.`);
	}

	#describes(method: string, given: ObjectInfo, key: string, size: number): void {
		if (given.key !== key || given.size !== size) {
			throw new Error(
				`Expected ${method} to tell of ${key} with ${size} bytes; it told of ${given.key} with ${given.size}.`,
			);
		}
		const { stored } = given;
		if (!(stored instanceof Date) || Math.abs(stored.getTime() - Date.now()) > CLOCKS_APART) {
			throw new Error(
				`Expected ${method} to say that ${key} was stored now; it said ${String(stored)}.`,
			);
		}
	}
}

/** Everything that a body has. */
export async function readAll(body: ObjectContent["body"]): Promise<Bytes> {
	if (body instanceof Uint8Array) return body;
	const chunks: Bytes[] = [];
	for await (const chunk of body) chunks.push(chunk);
	const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const chunk of chunks) {
		all.set(chunk, at);
		at += chunk.length;
	}
	return all;
}

/** Copies, so that nothing but the chunk itself belongs to it. */
async function* cut(bytes: Bytes, sizes: readonly number[]): AsyncGenerator<Bytes> {
	for (let at = 0, turn = 0; at < bytes.length; turn++) {
		const size = sizes[turn % sizes.length] ?? bytes.length;
		yield bytes.slice(at, at + size);
		at += size;
	}
}

import { describe, expect, it } from "vitest";
import { memory } from "../../src/media/adapters/memory.ts";
import { checkObjectKey } from "../../src/media/object-key.ts";
import type { ObjectContent, StorageAdapter } from "../../src/media/storage-adapter.ts";
import { HOSTILE_OBJECT_KEYS } from "../../src/testing/hostile-object-keys.ts";
import { storageConformance } from "../../src/testing/index.ts";
import { readAll } from "../../src/testing/storage-probe.ts";

/** What a broken store does otherwise than the one that it is made of. */
type Fault = (store: StorageAdapter) => Partial<StorageAdapter>;

async function* each(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
	yield* chunks;
}

async function* without(chunks: AsyncIterable<Uint8Array>, fault: (index: number) => boolean) {
	let index = 0;
	for await (const chunk of chunks) if (!fault(index++)) yield chunk;
}

/** What came before the chunks failed. */
async function* untilError(chunks: AsyncIterable<Uint8Array>) {
	try {
		yield* chunks;
	} catch {
		return;
	}
}

async function* after(first: () => Promise<unknown>, chunks: AsyncIterable<Uint8Array>) {
	for await (const chunk of chunks) {
		await first();
		yield chunk;
	}
}

const withBody = (change: (bytes: Uint8Array<ArrayBuffer>) => ObjectContent["body"]): Fault => {
	return (store) => ({
		async get(key, range) {
			const content = await store.get(key, range);
			return content && { ...content, body: change(await readAll(content.body)) };
		},
	});
};

/** Takes any key, as one that is spelled in digits. */
const coded = (key: string): string => `k${Buffer.from(key).toString("hex").slice(0, 150)}`;

const collator = new Intl.Collator("en", { ignorePunctuation: true });

/** Which case notices what, at least. */
const FAULTS: Readonly<Record<string, readonly [named: string, fault: Fault]>> = {
	"loses its first chunk": [
		"stores an object of one byte",
		({ put }) => ({
			put: (key, chunks, options) =>
				put(
					key,
					without(chunks, (index) => index === 0),
					options,
				),
		}),
	],
	"says that all was stored long ago": [
		"stores an object of no bytes",
		(store) => ({
			async head(key) {
				const info = await store.head(key);
				return info && { ...info, stored: new Date(0) };
			},
		}),
	],
	"keeps what came before the chunks failed": [
		"throws on what the chunks threw, and stores nothing",
		({ put }) => ({ put: (key, chunks, options) => put(key, untilError(chunks), options) }),
	],
	"throws another error than the chunks": [
		"throws on what the chunks threw, and stores nothing",
		({ put }) => ({
			put: (key, chunks, options) =>
				put(key, chunks, options).catch((cause: unknown) => {
					throw new Error("It failed.", { cause });
				}),
		}),
	],
	"does not heed the signal": [
		"stores nothing when the signal ends a put",
		({ put }) => ({ put: (key, chunks, { type }) => put(key, chunks, { type }) }),
	],
	"heeds the signal when a chunk comes": [
		"ends a put by its signal though no chunk comes",
		({ put }) => ({
			put: (key, chunks, { type, signal }) => {
				const heeding = after(async () => signal?.throwIfAborted(), chunks);
				return put(key, heeding, { type });
			},
		}),
	],
	"deletes the old object first": [
		"gives the old object whole until the new one is",
		({ put, delete: remove }) => ({
			put: (key, chunks, options) =>
				put(
					key,
					after(() => remove([key]), chunks),
					options,
				),
		}),
	],
	"shows an object before it is whole": [
		"shows nothing of an object before it is whole",
		({ put }) => ({
			put: (key, chunks, options) => {
				const showing = after(() => put(key, each(new Uint8Array(1)), options), chunks);
				return put(key, showing, options);
			},
		}),
	],
	"asks for two chunks at a time": [
		"asks for one chunk at a time",
		({ put }) => ({
			async put(key, chunks, options) {
				const source = chunks[Symbol.asyncIterator]();
				const taken: Uint8Array[] = [];
				for (let done = false; !done;) {
					for (const next of await Promise.all([source.next(), source.next()])) {
						if (next.done === true) done = true;
						else taken.push(next.value);
					}
				}
				await put(key, each(...taken), options);
			},
		}),
	],
	"deletes no more than 1 000": [
		"deletes more than 1 000 objects, also those that are not there",
		(store) => ({ delete: (keys) => store.delete(keys.slice(0, 1_000)) }),
	],
	"fails at what is deleted already": [
		"deletes objects",
		(store) => ({
			async delete(keys) {
				for (const key of keys) if (!(await store.head(key))) throw new Error("Not found.");
				await store.delete(keys);
			},
		}),
	],
	"tidies objects away": [
		"leaves what is stored when it tidies",
		(store) => ({
			async tidy() {
				const { objects } = await store.list({ limit: 1_000 });
				await store.delete(objects.map(({ key }) => key));
				return objects.length;
			},
		}),
	],
	"gives a part of one byte less": [
		"gives parts of a small object",
		(store) => ({
			get: (key, range) =>
				store.get(key, range && { ...range, length: Math.max(1, range.length - 1) }),
		}),
	],
	"gives the size of the part": [
		"gives parts of a large object",
		(store) => ({
			async get(key, range) {
				const content = await store.get(key, range);
				return content && range ? { ...content, size: range.length } : content;
			},
		}),
	],
	"throws at what is not there": [
		"gives undefined for what is not there, also a part of it",
		(store) => ({
			async head(key) {
				const info = await store.head(key);
				if (!info) throw new Error("Not found.");
				return info;
			},
		}),
	],
	"takes a key for another that begins like it": [
		"gives undefined for what is not there, also a part of it",
		(store) => ({
			async head(key) {
				const { objects } = await store.list({ prefix: key, limit: 1 });
				return objects[0];
			},
		}),
	],
	"gives any object at once": [
		"gives a large object as a stream, in chunks",
		withBody((bytes) => bytes),
	],
	"streams any object in one chunk": [
		"gives a large object as a stream, in chunks",
		withBody((bytes) => new Blob([bytes]).stream().pipeThrough(whole())),
	],
	"gives its own bytes away": ["keeps its bytes when a reader changes those that it got", sharing],
	"lists in the order of a language": [
		"lists all objects in the order of their keys",
		(store) => ({
			async list(options) {
				const { objects } = await store.list({ ...options, limit: 1_000 });
				const sorted = objects.toSorted((a, b) => collator.compare(a.key, b.key));
				return { objects: sorted.slice(0, options.limit), more: objects.length > options.limit };
			},
		}),
	],
	"says that more come after a full page": [
		"lists page by page, and says whether more come",
		(store) => ({
			async list(options) {
				const { objects } = await store.list(options);
				return { objects, more: objects.length === options.limit };
			},
		}),
	],
	"lists the key that it was to list after": [
		"lists page by page, and says whether more come",
		(store) => ({
			async list({ after: last, ...options }) {
				const { objects } = await store.list({ ...options, limit: 1_000 });
				const left = objects.filter(({ key }) => last === undefined || key >= last);
				return { objects: left.slice(0, options.limit), more: left.length > options.limit };
			},
		}),
	],
	"lists without looking how keys begin": [
		"lists by what keys begin with",
		(store) => ({ list: (options) => store.list({ ...options, prefix: "" }) }),
	],
	"signs for another type": [
		"answers at a URL, if it signs",
		() => ({ sign: async () => "data:text/plain,object" }),
	],
	"looks up any key": [
		"refuses hostile keys: head",
		(store) => ({ head: (key) => store.head(coded(key)) }),
	],
	"deletes what it may before it refuses": [
		"refuses hostile keys: delete",
		(store) => ({
			async delete(keys) {
				for (const key of keys) await store.delete([key]);
			},
		}),
	],
	"reads chunks before it refuses": [
		"refuses hostile keys: put",
		(store) => ({
			async put(key, chunks, options) {
				const taken: Uint8Array[] = [];
				for await (const chunk of chunks) taken.push(chunk);
				await store.put(key, each(...taken), options);
			},
		}),
	],
	"throws its own error at a hostile key": [
		"refuses hostile keys: get",
		(store) => ({
			async get(key, range) {
				if (HOSTILE_OBJECT_KEYS.includes(key)) throw new Error("No.");
				return store.get(key, range);
			},
		}),
	],
};

/** One chunk of all that comes. */
function whole(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
	const taken: Uint8Array<ArrayBuffer>[] = [];
	return new TransformStream({
		transform: (chunk) => void taken.push(chunk),
		async flush(controller) {
			controller.enqueue(new Uint8Array(await new Blob(taken).arrayBuffer()));
		},
	});
}

function sharing(store: StorageAdapter): Partial<StorageAdapter> {
	const known = new Map<string, Uint8Array<ArrayBuffer>>();
	return {
		async put(key, chunks, options) {
			known.delete(key);
			await store.put(key, chunks, options);
		},
		async get(key, range) {
			const content = await store.get(key);
			if (!content || content.size > 1_000) return store.get(key, range);
			const bytes = known.get(key) ?? (await readAll(content.body));
			known.set(key, bytes);
			const { offset, length } = range ?? { offset: 0, length: bytes.length };
			return { ...content, body: bytes.subarray(offset, offset + length) };
		},
	};
}

/** A store in memory, but for what it does wrong. */
function broken(fault: Fault): StorageAdapter {
	const store = memory();
	const sound: StorageAdapter = {
		name: "memory",
		put: (key, chunks, options) => store.put(key, chunks, options),
		get: (key, range) => store.get(key, range),
		head: (key) => store.head(key),
		delete: (keys) => store.delete(keys),
		list: (options) => store.list(options),
	};
	return { ...sound, ...fault(sound) };
}

describe("the suite of a store of objects", () => {
	it.each(Object.entries(FAULTS))("notices a store that %s", async (_, [named, fault]) => {
		const cases = storageConformance(() => ({ store: broken(fault) }), { timeout: 100 });
		const one = cases.find(({ name }) => name === named);
		await expect(one?.run()).rejects.toThrow(/^Expected |^Not found\.$/);
	});

	it("finds nothing wrong with the store that those are made of", async () => {
		for (const { run } of storageConformance(() => ({ store: broken(() => ({})) }))) await run();
	});

	it("closes a store after each case, passed or failed", async () => {
		const ended: string[] = [];
		const cases = storageConformance(() => ({
			store: broken(() => ({ head: async () => undefined })),
			stop: () => void ended.push("ended"),
		}));
		const results = await Promise.allSettled(cases.map(({ run }) => run()));
		expect(ended).toHaveLength(cases.length);
		expect(new Set(results.map(({ status }) => status)).size).toBe(2);
	});
});

describe("hostile keys", () => {
	it("are many, all different, and none is a key", () => {
		expect(new Set(HOSTILE_OBJECT_KEYS).size).toBe(HOSTILE_OBJECT_KEYS.length);
		expect(HOSTILE_OBJECT_KEYS.length).toBeGreaterThan(600);
		for (const key of HOSTILE_OBJECT_KEYS) {
			expect(() => checkObjectKey(key), JSON.stringify(key)).toThrow("not the key");
		}
	});
});

import { type Bytes, type StorageProbe } from "./storage-probe.ts";

const KEY = "0f3a9c51d2e84b7f96a0c1e2d3b4a5f6";
const OTHER = "7b1de0c4a5f6428f8d9cbb3f5a6e7d80";
const MEBIBYTE = 1024 * 1024;

type Check = (probe: StorageProbe) => Promise<void>;

/** What a store promises of put and delete. */
export const STORAGE_WRITES: readonly (readonly [name: string, check: Check])[] = [
	["stores an object of no bytes", (probe) => roundTrip(probe, 0)],
	["stores an object of one byte", (probe) => roundTrip(probe, 1)],
	["stores more than 1 MiB", (probe) => roundTrip(probe, MEBIBYTE + 1)],
	["stores more than 9 MiB in uneven chunks", storesLarge],
	[
		"stores one chunk of more than 5 MiB",
		(probe) => roundTrip(probe, 5 * MEBIBYTE + 3, 8 * MEBIBYTE),
	],
	["takes chunks of no bytes, and chunks that are views", takesOddChunks],
	["takes the longest key and the shortest", takesAnyKey],
	["asks for one chunk at a time", asksOneByOne],
	["shows nothing of an object before it is whole", showsNothingHalf],
	["replaces an object", replaces],
	["gives the old object whole until the new one is", keepsOldWhilePutting],
	["throws on what the chunks threw, and stores nothing", throwsOn],
	["keeps the old object when the chunks of a new one throw", keepsOldOnError],
	["stores nothing when the signal has ended a put before it began", neverBegins],
	["stores nothing when the signal ends a put", endsBySignal],
	["ends a put by its signal though no chunk comes", endsStalled],
	["stores different objects at the same time", storesAtOnce],
	["stores the same object at the same time: one of them, whole", storesSameAtOnce],
	["deletes objects", deletes],
	["deletes more than 1 000 objects, also those that are not there", deletesMany],
	["leaves what is stored when it tidies", tidies],
];

async function roundTrip(probe: StorageProbe, size: number, chunk = 65_536): Promise<void> {
	const bytes = probe.bytes(size);
	await probe.lacks(KEY);
	await probe.put(KEY, bytes, [chunk]);
	await probe.holds(KEY, bytes);
	await probe.lacks(OTHER);
}

async function storesLarge(probe: StorageProbe): Promise<void> {
	const bytes = probe.bytes(9 * MEBIBYTE + 12_345);
	await probe.put(KEY, bytes, [1, 70_001, 262_144, 3, 1_500_007]);
	await probe.holds(KEY, bytes);
}

async function takesOddChunks(probe: StorageProbe): Promise<void> {
	const bytes = probe.bytes(1_000);
	const views = [
		bytes.subarray(0, 0),
		bytes.subarray(0, 10),
		bytes.subarray(10, 10),
		bytes.subarray(10, 999),
		bytes.subarray(999),
		bytes.subarray(1_000),
	];
	await probe.putChunks(KEY, each(views));
	await probe.holds(KEY, bytes);
	await probe.putChunks(OTHER, each([new Uint8Array()]));
	await probe.holds(OTHER, new Uint8Array());
}

async function takesAnyKey(probe: StorageProbe): Promise<void> {
	const keys = ["0a0", "a-b", "a.b", `${KEY}.w320-cover-webp`, "0".repeat(200)];
	for (const [seed, key] of keys.entries()) await probe.put(key, probe.bytes(10, seed));
	for (const [seed, key] of keys.entries()) await probe.holds(key, probe.bytes(10, seed));
}

async function asksOneByOne(probe: StorageProbe): Promise<void> {
	const bytes = probe.bytes(50);
	let waiting = 0;
	let most = 0;
	let at = 0;
	const next = async (): Promise<IteratorResult<Bytes, undefined>> => {
		most = Math.max(most, ++waiting);
		await Promise.resolve();
		waiting--;
		const value = bytes.slice(at, ++at);
		return at > bytes.length ? { done: true, value: undefined } : { done: false, value };
	};
	await probe.putChunks(KEY, { [Symbol.asyncIterator]: () => ({ next }) });
	if (most !== 1) throw new Error(`Expected one chunk to be asked for at a time; ${most} were.`);
	await probe.holds(KEY, bytes);
}

async function showsNothingHalf(probe: StorageProbe): Promise<void> {
	const bytes = probe.bytes(MEBIBYTE);
	await probe.putChunks(
		KEY,
		between(bytes, () => probe.lacks(KEY)),
	);
	await probe.holds(KEY, bytes);
}

async function replaces(probe: StorageProbe): Promise<void> {
	for (const [seed, size] of [200_000, 10, 300_000, 0, 1].entries()) {
		await probe.put(KEY, probe.bytes(size, seed));
		await probe.holds(KEY, probe.bytes(size, seed));
	}
	await probe.lists({ limit: 10 }, { keys: [KEY], more: false });
}

async function keepsOldWhilePutting(probe: StorageProbe): Promise<void> {
	const [old, fresh] = [probe.bytes(300_000, 1), probe.bytes(400_000, 2)];
	await probe.put(KEY, old);
	await probe.putChunks(
		KEY,
		between(fresh, () => probe.holds(KEY, old)),
	);
	await probe.holds(KEY, fresh);
}

async function throwsOn(probe: StorageProbe): Promise<void> {
	for (const size of [0, 10, 6 * MEBIBYTE]) {
		const cause = new Error("The client is gone.");
		await rejectsWith(probe, cause, probe.putChunks(KEY, failing(probe.bytes(size), cause)));
		await probe.lacks(KEY);
	}
}

async function keepsOldOnError(probe: StorageProbe): Promise<void> {
	const old = probe.bytes(200_000, 1);
	await probe.put(KEY, old);
	const cause = new Error("The client is gone.");
	await rejectsWith(probe, cause, probe.putChunks(KEY, failing(probe.bytes(100_000), cause)));
	await probe.holds(KEY, old);
}

async function neverBegins(probe: StorageProbe): Promise<void> {
	const cause = new Error("Too late.");
	const put = probe.putChunks(KEY, each([probe.bytes(10)]), AbortSignal.abort(cause));
	await rejectsWith(probe, cause, put);
	await probe.lacks(KEY);
}

async function endsBySignal(probe: StorageProbe): Promise<void> {
	const old = probe.bytes(10, 1);
	await probe.put(OTHER, old);
	for (const key of [KEY, OTHER]) {
		const [controller, cause] = [new AbortController(), new Error("Too late.")];
		const chunks = between(probe.bytes(300_000), async () => controller.abort(cause));
		await rejectsWith(probe, cause, probe.putChunks(key, chunks, controller.signal));
	}
	await probe.lacks(KEY);
	await probe.holds(OTHER, old);
}

async function endsStalled(probe: StorageProbe): Promise<void> {
	const [controller, cause] = [new AbortController(), new Error("Too late.")];
	const stalls = async (): Promise<void> => {
		setTimeout(() => controller.abort(cause));
		await new Promise(() => {});
	};
	const put = probe.putChunks(KEY, between(probe.bytes(300_000), stalls), controller.signal);
	await rejectsWith(probe, cause, put);
	await probe.lacks(KEY);
}

async function storesAtOnce(probe: StorageProbe): Promise<void> {
	const keys = Array.from({ length: 12 }, (_, n) => `${n % 10}${KEY}.${n}`);
	await Promise.all(keys.map((key, seed) => probe.put(key, probe.bytes(100_000 + seed, seed))));
	for (const [seed, key] of keys.entries()) {
		await probe.holds(key, probe.bytes(100_000 + seed, seed));
	}
}

async function storesSameAtOnce(probe: StorageProbe): Promise<void> {
	const versions = Array.from({ length: 8 }, (_, seed) => probe.bytes(100_000 + seed, seed));
	await Promise.all(versions.map((bytes) => probe.put(KEY, bytes, [10_000])));
	const { length } = await probe.read(KEY);
	const stored = versions.find((bytes) => bytes.length === length);
	if (!stored) throw new Error(`Expected one of the objects that were put; ${length} bytes came.`);
	await probe.holds(KEY, stored);
}

async function deletes(probe: StorageProbe): Promise<void> {
	const bytes = probe.bytes(10);
	for (const key of [KEY, OTHER, `${KEY}.small`]) await probe.put(key, bytes);
	await probe.store.delete([]);
	await probe.store.delete([KEY, KEY]);
	await probe.lacks(KEY);
	await probe.store.delete([KEY]);
	await probe.lists({ limit: 10 }, { keys: [`${KEY}.small`, OTHER], more: false });
	await probe.put(KEY, bytes);
	await probe.holds(KEY, bytes);
}

async function deletesMany(probe: StorageProbe): Promise<void> {
	const keys = Array.from({ length: 1_002 }, (_, n) => `many-${n}`);
	const there = [0, 999, 1_000, 1_001].map((place) => `many-${place}`);
	for (const key of [...there, OTHER]) await probe.put(key, probe.bytes(1));
	await probe.store.delete(keys);
	await probe.lacks(...there);
	await probe.lists({ limit: 10 }, { keys: [OTHER], more: false });
}

async function tidies(probe: StorageProbe): Promise<void> {
	if (!probe.store.tidy) return;
	const bytes = probe.bytes(300_000);
	await probe.put(OTHER, bytes);
	const tidy = async (): Promise<void> => {
		await probe.store.tidy?.(new Date(0));
	};
	await probe.putChunks(KEY, between(bytes, tidy));
	const removed = await probe.store.tidy(new Date(Date.now() + 86_400_000));
	if (!Number.isInteger(removed))
		throw new Error(`Expected tidy to give a number, not ${removed}.`);
	for (const key of [KEY, OTHER]) await probe.holds(key, bytes);
}

async function rejectsWith(probe: StorageProbe, cause: Error, put: Promise<void>): Promise<void> {
	const expected = `put to reject with the error "${cause.message}"`;
	const error = await probe.rejects(() => probe.within(put, expected), expected);
	if (error === cause) return;
	throw new Error(`Expected ${expected} itself; it rejected with another.`, { cause: error });
}

async function* each(chunks: readonly Bytes[]): AsyncGenerator<Bytes> {
	yield* chunks;
}

/** Chunks, between two of which something happens. */
async function* between(bytes: Bytes, happens: () => Promise<void>): AsyncGenerator<Bytes> {
	const half = Math.floor(bytes.length / 2);
	yield bytes.slice(0, half);
	await happens();
	yield bytes.slice(half);
}

async function* failing(bytes: Bytes, cause: Error): AsyncGenerator<Bytes> {
	const part = Math.ceil(bytes.length / 4);
	for (let at = 0; at < bytes.length; at += part) yield bytes.slice(at, at + part);
	throw cause;
}

import type { ByteRange } from "../media/storage-adapter.ts";
import { readAll, type StorageProbe } from "./storage-probe.ts";

const KEY = "0f3a9c51d2e84b7f96a0c1e2d3b4a5f6";
const MEBIBYTE = 1024 * 1024;

type Check = (probe: StorageProbe) => Promise<void>;

/** What a store promises of get, head, list and sign. */
export const STORAGE_READS: readonly (readonly [name: string, check: Check])[] = [
	["gives parts of a small object", (probe) => givesParts(probe, 1_000)],
	["gives parts of a large object", (probe) => givesParts(probe, 2 * MEBIBYTE + 7)],
	["gives the only byte of an object as a part", (probe) => givesParts(probe, 1)],
	["gives undefined for what is not there, also a part of it", givesUndefined],
	["gives a large object as a stream, in chunks", streams],
	["lets a reader leave a stream", letsLeave],
	["gives a reader the old bytes to their end while they are replaced", keepsReader],
	["gives an object to many at the same time", givesToMany],
	["keeps its bytes when a reader changes those that it got", keepsBytes],
	["lists nothing where there is nothing", listsNothing],
	["lists all objects in the order of their keys", listsInOrder],
	["lists page by page, and says whether more come", listsPages],
	["lists by what keys begin with", listsPrefix],
	["answers at a URL, if it signs", signs],
];

async function givesParts(probe: StorageProbe, size: number): Promise<void> {
	const bytes = probe.bytes(size);
	await probe.put(KEY, bytes);
	const middle = Math.floor(size / 2);
	const ranges: readonly ByteRange[] = [
		{ offset: 0, length: 1 },
		{ offset: size - 1, length: 1 },
		{ offset: 0, length: size },
		{ offset: middle, length: size - middle },
		{ offset: middle, length: 1 },
		{ offset: 0, length: Math.max(1, middle) },
		{ offset: Math.floor(size / 3), length: Math.max(1, middle) },
		...(size > MEBIBYTE
			? [
					{ offset: 65_535, length: 65_538 },
					{ offset: 262_143, length: 2 },
				]
			: []),
	];
	for (const range of ranges) {
		const content = await probe.get(KEY, range);
		if (content.size !== size) {
			throw new Error(`Expected the size of the whole object, ${size}; given ${content.size}.`);
		}
		const part = bytes.subarray(range.offset, range.offset + range.length);
		probe.same(await readAll(content.body), part, `the part ${JSON.stringify(range)}`);
	}
}

async function givesUndefined(probe: StorageProbe): Promise<void> {
	await probe.put(KEY, probe.bytes(10));
	const others = [`${KEY}0`, KEY.slice(0, -1), `${KEY}.w320`, "0f3", "zzz"];
	await probe.lacks(...others);
	for (const other of others) {
		const part = await probe.store.get(other, { offset: 0, length: 1 });
		if (part !== undefined) throw new Error(`Expected no part of ${other}; get found one.`);
	}
}

async function streams(probe: StorageProbe): Promise<void> {
	const size = 9 * MEBIBYTE;
	await probe.put(KEY, probe.bytes(size));
	const { body } = await probe.get(KEY);
	if (body instanceof Uint8Array) throw new Error("Expected 9 MiB to stream; they came at once.");
	const reader = body.getReader();
	const { value } = await reader.read();
	await reader.cancel();
	const length = value?.length ?? 0;
	if (length === 0 || length >= size) {
		throw new Error(`Expected a first chunk that is a part of ${size} bytes; it has ${length}.`);
	}
	probe.same(value ?? new Uint8Array(), probe.bytes(length), "the first chunk");
}

async function letsLeave(probe: StorageProbe): Promise<void> {
	const bytes = probe.bytes(2 * MEBIBYTE);
	await probe.put(KEY, bytes);
	for (let turn = 0; turn < 20; turn++) {
		const { body } = await probe.get(KEY);
		if (body instanceof Uint8Array) continue;
		const reader = body.getReader();
		if (turn % 2 === 0) await reader.read();
		await probe.within(reader.cancel(), "a stream to end when it is cancelled");
	}
	await probe.holds(KEY, bytes);
	await probe.store.delete([KEY]);
	await probe.lacks(KEY);
}

async function keepsReader(probe: StorageProbe): Promise<void> {
	const [old, fresh] = [probe.bytes(4 * MEBIBYTE, 1), probe.bytes(3 * MEBIBYTE, 2)];
	await probe.put(KEY, old);
	const { body } = await probe.get(KEY);
	await probe.put(KEY, fresh);
	probe.same(await readAll(body), old, "the object that is replaced");
	await probe.holds(KEY, fresh);
}

async function givesToMany(probe: StorageProbe): Promise<void> {
	const bytes = probe.bytes(300_000);
	await probe.put(KEY, bytes);
	const readers = Array.from({ length: 20 }, () => probe.read(KEY));
	for (const given of await Promise.all(readers)) probe.same(given, bytes, "the object");
}

async function keepsBytes(probe: StorageProbe): Promise<void> {
	const bytes = probe.bytes(1_000);
	await probe.put(KEY, bytes);
	(await probe.read(KEY)).fill(0);
	(await probe.read(KEY, { offset: 10, length: 10 })).fill(0);
	await probe.holds(KEY, bytes);
}

/** In order. A store that compares by language, or by folder, has another one. */
const KEYS = [
	"0aa",
	"9-9",
	"a-1",
	"a-b-c",
	"a.1",
	"a0a",
	"aa-1",
	"aa.1",
	"aa0",
	"aaa",
	"aaa-1",
	"aaa.w320",
	"aaa0",
	"aab",
	"ab0",
	"zz9",
] as const;

async function listsNothing(probe: StorageProbe): Promise<void> {
	const nothing = { keys: [], more: false };
	await probe.lists({ limit: 1 }, nothing);
	await probe.lists({ prefix: "a", after: "aaa", limit: 1_000 }, nothing);
	await probe.put("aaa", probe.bytes(1));
	await probe.store.delete(["aaa"]);
	await probe.lists({ limit: 1_000 }, nothing);
}

async function listsInOrder(probe: StorageProbe): Promise<void> {
	await putKeys(probe);
	await probe.lists({ limit: 1_000 }, { keys: KEYS, more: false });
	const { objects } = await probe.store.list({ limit: 1_000 });
	for (const [place, { key, size, stored }] of objects.entries()) {
		const recent = stored instanceof Date && Math.abs(stored.getTime() - Date.now()) < 300_000;
		if (size === place + 1 && recent) continue;
		throw new Error(`Expected ${key} with ${place + 1} bytes, stored now; listed with ${size}.`);
	}
}

async function listsPages(probe: StorageProbe): Promise<void> {
	await putKeys(probe);
	for (let limit = 1; limit <= KEYS.length + 1; limit++) {
		let after: string | undefined;
		for (let place = 0; place < KEYS.length; place += limit) {
			const keys = KEYS.slice(place, place + limit);
			const more = place + limit < KEYS.length;
			await probe.lists({ limit, ...(after === undefined ? {} : { after }) }, { keys, more });
			after = keys.at(-1);
		}
	}
	for (const after of ["000", "a00", "aaa.w1", "zz8", "zz9", "zzz"]) {
		const keys = KEYS.filter((key) => key > after);
		await probe.lists({ after, limit: 1_000 }, { keys, more: false });
	}
}

async function listsPrefix(probe: StorageProbe): Promise<void> {
	await putKeys(probe);
	for (const prefix of ["0", "a", "a-", "aa", "aa.", "aaa", "aaa.", "zz9", "zz99", "b"]) {
		for (const after of [undefined, "000", "a-1", "aa.1", "aaa", "aaa-1", "zzz"]) {
			const begun = KEYS.filter((key) => key.startsWith(prefix));
			const keys = after === undefined ? begun : begun.filter((key) => key > after);
			const options = { prefix, ...(after === undefined ? {} : { after }) };
			await probe.lists({ ...options, limit: 1_000 }, { keys, more: false });
			await probe.lists(
				{ ...options, limit: 2 },
				{ keys: keys.slice(0, 2), more: keys.length > 2 },
			);
		}
	}
}

async function signs(probe: StorageProbe): Promise<void> {
	const { store } = probe;
	if (!store.sign) return;
	const bytes = probe.bytes(100_000);
	await probe.put(KEY, bytes);
	const [type, disposition] = ["image/png", 'attachment; filename="a.png"'];
	const response = await fetch(await store.sign(KEY, { expiresIn: 60, type, disposition }));
	if (!response.ok)
		throw new Error(`Expected a signed URL to answer; it did with ${response.status}.`);
	for (const [name, value] of Object.entries({
		"content-type": type,
		"content-disposition": disposition,
	})) {
		const given = response.headers.get(name);
		if (given !== value) throw new Error(`Expected ${name}: ${value}; given ${given}.`);
	}
	probe.same(new Uint8Array(await response.arrayBuffer()), bytes, "a signed URL");
}

/** The first with one byte, the second with two, and so on; stored in another order. */
async function putKeys(probe: StorageProbe): Promise<void> {
	for (const [place, key] of [...KEYS.entries()].reverse()) {
		await probe.put(key, probe.bytes(place + 1));
	}
}

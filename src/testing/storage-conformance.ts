import type { Maybe } from "../kernel/maybe.ts";
import type { StorageAdapter } from "../media/storage-adapter.ts";
import type { ConformanceCase } from "./adapter-conformance.ts";
import { HOSTILE_OBJECT_KEYS } from "./hostile-object-keys.ts";
import { StorageProbe } from "./storage-probe.ts";
import { STORAGE_READS } from "./storage-reads.ts";
import { STORAGE_WRITES } from "./storage-writes.ts";

/** A store under test. */
export interface StorageUnderTest {
	/** Holds nothing yet: a new folder, or a prefix of its own. */
	readonly store: StorageAdapter;
	/** Called when a case is over, passed or failed. */
	stop?(): Maybe<void>;
}

/** How {@link storageConformance} waits. */
export interface StorageConformanceOptions {
	/** Milliseconds to wait for a put to end when its signal says so, and a stream. Default 5 000. */
	readonly timeout?: number;
}

/**
 * What a {@link StorageAdapter} promises, as a list of cases.
 *
 * A case puts up to 10 MiB, and a few make some hundred calls; give those that reach a store over a
 * network a minute.
 *
 * @param open Called for each case: an empty store.
 * @example
 * ```ts
 * for (const { name, run } of storageConformance(() => ({ store: memory() }))) it(name, run);
 * ```
 */
export function storageConformance(
	open: () => Maybe<StorageUnderTest>,
	{ timeout = 5_000 }: StorageConformanceOptions = {},
): readonly ConformanceCase[] {
	return [...STORAGE_WRITES, ...STORAGE_READS, ...REFUSALS].map(([name, check]) => ({
		name,
		async run() {
			const opened = await open();
			try {
				await check(new StorageProbe(opened.store, timeout));
			} finally {
				await opened.stop?.();
			}
		},
	}));
}

const SENTINEL = "sentinel";

/** Calls of every method that takes a key. `touched` is told when a put begins to read. */
const CALLS: Readonly<
	Record<string, (store: StorageAdapter, key: string, touched: () => void) => Maybe<unknown>>
> = {
	put: (store, key, touched) => store.put(key, telling(touched), { type: "text/plain" }),
	get: (store, key) => store.get(key),
	"get of a part": (store, key) => store.get(key, { offset: 0, length: 1 }),
	head: (store, key) => store.head(key),
	delete: (store, key) => store.delete([SENTINEL, key]),
	"list after it": (store, key) => store.list({ after: key, limit: 10 }),
	sign: (store, key) => {
		return store.sign?.(key, { expiresIn: 60, type: "text/plain", disposition: "inline" });
	},
};

const REFUSALS: readonly (readonly [string, (probe: StorageProbe) => Promise<void>])[] = [
	...Object.keys(CALLS).map(
		(method) =>
			[`refuses hostile keys: ${method}`, (probe: StorageProbe) => refuses(probe, method)] as const,
	),
	["lists nothing else for what no key begins with", listsNoOther],
];

async function refuses(probe: StorageProbe, method: string): Promise<void> {
	const call = CALLS[method];
	const { store } = probe;
	if (!call || (method === "sign" && !store.sign)) return;
	const bytes = probe.bytes(10);
	await probe.put(SENTINEL, bytes);
	for (const key of HOSTILE_OBJECT_KEYS) {
		const shown = JSON.stringify(key.length > 80 ? `${key.slice(0, 80)}…` : key);
		const touched = (): void => {
			throw new Error(`Expected ${shown} to be refused before a chunk is read.`);
		};
		const expected = `${method} to refuse ${shown} with the code bad_object_key`;
		const error = await probe.rejects(async () => call(store, key, touched), expected);
		const code = error instanceof Error && "code" in error ? error.code : undefined;
		if (code === "bad_object_key") continue;
		throw new Error(`Expected ${expected}; it failed otherwise.`, { cause: error });
	}
	await probe.holds(SENTINEL, bytes);
	await probe.lists({ limit: 10 }, { keys: [SENTINEL], more: false });
}

/** A prefix need not be a key; what is no beginning of one is refused, or has no objects. */
async function listsNoOther(probe: StorageProbe): Promise<void> {
	await probe.put(SENTINEL, probe.bytes(10));
	for (const prefix of HOSTILE_OBJECT_KEYS) {
		if (SENTINEL.startsWith(prefix)) continue;
		try {
			await probe.lists({ prefix, limit: 10 }, { keys: [], more: false });
		} catch (error) {
			if (error instanceof Error && "code" in error && error.code === "bad_object_key") continue;
			throw error;
		}
	}
	await probe.lists({ limit: 10 }, { keys: [SENTINEL], more: false });
}

async function* telling(touched: () => void): AsyncGenerator<Uint8Array> {
	touched();
	yield new Uint8Array(1);
}

/**
 * A cache that holds at most twice its size, dropping what was not asked for lately. Two
 * generations instead of a linked list: a hit in the young one costs a single look-up.
 */
export class BoundedCache<K, V> {
	readonly #size: number;
	#young = new Map<K, V>();
	#old = new Map<K, V>();

	/** @param size Entries of one generation. */
	constructor(size: number) {
		this.#size = size;
	}

	/** The value of this key, made and kept when it is not there. */
	getOrMake(key: K, make: (key: K) => V): V {
		const hit = this.#young.get(key);
		if (hit !== undefined) return hit;
		const value = this.#old.get(key) ?? make(key);
		if (this.#young.size >= this.#size) {
			this.#old = this.#young;
			this.#young = new Map();
		}
		this.#young.set(key, value);
		return value;
	}

	/** How many entries are held. */
	get size(): number {
		return this.#young.size + this.#old.size;
	}

	/** Drops everything. */
	clear(): void {
		this.#young.clear();
		this.#old.clear();
	}
}

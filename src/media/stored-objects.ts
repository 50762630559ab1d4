import type { BatchStatement } from "../data/write/write-batch.ts";
import type { Logger } from "../kernel/logger.ts";
import { newObjectKey, stemOf } from "./object-key.ts";
import type { StorageAdapter } from "./storage-adapter.ts";

/** The most objects that a store names at once. */
const PAGE = 1000;

/** An object that an upload under way has stored. */
interface PendingObject {
	/** Whether its row is being written. */
	taken: boolean;
	readonly guards: BatchStatement[];
}

/** The objects of uploads that are under way here, and the end of those that nobody needs. */
export class StoredObjects {
	readonly #store: StorageAdapter;
	readonly #logger: Logger;
	readonly #pending = new Map<string, PendingObject>();

	constructor(store: StorageAdapter, logger: Logger) {
		this.#store = store;
		this.#logger = logger;
	}

	/** A key for a new object, which is pending until `call` is done. */
	async pending<T>(call: (object: string) => Promise<T>): Promise<T> {
		const object = newObjectKey();
		this.#pending.set(object, { taken: false, guards: [] });
		try {
			return await call(object);
		} finally {
			this.#pending.delete(object);
		}
	}

	/**
	 * Whether an upload that is under way has stored it, for the one row that is made of it: whoever sees
	 * that row makes no other of it, and does not change it.
	 */
	take(object: unknown): boolean {
		const pending = this.#pending.get(object as string);
		if (!pending || pending.taken) return false;
		pending.taken = true;
		return true;
	}

	/** Has the row of a pending object stored only if this statement, within the same batch, lets it be. */
	guard(object: string, statement: BatchStatement): void {
		this.#pending.get(object)?.guards.push(statement);
	}

	/** What has to hold where the row of an object is stored. */
	guardsOf(object: unknown): readonly BatchStatement[] {
		return this.#pending.get(object as string)?.guards ?? [];
	}

	/**
	 * Removes an object, and the images that were made of it. When the store fails that is logged: the
	 * sweep will find them. What is no object of a file is left alone: rows that code has made up may
	 * name anything, or what all keys begin with.
	 */
	async remove(object: string): Promise<void> {
		if (stemOf(object) !== object) return;
		try {
			let after: string | undefined;
			do {
				const page = await this.#store.list({
					prefix: object,
					limit: PAGE,
					...(after === undefined ? {} : { after }),
				});
				await this.#store.delete(page.objects.map(({ key }) => key));
				after = page.more ? page.objects.at(-1)?.key : undefined;
			} while (after !== undefined);
		} catch (error) {
			this.#logger.warn("An object could not be removed; the sweep will try again.", {
				object,
				error,
			});
		}
	}
}

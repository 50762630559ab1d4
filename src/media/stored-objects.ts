import type { Logger } from "../kernel/logger.ts";
import { newObjectKey } from "./object-key.ts";
import type { StorageAdapter } from "./storage-adapter.ts";

/** The most objects that a store names at once. */
const PAGE = 1000;

/** The objects of uploads that are under way here, and the end of those that nobody needs. */
export class StoredObjects {
	readonly #store: StorageAdapter;
	readonly #logger: Logger;
	readonly #pending = new Set<string>();

	constructor(store: StorageAdapter, logger: Logger) {
		this.#store = store;
		this.#logger = logger;
	}

	/** A key for a new object, which is pending until `call` is done. */
	async pending<T>(call: (object: string) => Promise<T>): Promise<T> {
		const object = newObjectKey();
		this.#pending.add(object);
		try {
			return await call(object);
		} finally {
			this.#pending.delete(object);
		}
	}

	/** Whether an upload that is under way has stored it. */
	isPending(object: unknown): boolean {
		return this.#pending.has(object as string);
	}

	/**
	 * Removes an object, and the images that were made of it. When the store fails that is logged: the
	 * sweep will find them.
	 */
	async remove(object: string): Promise<void> {
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

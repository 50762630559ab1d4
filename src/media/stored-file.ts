import { askStore } from "./ask-store.ts";
import { mediaErrors } from "./errors.ts";
import type { EventFile } from "./media-events.ts";
import type { StorageAdapter } from "./storage-adapter.ts";

/** The bytes of an object, for listeners. */
export class StoredFile implements EventFile {
	readonly size: number;
	readonly head: Uint8Array;
	readonly #store: StorageAdapter;
	readonly #key: string;

	constructor(
		store: StorageAdapter,
		{
			key,
			size,
			head,
		}: {
			readonly key: string;
			readonly size: number;
			readonly head: Uint8Array;
		},
	) {
		this.#store = store;
		this.#key = key;
		this.size = size;
		this.head = head;
	}

	async stream(): Promise<ReadableStream<Uint8Array>> {
		const { body } = await this.#content();
		return body instanceof Uint8Array ? new Blob([body]).stream() : body;
	}

	async bytes(): Promise<Uint8Array> {
		const { body } = await this.#content();
		return body instanceof Uint8Array ? body : new Response(body).bytes();
	}

	/** Copies of events leave the bytes out. */
	toJSON(): undefined {
		return undefined;
	}

	async #content() {
		const content = await askStore(() => this.#store.get(this.#key));
		if (!content) throw mediaErrors.create("storage_unavailable", {});
		return content;
	}
}

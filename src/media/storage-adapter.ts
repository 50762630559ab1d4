/** A part of an object: `length` bytes from `offset` on. */
export interface ByteRange {
	/** Bytes before the part; less than the size of the object. */
	readonly offset: number;
	/** Bytes; at least one, and no more than there are. */
	readonly length: number;
}

/** What a store knows about an object. */
export interface ObjectInfo {
	readonly key: string;
	/** Bytes of the whole object. */
	readonly size: number;
	/** When the object was last put. */
	readonly stored: Date;
}

/** An object that is read. */
export interface ObjectContent extends ObjectInfo {
	/**
	 * The bytes of the range, or of all of the object. A stream is pulled: nothing is read ahead of who
	 * reads it, and cancelling it lets go of whatever is open. A small object may come as it is.
	 */
	readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer>;
}

/** What is known about an object before it is put. */
export interface PutOptions {
	/** Its media type, for stores that keep one. */
	readonly type: string;
	/** Ends the put, which throws its reason, also while it waits for a chunk; then nothing is stored. */
	readonly signal?: AbortSignal | undefined;
}

/** Which objects a list names. */
export interface ListOptions {
	/** Only keys that begin like this; it need not be a key. */
	readonly prefix?: string;
	/** Only keys that come after this one, which need not be there. */
	readonly after?: string;
	/** The most objects of one answer: 1 to 1 000. */
	readonly limit: number;
}

/** One page of a list. */
export interface ObjectPage {
	/** By key, in the order of their characters' codes. */
	readonly objects: readonly ObjectInfo[];
	/** Whether more come after the last of these. */
	readonly more: boolean;
}

/** What a link that the store itself answers says of the object. */
export interface SignOptions {
	/** Seconds from now until it ends. */
	readonly expiresIn: number;
	/** The media type that the store answers with. */
	readonly type: string;
	/** The `Content-Disposition` that the store answers with. */
	readonly disposition: string;
}

/**
 * Keeps objects: bytes under a key. It is the port below {@link MediaLibrary}; `storageConformance`
 * of `burdock/testing` says what every adapter has to do.
 *
 * Keys are those of `object-key.ts`: lower-case letters, digits, `-` and single dots, so that none
 * can mean a path, a folder, or another key in other letters. Every method refuses any other key
 * (`bad_object_key`) before it does anything. All bytes stream: no method holds more than a bounded
 * part of an object.
 *
 * A store that fails throws what it likes; the library makes `storage_unavailable` of it.
 */
export interface StorageAdapter {
	/** For people: `"files"`, `"r2"`, `"s3"`, `"memory"`. */
	readonly name: string;
	/**
	 * Stores an object whole or not at all, in the place of one that may be there: readers see the old
	 * bytes or the new ones. When `chunks` throws, that is thrown on, and nothing is stored.
	 *
	 * @param chunks Read one after the other, each when the last one has been taken. One that was given
	 * belongs to the store: don't write into it again.
	 */
	put(key: string, chunks: AsyncIterable<Uint8Array>, options: PutOptions): Promise<void>;
	/** The object, or a part of it; undefined when there is none. */
	get(key: string, range?: ByteRange): Promise<ObjectContent | undefined>;
	/** What is known of the object; undefined when there is none. */
	head(key: string): Promise<ObjectInfo | undefined>;
	/** Deletes objects, any number; those that are not there are deleted already. */
	delete(keys: readonly string[]): Promise<void>;
	/** Objects by key, page by page. */
	list(options: ListOptions): Promise<ObjectPage>;
	/** A URL at which the store itself answers with the object for a while, where it can. */
	sign?(key: string, options: SignOptions): Promise<string>;
	/**
	 * Removes what puts that ended halfway before this time have left, where that can be.
	 * @returns How many were removed.
	 */
	tidy?(before: Date): Promise<number>;
}

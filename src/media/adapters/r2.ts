import { putInParts, type PartsTarget, type PartsUpload } from "../put-in-parts.ts";
import type {
	ByteRange,
	ListOptions,
	ObjectContent,
	ObjectInfo,
	ObjectPage,
	PutOptions,
	StorageAdapter,
} from "../storage-adapter.ts";
import { KeyPrefix } from "./key-prefix.ts";

/** What of an object in R2 this adapter reads. */
export interface R2Info {
	readonly key: string;
	readonly size: number;
	readonly uploaded: Date;
}

/** A part that R2 has. */
export interface R2Uploaded {
	partNumber: number;
	etag: string;
}

/** What of a multipart upload to R2 this adapter uses. */
export interface R2Upload {
	uploadPart(partNumber: number, value: Uint8Array<ArrayBuffer>): Promise<R2Uploaded>;
	complete(parts: R2Uploaded[]): Promise<unknown>;
	abort(): Promise<void>;
}

/** What an object in R2 is put with. */
export interface R2PutSettings {
	readonly httpMetadata: { readonly contentType: string };
}

/** What of an R2 binding this adapter uses. */
export interface R2Binding {
	head(key: string): Promise<R2Info | null>;
	get(
		key: string,
		options?: { range?: { offset: number; length: number } },
	): Promise<(R2Info & { readonly body: unknown }) | null>;
	put(key: string, value: Uint8Array<ArrayBuffer>, options: R2PutSettings): Promise<unknown>;
	createMultipartUpload(key: string, options: R2PutSettings): Promise<R2Upload>;
	delete(keys: string[]): Promise<void>;
	list(options: { prefix: string; limit: number; startAfter?: string; cursor?: string }): Promise<{
		readonly objects: readonly R2Info[];
		readonly truncated: boolean;
		readonly cursor?: string;
	}>;
}

/** Where in the bucket the objects are. */
export interface R2Options {
	/**
	 * What the keys in the bucket begin with: empty, or names that each end in `/`. Default: empty. With
	 * prefixes of their own, several stores share a bucket, and others may keep what they like there.
	 */
	readonly prefix?: string;
}

/** The most keys that R2 deletes, and the most objects that it lists, at once. */
const BATCH = 1000;

/**
 * Keeps objects in a Cloudflare R2 bucket, through the binding of a Worker.
 *
 * Objects of up to 8 MiB are put at once, larger ones as multipart uploads. One that ended halfway
 * because the Worker did is removed by R2 itself, after 7 days unless the bucket says otherwise: a
 * binding cannot list them, so there is no `tidy`. It cannot sign links either; with the S3 API of R2
 * `s3` does both.
 *
 * @param bucket Is asked for at each call, because a binding belongs to a request.
 * @throws TypeError when the prefix is none.
 * @example
 * ```ts
 * const storage = r2(() => env.BUCKET, { prefix: "media/" });
 * ```
 */
export function r2(bucket: () => R2Binding, { prefix = "" }: R2Options = {}): StorageAdapter {
	return new R2Store(bucket, new KeyPrefix(prefix));
}

class R2Store implements StorageAdapter {
	readonly name = "r2";
	readonly #bucket: () => R2Binding;
	readonly #prefix: KeyPrefix;

	constructor(bucket: () => R2Binding, prefix: KeyPrefix) {
		this.#bucket = bucket;
		this.#prefix = prefix;
	}

	async put(
		key: string,
		chunks: AsyncIterable<Uint8Array>,
		{ type, signal }: PutOptions,
	): Promise<void> {
		const place = this.#prefix.add(key);
		const target = new R2Target(this.#bucket(), place, type);
		await putInParts(chunks, target, signal);
	}

	async get(key: string, range?: ByteRange): Promise<ObjectContent | undefined> {
		const place = this.#prefix.add(key);
		const { offset, length } = range ?? {};
		const found = await this.#bucket().get(
			place,
			offset === undefined || length === undefined ? {} : { range: { offset, length } },
		);
		if (found === null) return undefined;
		return {
			...infoOf(key, found),
			body: found.body as Exclude<ObjectContent["body"], Uint8Array>,
		};
	}

	async head(key: string): Promise<ObjectInfo | undefined> {
		const found = await this.#bucket().head(this.#prefix.add(key));
		return found === null ? undefined : infoOf(key, found);
	}

	async delete(keys: readonly string[]): Promise<void> {
		const places = keys.map((key) => this.#prefix.add(key));
		const bucket = this.#bucket();
		for (let from = 0; from < places.length; from += BATCH) {
			await bucket.delete(places.slice(from, from + BATCH));
		}
	}

	async list({ prefix = "", after, limit }: ListOptions): Promise<ObjectPage> {
		const startAfter = after === undefined ? {} : { startAfter: this.#prefix.add(after) };
		const start = this.#prefix.addStart(prefix);
		if (start === undefined) return { objects: [], more: false };
		const bucket = this.#bucket();
		const objects: ObjectInfo[] = [];
		let next: { cursor?: string; startAfter?: string } | undefined = startAfter;
		// R2 may answer with fewer than it is asked for, and among them may be what is not the store's.
		while (next !== undefined && objects.length < limit) {
			const answer = await bucket.list({
				prefix: start,
				limit: Math.min(BATCH, limit - objects.length),
				...next,
			});
			for (const found of answer.objects) {
				const key = this.#prefix.remove(found.key);
				if (key !== undefined) objects.push(infoOf(key, found));
			}
			next = answer.truncated && answer.cursor ? { cursor: answer.cursor } : undefined;
		}
		return { objects, more: next !== undefined };
	}
}

function infoOf(key: string, { size, uploaded }: R2Info): ObjectInfo {
	return { key, size, stored: uploaded };
}

class R2Target implements PartsTarget {
	readonly #bucket: R2Binding;
	readonly #place: string;
	readonly #settings: R2PutSettings;

	constructor(bucket: R2Binding, place: string, contentType: string) {
		this.#bucket = bucket;
		this.#place = place;
		this.#settings = { httpMetadata: { contentType } };
	}

	async putWhole(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
		await this.#bucket.put(this.#place, bytes, this.#settings);
	}

	async begin(): Promise<PartsUpload> {
		return new R2Parts(await this.#bucket.createMultipartUpload(this.#place, this.#settings));
	}
}

class R2Parts implements PartsUpload {
	readonly #upload: R2Upload;
	readonly #parts: R2Uploaded[] = [];

	constructor(upload: R2Upload) {
		this.#upload = upload;
	}

	async putPart(number: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
		this.#parts.push(await this.#upload.uploadPart(number, bytes));
	}

	async complete(): Promise<void> {
		await this.#upload.complete(this.#parts);
	}

	abort(): Promise<void> {
		return this.#upload.abort();
	}
}

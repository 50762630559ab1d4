import { putInParts } from "../put-in-parts.ts";
import type {
	ByteRange,
	ListOptions,
	ObjectContent,
	ObjectInfo,
	ObjectPage,
	PutOptions,
	SignOptions,
	StorageAdapter,
} from "../storage-adapter.ts";
import { KeyPrefix } from "./key-prefix.ts";
import { S3Bucket, type S3Client } from "./s3-bucket.ts";
import { S3Error } from "./s3-error.ts";
import { readObjectPage, readUploadPage, type S3Uploading } from "./s3-pages.ts";
import { abortUpload, S3Target } from "./s3-target.ts";

/** Where the objects are, and who may ask for them. */
export interface S3Options {
	/** An `AwsClient` of aws4fetch, with the keys and, where the URL does not say it, the region. */
	readonly client: S3Client;
	/** `https://s3.eu-central-1.amazonaws.com`, `https://<account>.r2.cloudflarestorage.com`, … */
	readonly endpoint: string;
	readonly bucket: string;
	/**
	 * What the keys in the bucket begin with: empty, or names that each end in `/`. Default: empty. With
	 * prefixes of their own, several stores share a bucket, and others may keep what they like there.
	 */
	readonly prefix?: string;
	/**
	 * Whether the bucket stands in the path of a URL or before the host of the endpoint, which a few
	 * servers want. Default: `"path"`.
	 */
	readonly addressing?: "path" | "host";
}

/** Requests that delete at the same time: as many connections as a Worker may have. */
const DELETES_AT_ONCE = 6;
const MAX_PAGE = 1000;
/** Seconds of a week, the most that S3 signs for. */
const MAX_SECONDS = 7 * 24 * 60 * 60;

/**
 * Keeps objects in a bucket of S3, or of a server that speaks its language. On Node and on Workers.
 *
 * Objects of up to 8 MiB are put at once, larger ones as multipart uploads; `tidy` aborts those that
 * ended halfway. MinIO lists no uploads by prefix: give it a rule that removes incomplete ones. Buckets
 * that do not list in the order of keys (S3 Express) are no use.
 *
 * Every object that is deleted is a request of its own, and a Worker may make only so many: there, `r2`
 * is the better choice for a bucket of R2.
 *
 * The client repeats what a server answers with 429 or 5xx, 10 times unless its `retries` say otherwise.
 *
 * @throws TypeError when endpoint, bucket or prefix are none.
 * @example
 * ```ts
 * const client = new AwsClient({ accessKeyId, secretAccessKey, region: "eu-central-1", retries: 3 });
 * const endpoint = "https://s3.eu-central-1.amazonaws.com";
 * const storage = s3({ client, endpoint, bucket: "files", prefix: "media/" });
 * ```
 */
export function s3({ prefix = "", addressing = "path", ...location }: S3Options): StorageAdapter {
	return new S3Store(new S3Bucket({ ...location, addressing }), new KeyPrefix(prefix));
}

const RESPONSE = Symbol("response");

class S3Store implements StorageAdapter {
	readonly name = "s3";
	readonly #bucket: S3Bucket;
	readonly #prefix: KeyPrefix;

	constructor(bucket: S3Bucket, prefix: KeyPrefix) {
		this.#bucket = bucket;
		this.#prefix = prefix;
	}

	async put(
		key: string,
		chunks: AsyncIterable<Uint8Array>,
		{ type, signal }: PutOptions,
	): Promise<void> {
		const target = new S3Target(this.#bucket, { key: this.#prefix.add(key), type, signal });
		await putInParts(chunks, target, signal);
	}

	async get(key: string, range?: ByteRange): Promise<ObjectContent | undefined> {
		const place = this.#prefix.add(key);
		const last = range && range.offset + range.length - 1;
		const headers = range && { range: `bytes=${range.offset}-${last}` };
		const response = await unlessAbsent(
			this.#bucket.request("GetObject", { method: "GET", key: place, ...(headers && { headers }) }),
		);
		if (response === undefined) return undefined;
		const { status, body } = response;
		const info = infoOf(key, response);
		if (info === undefined || status !== (range ? 206 : 200)) {
			await body?.cancel();
			throw new S3Error("GetObject", status);
		}
		return { ...info, body: bodyOf(response) };
	}

	async head(key: string): Promise<ObjectInfo | undefined> {
		const place = this.#prefix.add(key);
		const response = await unlessAbsent(
			this.#bucket.request("HeadObject", { method: "HEAD", key: place }),
		);
		if (response === undefined) return undefined;
		await response.body?.cancel();
		const info = infoOf(key, response);
		if (info === undefined) throw new S3Error("HeadObject", response.status);
		return info;
	}

	/** One by one: for many at once S3 wants an MD5 of them, which WebCrypto cannot make. */
	async delete(keys: readonly string[]): Promise<void> {
		const queue = [...new Set(keys)].map((key) => this.#prefix.add(key));
		const workers = Array.from({ length: DELETES_AT_ONCE }, () => this.#deleteFrom(queue));
		const failed = (await Promise.allSettled(workers)).find(({ status }) => status === "rejected");
		if (failed?.status === "rejected") throw failed.reason;
	}

	async list({ prefix = "", after, limit }: ListOptions): Promise<ObjectPage> {
		const startAfter = after === undefined ? {} : { "start-after": this.#prefix.add(after) };
		const start = this.#prefix.addStart(prefix);
		if (start === undefined) return { objects: [], more: false };
		const objects: ObjectInfo[] = [];
		let next: Readonly<Record<string, string>> | undefined = startAfter;
		// S3 may answer with fewer than it is asked for, and among them may be what is not the store's.
		while (next !== undefined && objects.length < limit) {
			const answer = await this.#bucket.ask("ListObjectsV2", "ListBucketResult", {
				method: "GET",
				query: {
					"list-type": "2",
					"encoding-type": "url",
					"max-keys": String(Math.min(MAX_PAGE, limit - objects.length)),
					prefix: start,
					...next,
				},
			});
			const page = readObjectPage(answer, this.#prefix);
			objects.push(...page.objects);
			next = page.next;
		}
		return { objects, more: next !== undefined };
	}

	async sign(key: string, { expiresIn, type, disposition }: SignOptions): Promise<string> {
		const seconds = Math.min(MAX_SECONDS, Math.max(1, Math.floor(expiresIn)));
		return this.#bucket.sign({
			method: "GET",
			key: this.#prefix.add(key),
			query: {
				"X-Amz-Expires": String(seconds),
				"response-content-type": type,
				"response-content-disposition": disposition,
			},
		});
	}

	async tidy(before: Date): Promise<number> {
		let removed = 0;
		let next: Readonly<Record<string, string>> | undefined = {};
		while (next !== undefined) {
			const answer = await this.#bucket.ask("ListMultipartUploads", "ListMultipartUploadsResult", {
				method: "GET",
				query: { uploads: "", "encoding-type": "url", prefix: this.#prefix.text, ...next },
			});
			const page = readUploadPage(answer, this.#prefix);
			for (const upload of page.uploads) {
				if (upload.initiated < before && (await this.#abort(upload))) removed++;
			}
			next = page.next;
		}
		return removed;
	}

	/** Whether the upload was still there. */
	async #abort({ place, uploadId }: S3Uploading): Promise<boolean> {
		const aborted = abortUpload(this.#bucket, place, uploadId).then(() => true);
		return (await unlessAbsent(aborted)) === true;
	}

	async #deleteFrom(queue: string[]): Promise<void> {
		try {
			for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
				await unlessAbsent(this.#bucket.send("DeleteObject", { method: "DELETE", key }));
			}
		} catch (error) {
			queue.length = 0;
			throw error;
		}
	}
}

/** What is answered; undefined where there is no such object or upload. A missing bucket is an error. */
async function unlessAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
	try {
		return await answer;
	} catch (error) {
		const absent = error instanceof S3Error && error.status === 404;
		if (absent && error.code !== "NoSuchBucket") return undefined;
		throw error;
	}
}

/**
 * The body, which holds on to its response: Node cancels the stream of one that was collected, also
 * when somebody has the stream. A stream around it would do as well, but be slow on Workers.
 */
function bodyOf(response: Response): ObjectContent["body"] {
	const body = response.body as Exclude<ObjectContent["body"], Uint8Array> | null;
	return body === null ? new Uint8Array() : Object.assign(body, { [RESPONSE]: response });
}

function infoOf(key: string, { headers }: Response): ObjectInfo | undefined {
	const [, total] = /^bytes \d+-\d+\/(\d+)$/.exec(headers.get("content-range") ?? "") ?? [];
	const size = Number.parseInt(total ?? headers.get("content-length") ?? "", 10);
	const stored = new Date(headers.get("last-modified") ?? "");
	if (Number.isNaN(size) || Number.isNaN(stored.getTime())) return undefined;
	return { key, size, stored };
}

import type { PartsTarget, PartsUpload } from "../put-in-parts.ts";
import type { S3Bucket } from "./s3-bucket.ts";
import { S3Error } from "./s3-error.ts";

/** What an object is put with. */
export interface S3Put {
	/** Its key in the bucket. */
	readonly key: string;
	readonly type: string;
	readonly signal: AbortSignal | undefined;
}

/** A place for an object in an S3 bucket. */
export class S3Target implements PartsTarget {
	readonly #bucket: S3Bucket;
	readonly #put: S3Put;

	constructor(bucket: S3Bucket, put: S3Put) {
		this.#bucket = bucket;
		this.#put = put;
	}

	async putWhole(body: Uint8Array<ArrayBuffer>): Promise<void> {
		const { key, type, signal } = this.#put;
		const headers = { "content-type": type };
		await this.#bucket.send("PutObject", { method: "PUT", key, headers, body, signal });
	}

	async begin(): Promise<PartsUpload> {
		const operation = "CreateMultipartUpload";
		const { key, type } = this.#put;
		// Without the signal: an upload whose id never arrived could not be aborted.
		const answer = await this.#bucket.ask(operation, "InitiateMultipartUploadResult", {
			method: "POST",
			key,
			query: { uploads: "" },
			headers: { "content-type": type },
		});
		const uploadId = answer.text("UploadId");
		if (!uploadId) throw new S3Error(operation, 200);
		return new S3Upload(this.#bucket, this.#put, uploadId);
	}
}

class S3Upload implements PartsUpload {
	readonly #bucket: S3Bucket;
	readonly #put: S3Put;
	readonly #uploadId: string;
	readonly #etags: string[] = [];

	constructor(bucket: S3Bucket, put: S3Put, uploadId: string) {
		this.#bucket = bucket;
		this.#put = put;
		this.#uploadId = uploadId;
	}

	async putPart(number: number, body: Uint8Array<ArrayBuffer>): Promise<void> {
		const { key, signal } = this.#put;
		const query = { partNumber: String(number), uploadId: this.#uploadId };
		const response = await this.#bucket.request("UploadPart", {
			method: "PUT",
			key,
			query,
			body,
			signal,
		});
		await response.body?.cancel();
		const etag = response.headers.get("etag");
		if (!etag) throw new S3Error("UploadPart", response.status);
		this.#etags.push(etag);
	}

	async complete(): Promise<void> {
		const parts = this.#etags.map(
			(etag, place) =>
				`<Part><PartNumber>${place + 1}</PartNumber><ETag>${escaped(etag)}</ETag></Part>`,
		);
		const { key, signal } = this.#put;
		// S3 begins to answer before it is done: what it says in the end may be an error.
		await this.#bucket.ask("CompleteMultipartUpload", "CompleteMultipartUploadResult", {
			method: "POST",
			key,
			query: { uploadId: this.#uploadId },
			headers: { "content-type": "application/xml" },
			body: `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join("")}</CompleteMultipartUpload>`,
			signal,
		});
	}

	abort(): Promise<void> {
		return abortUpload(this.#bucket, this.#put.key, this.#uploadId);
	}
}

/** Forgets an upload, and its parts. */
export async function abortUpload(bucket: S3Bucket, key: string, uploadId: string): Promise<void> {
	const query = { uploadId };
	await bucket.send("AbortMultipartUpload", { method: "DELETE", key, query });
}

function escaped(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

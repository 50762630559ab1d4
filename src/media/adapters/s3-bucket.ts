import { S3Error } from "./s3-error.ts";
import { XmlElement } from "./xml-element.ts";

/** What a client is asked with. */
export interface S3Init {
	readonly method: string;
	readonly headers?: Record<string, string>;
	readonly body?: Uint8Array<ArrayBuffer> | string;
	readonly signal?: AbortSignal;
	readonly redirect?: "manual";
	readonly aws: { readonly service: "s3"; readonly signQuery?: boolean };
}

/** What of an `AwsClient` of aws4fetch is used. */
export interface S3Client {
	fetch(url: string, init: S3Init): Promise<Response>;
	sign(url: string, init: S3Init): Promise<{ readonly url: string }>;
}

/** Where a bucket is. */
export interface S3Location {
	readonly client: S3Client;
	readonly endpoint: string;
	readonly bucket: string;
	readonly addressing: "path" | "host";
}

/** A request about a bucket, or about an object in it. */
export interface S3Request {
	readonly method: string;
	/** The object's key in the bucket. */
	readonly key?: string;
	readonly query?: Readonly<Record<string, string>>;
	readonly headers?: Record<string, string>;
	readonly body?: Uint8Array<ArrayBuffer> | string;
	readonly signal?: AbortSignal | undefined;
}

const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{1,62}$/;
/** Error codes are words. */
const CODE = /^[A-Za-z][A-Za-z0-9.]{0,63}$/;

/** A bucket of an S3 server, and how it is asked. */
export class S3Bucket {
	readonly #client: S3Client;
	readonly #url: string;

	/** @throws TypeError when endpoint or bucket are none. */
	constructor({ client, endpoint, bucket, addressing }: S3Location) {
		const url = new URL(endpoint);
		const plain = !url.username && !url.password && !url.search && !url.hash;
		if (!plain || !/^https?:$/.test(url.protocol)) {
			throw new TypeError(
				"The endpoint of S3 is a URL like https://s3.eu-central-1.amazonaws.com.",
			);
		}
		if (!BUCKET.test(bucket)) throw new TypeError(`${JSON.stringify(bucket)} names no bucket.`);
		if (addressing === "host") url.hostname = `${bucket}.${url.hostname}`;
		const path = url.pathname.replace(/\/+$/, "");
		this.#url = `${url.origin}${path}${addressing === "host" ? "" : `/${bucket}`}`;
		this.#client = client;
	}

	/**
	 * A good answer, whose body has to be read or cancelled.
	 * @param operation S3's name for it.
	 * @throws S3Error for every other answer. The signal's reason.
	 */
	async request(operation: string, request: S3Request): Promise<Response> {
		const { method, headers, body, signal } = request;
		const response = await this.#client.fetch(this.#urlOf(request), {
			method,
			...(headers && { headers }),
			...(body !== undefined && { body }),
			...(signal && { signal }),
			// A signature is good for one host; nothing follows a server to another one.
			redirect: "manual",
			aws: { service: "s3" },
		});
		if (response.ok) return response;
		throw new S3Error(operation, response.status, await errorCodeOf(response));
	}

	/** For requests that have said everything with their status. */
	async send(operation: string, request: S3Request): Promise<void> {
		const response = await this.request(operation, request);
		await response.body?.cancel();
	}

	/**
	 * The root element of a good answer, which has this name.
	 * @throws S3Error, also for an error that comes with a good status.
	 */
	async ask(operation: string, root: string, request: S3Request): Promise<XmlElement> {
		const response = await this.request(operation, request);
		const element = await xmlOf(response);
		if (element?.name === root) return element;
		throw new S3Error(operation, response.status, codeOf(element));
	}

	/** A URL that carries its signature, good for a GET. */
	async sign(request: Omit<S3Request, "body" | "headers" | "signal">): Promise<string> {
		const signed = await this.#client.sign(this.#urlOf(request), {
			method: request.method,
			aws: { service: "s3", signQuery: true },
		});
		const url = new URL(signed.url);
		// The signature is about %20, while URLSearchParams writes a space as +, which some servers keep.
		url.search = url.search.replaceAll("+", "%20");
		return url.href;
	}

	#urlOf({ key, query }: Pick<S3Request, "key" | "query">): string {
		const path = key === undefined ? this.#url : `${this.#url}/${key}`;
		const pairs = Object.entries(query ?? {}).map(
			([name, value]) => `${name}=${encodeURIComponent(value)}`,
		);
		return pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
	}
}

async function errorCodeOf(response: Response): Promise<string | undefined> {
	return codeOf(await xmlOf(response));
}

function codeOf(element: XmlElement | undefined): string | undefined {
	const code = element?.name === "Error" ? element.text("Code") : undefined;
	return code !== undefined && CODE.test(code) ? code : undefined;
}

async function xmlOf(response: Response): Promise<XmlElement | undefined> {
	const text = await response.text();
	try {
		return XmlElement.parse(text);
	} catch {
		return undefined;
	}
}

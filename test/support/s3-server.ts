import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import {
	createServer,
	request,
	type IncomingMessage,
	type Server,
	type ServerResponse,
} from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { AwsClient } from "aws4fetch";
import type * as MiniflareModule from "miniflare";
import type { Miniflare } from "miniflare";

const wrangler = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json"));

const PATH = "/cdn-cgi/local/r2/s3";
/** Whom the server knows. */
export const ACCESS = { accessKeyId: "an-access-key", secretAccessKey: "a-secret-of-the-tests" };
const OVERRIDES = ["content-type", "content-disposition"] as const;

/** A multipart upload that has not ended. */
export interface OpenUpload {
	readonly bucket: string;
	readonly key: string;
	readonly uploadId: string;
	initiated: Date;
}

/** A request as the server has received it. */
export interface S3Call {
	readonly method: string;
	readonly url: URL;
}

/** An answer that is given in the place of the server's. */
export interface S3Answer {
	readonly status: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body: string;
}

/**
 * The S3 API of Miniflare's R2, which checks signatures and presigned URLs. Before it stands what it lacks
 * of S3, written after S3's reference: ListMultipartUploads, and the headers of an answer that a
 * presigned URL asks for. Those ask Miniflare first, so that it checks their signatures, too.
 */
export class S3Server implements AsyncDisposable {
	readonly buckets = ["files", "others"] as const;
	/** All requests, in order. */
	readonly calls: S3Call[] = [];
	readonly uploads: OpenUpload[] = [];
	/** At most this many uploads are listed at once. */
	uploadsPerPage = 1000;
	/** Answers in the place of the server, where it gives an answer. */
	answer: (call: S3Call) => S3Answer | undefined = () => undefined;
	readonly #miniflare: Miniflare;
	readonly #port: number;
	readonly #folder: string;
	readonly #front: Server;

	private constructor(miniflare: Miniflare, port: number, folder: string) {
		this.#miniflare = miniflare;
		this.#port = port;
		this.#folder = folder;
		this.#front = createServer((incoming, outgoing) => {
			void this.#serve(incoming, outgoing).catch((error: unknown) => {
				if (!outgoing.headersSent) outgoing.writeHead(502);
				outgoing.end(String(error));
			});
		});
	}

	/** @param script A Worker, which {@link ask} asks. */
	static async start(script = "export default {}"): Promise<S3Server> {
		const path = pathToFileURL(wrangler.resolve("miniflare")).href;
		const module = (await import(path)) as typeof MiniflareModule;
		const folder = mkdtempSync(join(tmpdir(), "burdock-s3-"));
		const miniflare = new module.Miniflare(
			module.convertV4MiniflareOptions({
				host: "127.0.0.1",
				port: 0,
				cf: false,
				log: new module.Log(module.LogLevel.NONE),
				logRequests: false,
				handleStructuredLogs: () => {},
				resourcePersistencePath: folder,
				modules: true,
				script,
				compatibilityDate: "2026-11-01",
				r2Buckets: {
					FILES: { id: "files", s3Credentials: ACCESS },
					OTHERS: { id: "others", s3Credentials: ACCESS },
				},
			}),
		);
		const url = await miniflare.ready;
		const server = new S3Server(miniflare, Number(url.port), folder);
		server.#front.listen(0, "127.0.0.1");
		await once(server.#front, "listening");
		return server;
	}

	/** The endpoint for clients. */
	get endpoint(): string {
		return `http://127.0.0.1:${(this.#front.address() as AddressInfo).port}${PATH}`;
	}

	/** What the Worker answers to a request with this body. */
	async ask(body: object): Promise<unknown> {
		const init = { method: "POST", body: JSON.stringify(body) };
		return (await this.#miniflare.dispatchFetch("http://worker/", init)).json();
	}

	/** A client that the server knows, unless told otherwise. */
	client(options: Partial<ConstructorParameters<typeof AwsClient>[0]> = {}): AwsClient {
		return new AwsClient({ ...ACCESS, region: "auto", retries: 0, ...options });
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#front.closeAllConnections();
		this.#front.close();
		await this.#miniflare.dispose();
		rmSync(this.#folder, { recursive: true, force: true });
	}

	async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
		const url = new URL(incoming.url ?? "/", "http://s3");
		const call = { method: incoming.method ?? "GET", url };
		this.calls.push(call);
		const instead = this.answer(call);
		if (instead) {
			incoming.resume();
			outgoing.writeHead(instead.status, instead.headers).end(instead.body);
			return;
		}
		const answered = await this.#forward(incoming);
		const status = answered.statusCode ?? 502;
		const listsUploads = call.method === "GET" && url.searchParams.has("uploads");
		if (listsUploads && status === 501) {
			answered.resume();
			const body = this.#listUploads(url);
			outgoing.writeHead(200, { "content-type": "application/xml" }).end(body);
			return;
		}
		const headers = { ...answered.headers };
		for (const name of status < 300 ? OVERRIDES : []) {
			const wanted = url.searchParams.get(`response-${name}`);
			if (wanted !== null) headers[name] = wanted;
		}
		outgoing.writeHead(status, headers);
		if (call.method === "POST" || call.method === "DELETE") {
			const body = await buffer(answered);
			if (status < 300) this.#note(call, body.toString());
			outgoing.end(body);
			return;
		}
		outgoing.on("close", () => answered.destroy());
		answered.on("error", () => outgoing.destroy());
		answered.pipe(outgoing);
	}

	/** The same request to Miniflare, its host included: that is signed. */
	async #forward(incoming: IncomingMessage): Promise<IncomingMessage> {
		const { method, url: path, headers } = incoming;
		const outgoing = request({ host: "127.0.0.1", port: this.#port, method, path, headers });
		incoming.on("aborted", () => outgoing.destroy());
		incoming.pipe(outgoing);
		const [answered] = (await once(outgoing, "response")) as [IncomingMessage];
		return answered;
	}

	#note({ method, url }: S3Call, body: string): void {
		const [, bucket = "", key = ""] =
			/^\/([^/]+)\/(.+)$/.exec(url.pathname.slice(PATH.length)) ?? [];
		const uploadId = url.searchParams.get("uploadId");
		if (uploadId !== null) {
			const place = this.uploads.findIndex((upload) => upload.uploadId === uploadId);
			if (place >= 0) this.uploads.splice(place, 1);
		} else if (method === "POST" && url.searchParams.has("uploads")) {
			const id = /<UploadId>([^<]+)</.exec(body)?.[1] ?? "";
			const upload = { bucket, key: decodeURIComponent(key), uploadId: id, initiated: new Date() };
			this.uploads.push(upload);
		}
	}

	#listUploads({ pathname, searchParams }: URL): string {
		const bucket = pathname.slice(PATH.length + 1).replace(/\/$/, "");
		const prefix = searchParams.get("prefix") ?? "";
		const keyMarker = searchParams.get("key-marker") ?? "";
		// Without the id of an upload, the other uploads of the same key are passed over, too.
		const idMarker = searchParams.get("upload-id-marker") ?? "~";
		const found = this.uploads
			.filter((upload) => upload.bucket === bucket && upload.key.startsWith(prefix))
			.map((upload) => ({ ...upload, mark: `${upload.key} ${upload.uploadId}` }))
			.filter(({ mark }) => mark > `${keyMarker} ${idMarker}`)
			.sort((a, b) => (a.mark < b.mark ? -1 : 1));
		const page = found.slice(0, this.uploadsPerPage);
		const last = page.at(-1);
		const truncated = found.length > page.length;
		const next = `<NextKeyMarker>${encodeURIComponent(last?.key ?? "")}</NextKeyMarker><NextUploadIdMarker>${last?.uploadId ?? ""}</NextUploadIdMarker>`;
		const uploads = page.map(
			({ key, uploadId, initiated }) =>
				`<Upload><Key>${encodeURIComponent(key)}</Key><UploadId>${uploadId}</UploadId><Initiator><ID>1</ID></Initiator><StorageClass>STANDARD</StorageClass><Initiated>${initiated.toISOString()}</Initiated></Upload>`,
		);
		return `<?xml version="1.0" encoding="UTF-8"?>\n<ListMultipartUploadsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Bucket>${bucket}</Bucket><KeyMarker/><UploadIdMarker></UploadIdMarker>${truncated ? next : ""}<EncodingType>url</EncodingType><MaxUploads>1000</MaxUploads><IsTruncated>${truncated}</IsTruncated>${uploads.join("")}</ListMultipartUploadsResult>`;
	}
}

import { createHash, type Hash } from "node:crypto";
import { once } from "node:events";
import { Agent, request, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { LargeContent } from "./large-content.ts";

/** How an upload is sent. */
export type UploadForm = "raw" | "form";

/** What the server says of a file that it has stored. */
export interface StoredAnswer {
	readonly name: string;
	readonly data: { readonly size: number; readonly checksum: string };
}

const BOUNDARY = "----a-boundary-of-the-large-files";
const FORM_HEAD = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="large.bin"\r\nContent-Type: application/octet-stream\r\n\r\n`;
const FORM_TAIL = `\r\n--${BOUNDARY}--\r\n`;

/** Sends large files to a server and reads them again, over sockets, chunk by chunk. */
export class LargeClient {
	readonly #url: string;
	readonly #agent = new Agent({ keepAlive: true });

	constructor(url: string) {
		this.#url = url;
	}

	/** @param heard Is told of the bytes that were sent so far. @throws Unless it is stored. */
	async upload(
		content: LargeContent,
		{ form, heard = () => {} }: { form: UploadForm; heard?: (bytes: number) => void },
	): Promise<StoredAnswer> {
		const outgoing = request(`${this.#url}/api/media/upload`, {
			method: "POST",
			agent: this.#agent,
			headers: form === "raw" ? rawHeaders(content.size) : formHeaders(content.size),
		});
		const answered = once(outgoing, "response") as Promise<[IncomingMessage]>;
		await pipeline(form === "raw" ? told(content, heard) : inForm(content, heard), outgoing);
		const [answer] = await answered;
		const body = await text(answer);
		if (answer.statusCode !== 201) throw new Error(`The upload was answered ${body}`);
		return JSON.parse(body) as StoredAnswer;
	}

	/** Sends a part of a file and destroys its connection, when `ready` says so. */
	async breakOff(content: LargeContent, bytes: number, ready: () => Promise<void>): Promise<void> {
		const headers = rawHeaders(content.size);
		const outgoing = request(`${this.#url}/api/media/upload`, { method: "POST", headers });
		const failed = once(outgoing, "error");
		let sent = 0;
		for await (const chunk of content.chunks()) {
			sent += chunk.byteLength;
			if (!outgoing.write(chunk)) await once(outgoing, "drain");
			if (sent >= bytes) break;
		}
		await ready();
		outgoing.destroy(new Error("broken off"));
		await failed;
	}

	/** Reads a file, or the bytes of it from `start` to `end`, into a hash. @returns How many came. */
	async download(
		name: string,
		{ hash, range }: { hash: Hash; range?: readonly [start: number, end: number] },
	): Promise<number> {
		const headers = range ? { range: `bytes=${range[0]}-${range[1] - 1}` } : {};
		const answer = await this.open(name, headers);
		if (answer.statusCode !== (range ? 206 : 200)) {
			throw new Error(`The download was answered ${answer.statusCode}: ${await text(answer)}`);
		}
		let bytes = 0;
		for await (const chunk of answer as AsyncIterable<Uint8Array>) {
			hash.update(chunk);
			bytes += chunk.byteLength;
		}
		return bytes;
	}

	/** Begins a download, and reads none of it. */
	async open(name: string, headers: OutgoingHttpHeaders = {}): Promise<IncomingMessage> {
		const url = `${this.#url}/api/media/file/${name}`;
		const outgoing = request(url, { agent: this.#agent, headers });
		outgoing.end();
		const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
		return answer;
	}

	/** The SHA-256 of a file that is downloaded whole. */
	async checksum(name: string): Promise<string> {
		const hash = createHash("sha256");
		await this.download(name, { hash });
		return hash.digest("hex");
	}

	/** How many files the server lists. */
	async count(): Promise<number> {
		const response = await fetch(`${this.#url}/api/media/files?count=true&limit=1`);
		const { meta } = (await response.json()) as { meta: { total?: number; count?: number } };
		return meta.total ?? meta.count ?? Number.NaN;
	}

	async delete(name: string): Promise<void> {
		const response = await fetch(`${this.#url}/api/media/file/${name}`, { method: "DELETE" });
		if (!response.ok) throw new Error(`A file could not be deleted: ${await response.text()}`);
	}

	close(): void {
		this.#agent.destroy();
	}
}

function rawHeaders(size: number): OutgoingHttpHeaders {
	return { "content-type": "application/octet-stream", "content-length": size };
}

function formHeaders(size: number): OutgoingHttpHeaders {
	return {
		"content-type": `multipart/form-data; boundary=${BOUNDARY}`,
		"content-length": FORM_HEAD.length + size + FORM_TAIL.length,
	};
}

async function* told(
	content: LargeContent,
	heard: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
	let sent = 0;
	for await (const chunk of content.chunks()) {
		yield chunk;
		sent += chunk.byteLength;
		heard(sent);
	}
}

async function* inForm(
	content: LargeContent,
	heard: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
	yield Buffer.from(FORM_HEAD);
	yield* told(content, heard);
	yield Buffer.from(FORM_TAIL);
}

import type { Digest } from "../../kernel/platform.ts";

/** What Workers have beside the Web's digests, which take everything at once. */
interface DigestStream extends WritableStream<Uint8Array> {
	readonly digest: Promise<ArrayBuffer>;
}

type DigestStreamClass = new (algorithm: "SHA-256") => DigestStream;

/** A SHA-256 by the `DigestStream` of Workers. */
export class StreamedDigest implements Digest {
	readonly #stream: DigestStream;
	readonly #writer: WritableStreamDefaultWriter<Uint8Array>;

	constructor() {
		const { DigestStream } = crypto as unknown as { readonly DigestStream: DigestStreamClass };
		this.#stream = new DigestStream("SHA-256");
		this.#writer = this.#stream.getWriter();
	}

	update(bytes: Uint8Array): Promise<void> {
		return this.#writer.write(bytes);
	}

	async hex(): Promise<string> {
		await this.#writer.close();
		const bytes = new Uint8Array(await this.#stream.digest);
		return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
	}
}

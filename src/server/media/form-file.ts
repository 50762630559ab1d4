import { make, type MultipartError, type Parser, type PartInfo } from "multipasta";
import { mediaErrors } from "../../media/errors.ts";
import { serverErrors } from "../errors.ts";
import { sentFilename } from "./sent-filename.ts";

/** Bytes of a form that are not its file: fields, headers, boundaries. */
export const MAX_BESIDE_FILE = 256 * 1024;
const MAX_PARTS = 64;
const DASH = 0x2d;

/** What is known of the file of a form before its first byte. */
export interface FormPart {
	/** As the browser sent it. */
	readonly filename: string | undefined;
	/** What the browser takes it for. */
	readonly type: string;
}

/**
 * The file of a form (`multipart/form-data`, RFC 7578), read from a body that comes chunk by chunk; no
 * more of it is held than one chunk and the fields around. Fields are passed over. A second file is
 * refused: nobody would learn that it was dropped.
 */
export class FormFile {
	readonly #body: AsyncIterator<Uint8Array>;
	readonly #parser: Parser;
	/** What of the file has come out of the parser, and was not asked for yet. */
	#ready: Uint8Array[] = [];
	#part: FormPart | undefined;
	#failure: Error | undefined;
	#complete = false;
	#ended = false;
	/** Dashes at the end of a chunk: half of what ends a form must not reach the parser. */
	#held = new Uint8Array();
	#bytesIn = 0;
	#bytesOfFile = 0;

	/** @throws `bad_form` when the content type has no boundary. */
	constructor(body: AsyncIterable<Uint8Array>, contentType: string) {
		this.#body = body[Symbol.asyncIterator]();
		this.#parser = make({
			headers: { "content-type": contentType },
			maxParts: MAX_PARTS,
			maxFieldSize: MAX_BESIDE_FILE,
			isFile,
			onField: () => {},
			onFile: (info) => this.#begin(info),
			onError: (error) => this.#misread(reasonOf(error)),
			onDone: () => {
				this.#complete = true;
			},
		});
		if (this.#failure) throw this.#failure;
	}

	/** Reads up to the file. @throws `no_file` when there is none; `bad_form`, `body_unreadable`. */
	async begin(): Promise<FormPart> {
		try {
			while (!this.#part && !this.#ended) await this.#read();
		} catch (error) {
			await this.#body.return?.();
			throw error;
		}
		if (!this.#part) throw mediaErrors.create("no_file", {});
		return this.#part;
	}

	/**
	 * The bytes of the file. It ends only once the whole form has come, so that nobody takes a part of a
	 * file for all of it.
	 *
	 * @throws `bad_form`, `body_unreadable`.
	 */
	async *chunks(): AsyncGenerator<Uint8Array> {
		try {
			for (;;) {
				yield* this.#taken();
				if (this.#ended) return;
				await this.#read();
			}
		} finally {
			await this.#body.return?.();
		}
	}

	#taken(): readonly Uint8Array[] {
		const ready = this.#ready;
		this.#ready = [];
		return ready;
	}

	async #read(): Promise<void> {
		const { done, value } = await this.#body.next();
		if (done) this.#end();
		else this.#feed(value);
		if (this.#bytesIn - this.#bytesOfFile > MAX_BESIDE_FILE) {
			this.#fail(`it has over ${MAX_BESIDE_FILE} bytes beside its file`);
		}
		if (this.#failure) throw this.#failure;
	}

	#feed(chunk: Uint8Array): void {
		this.#bytesIn += chunk.byteLength;
		if (this.#complete) return;
		const bytes = this.#held.byteLength === 0 ? chunk : joined(this.#held, chunk);
		const end = bytes.byteLength - dashesAtEnd(bytes);
		this.#held = bytes.slice(end);
		this.#write(bytes.subarray(0, end));
	}

	#end(): void {
		this.#ended = true;
		if (!this.#complete) this.#write(this.#held);
		if (!this.#complete) this.#guarded(() => this.#parser.end());
		if (!this.#complete) this.#fail("it ends early");
	}

	#write(bytes: Uint8Array): void {
		if (bytes.byteLength > 0) this.#guarded(() => this.#parser.write(bytes));
	}

	/** The parser throws when a name is not encoded as it claims to be. */
	#guarded(call: () => void): void {
		try {
			call();
		} catch {
			this.#misread("the headers of a part are broken");
		}
	}

	#begin(info: PartInfo): (chunk: Uint8Array | null) => void {
		if (this.#part) this.#fail("it has more than one file");
		this.#part ??= { filename: sentFilename(dispositionOf(info)), type: info.contentType };
		return (chunk) => {
			if (chunk === null || this.#failure) return;
			this.#bytesOfFile += chunk.byteLength;
			this.#ready.push(chunk);
		};
	}

	/** What follows the end of a form can't be misread. */
	#misread(reason: string): void {
		if (!this.#complete) this.#fail(reason);
	}

	#fail(reason: string): void {
		this.#failure ??= serverErrors.create("bad_form", { reason });
	}
}

/** A part is a file when it has a file name, or is said to be bytes. */
function isFile(info: PartInfo): boolean {
	if (info.contentType === "application/octet-stream") return true;
	return sentFilename(dispositionOf(info)) !== undefined;
}

function dispositionOf({ headers }: PartInfo): string {
	return String(headers["content-disposition"] ?? "");
}

function reasonOf(error: MultipartError): string {
	switch (error._tag) {
		case "InvalidBoundary":
			return "its Content-Type has no boundary";
		case "BadHeaders":
			return error.error.reason === "HeaderTooLarge" || error.error.reason === "TooManyHeaders"
				? "the headers of a part are too long"
				: "the headers of a part are broken";
		case "InvalidDisposition":
			return "a part has no name";
		case "ReachedLimit":
			return error.limit === "MaxParts"
				? `it has over ${MAX_PARTS} parts`
				: `it has over ${MAX_BESIDE_FILE} bytes beside its file`;
		case "EndNotReached":
			return "it ends early";
	}
}

function dashesAtEnd(bytes: Uint8Array): number {
	if (bytes.at(-1) !== DASH) return 0;
	return bytes.at(-2) === DASH ? 2 : 1;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
	const bytes = new Uint8Array(first.byteLength + second.byteLength);
	bytes.set(first);
	bytes.set(second, first.byteLength);
	return bytes;
}

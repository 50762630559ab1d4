import type { AttachTo } from "./attachment.ts";

/** What an upload says about its file. */
export interface UploadOptions {
	/** The public name; default: a random one, with the extension of the type. */
	readonly name?: string | undefined;
	/** What the file was called where it comes from; default: the public name. */
	readonly filename?: string | undefined;
	/** What the sender takes it for; it matters for plain text alone. */
	readonly type?: string | undefined;
	/** Bytes, if they are known: a file that is too large is refused before it is read. */
	readonly size?: number | undefined;
	/** Whether a file of this name is replaced. Default: false. */
	readonly overwrite?: boolean | undefined;
	/**
	 * The etag of the file that is replaced: if it has another one by the time that this one is to be
	 * stored, nothing is (`changed_meanwhile`).
	 */
	readonly etag?: string | undefined;
	/** A row that the file is to belong to. */
	readonly attach?: AttachTo | undefined;
	/** Further fields of the row: your own columns, `metadata`. */
	readonly fields?: Readonly<Record<string, unknown>> | undefined;
	readonly signal?: AbortSignal | undefined;
}

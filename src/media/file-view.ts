import type { MediaRow } from "./media.ts";
import type { ByteRange, ObjectContent } from "./storage-adapter.ts";

/** A file that somebody may read: its row, and what is sent of it. */
export interface FileView {
	readonly row: MediaRow;
	/** The media type of what is sent: of an image in another form, that of the form. */
	readonly type: string;
	/** What it is called where it is saved; of an image in another form, with the form's extension. */
	readonly filename: string;
	/** Bytes. */
	readonly size: number;
	/** Of these very bytes; without quotes. */
	readonly etag: string;
	readonly modified: Date;
	/** Whether a link or a listener lets this reader have it: others may not be sent it unasked. */
	readonly restricted: boolean;
	/** Reads it, or a part of it. @throws `storage_unavailable`. */
	read(range?: ByteRange): Promise<ObjectContent["body"]>;
}

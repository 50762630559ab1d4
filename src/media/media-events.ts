import { Event } from "../events/event.ts";
import { InvalidEventReturn } from "../events/invalid-event-return.ts";
import { isPlainObject } from "../kernel/json.ts";
import type { MediaRow } from "./media.ts";

/** A file of an event: pending in a Before, stored for good afterwards. */
export interface EventFile {
	/** Bytes. */
	readonly size: number;
	/** The first bytes (256 KiB at most), which need not be read again. */
	readonly head: Uint8Array;
	/** Reads all of it from the store, as it is pulled; as often as you like. */
	stream(): Promise<ReadableStream<Uint8Array>>;
	/** Reads all of it into memory. */
	bytes(): Promise<Uint8Array>;
}

/** What is known about a file. */
export interface FileMeta {
	/** The media type, such as `image/png`. */
	readonly type: string;
	/** Bytes. */
	readonly size: number;
	/** Pixels, of an image. */
	readonly width?: number;
	/** Pixels, of an image. */
	readonly height?: number;
}

/** Params of the events of an upload. */
export interface FileUploadParams {
	readonly file: EventFile;
	/** The public name: what `/api/media/file/:name` takes. */
	readonly name: string;
	readonly meta: FileMeta;
	readonly etag: string;
	/** The name again, and the path at which the server answers with the file. */
	readonly state: { readonly name: string; readonly path: string };
	/** Whether it takes the place of a file of this name. */
	readonly overwrites: boolean;
	/** Of an image that was made of a stored one: its form, such as `w320-webp`. */
	readonly variant?: string;
}

/** Params of events that are about a stored file. */
export interface FileParams {
	readonly name: string;
	/** Its row, as it is stored. */
	readonly row: MediaRow;
}

/** Params of an access. */
export interface FileAccessParams extends FileParams {
	/** Whether the request came by a signed link, which has not ended. */
	readonly signed: boolean;
	/** Of an image in another form: which, such as `w320-webp`. */
	readonly variant?: string;
}

abstract class FileEvent<Params extends { readonly name: string }, Reply = void> extends Event<
	Params,
	Reply
> {
	override get path(): string {
		return `media/${this.params.name}`;
	}
}

/**
 * A file has come and is pending: its bytes are stored, and nobody can reach them; those of an image in
 * another form are about to be. A sync listener may look at what is known, and read the content; what
 * it throws refuses the file, of which nothing stays.
 */
export class FileUploadBefore extends FileEvent<FileUploadParams> {
	static override slug = "file-upload-before";
	static override local = true;
	static override topicFor(): string {
		return "media.file.upload.before";
	}
}

/** A file was stored. A sync listener may return changed event data, which the answer then carries. */
export class FileUploadedEvent extends FileEvent<FileUploadParams, Partial<FileUploadParams>> {
	static override slug = "file-uploaded";
	static override fact = true;
	static override topicFor(): string {
		return "media.file.uploaded";
	}
	override validate(reply: Partial<FileUploadParams>): this {
		if (!isPlainObject(reply)) throw new InvalidEventReturn("object", typeof reply);
		return this.clone({ ...this.params, ...reply });
	}
}

/** A file is about to be deleted. A sync listener may throw to refuse. */
export class FileDeleteBefore extends FileEvent<FileParams> {
	static override slug = "file-delete-before";
	static override local = true;
	static override topicFor(): string {
		return "media.file.delete.before";
	}
}

/** A file was deleted. */
export class FileDeletedEvent extends FileEvent<FileParams> {
	static override slug = "file-deleted";
	static override fact = true;
	static override topicFor(): string {
		return "media.file.deleted";
	}
}

/** A file is about to be read. A sync listener may throw to refuse: private files. */
export class FileAccessEvent extends FileEvent<FileAccessParams> {
	static override slug = "file-access";
	static override local = true;
	static override topicFor(): string {
		return "media.file.accessed";
	}
}

/** The events of stored files, by the names of their classes. */
export const MediaEvents = Object.freeze({
	FileUploadBefore,
	FileUploadedEvent,
	FileDeleteBefore,
	FileDeletedEvent,
	FileAccessEvent,
});

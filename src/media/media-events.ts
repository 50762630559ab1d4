import { Event } from "../events/event.ts";
import { InvalidEventReturn } from "../events/invalid-event-return.ts";
import { isPlainObject } from "../kernel/json.ts";

/** What can be stored as a file. */
export type FileBody = ReadableStream<Uint8Array> | Uint8Array | Blob | string;

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
	readonly file: FileBody;
	/** The key under which the file is stored. */
	readonly name: string;
	readonly meta: FileMeta;
	readonly etag: string;
	readonly state: { readonly name: string; readonly path: string };
}

/** Params of events that are about a stored file. */
export interface FileParams {
	readonly name: string;
}

abstract class FileEvent<Params extends FileParams, Reply = void> extends Event<Params, Reply> {
	override get path(): string {
		return `media/${this.params.name}`;
	}
}

/** A file is about to be stored. A sync listener may throw to refuse it. */
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
export class FileAccessEvent extends FileEvent<FileParams> {
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

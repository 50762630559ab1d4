import { and, eq, sql, type SQL } from "drizzle-orm";
import type { Row } from "../data/schema/entity.ts";
import { dataErrors } from "../data/errors.ts";
import { refuseBatch } from "../data/write/guard.ts";
import { warningsOf, type Warning } from "../data/write/warning.ts";
import { isAppError } from "../kernel/error.ts";
import { Attachment } from "./attachment.ts";
import { mediaErrors } from "./errors.ts";
import { checkFileName, newFileName } from "./file-name.ts";
import { filePath } from "./file-path.ts";
import { imageDimensions } from "./image-dimensions.ts";
import type { MediaContext } from "./media-context.ts";
import { FileUploadBefore, FileUploadedEvent, type FileMeta } from "./media-events.ts";
import type { MediaRow } from "./media.ts";
import { ReceivedBody } from "./received-body.ts";
import { sniffType } from "./sniff-type.ts";
import { StoredFile } from "./stored-file.ts";
import type { UploadOptions } from "./upload-options.ts";
import { uploadResult, type UploadResult } from "./upload-result.ts";
import type { StoredObjects } from "./stored-objects.ts";
import { DEFAULT_GRACE } from "./sweep-times.ts";
import { acceptsType } from "./type-rules.ts";

/** Bytes of one file, unless configured otherwise: 100 MiB. */
const MAX_FILE_SIZE = 100 * 1024 * 1024;

/** A file whose bytes are stored, and which nobody can reach yet. */
interface PendingFile {
	readonly object: string;
	readonly file: StoredFile;
	readonly key: string;
	readonly meta: FileMeta;
	readonly etag: string;
	readonly checksum: string | null;
	/** Milliseconds since 1970. */
	readonly storedAt: number;
	/** The row that it takes the place of. */
	readonly replaced: MediaRow | undefined;
}

/** What the database made of a file. */
interface Written {
	/** Null when a listener prevented the row. */
	readonly data: MediaRow | null;
	readonly warnings: readonly Warning[];
}

/**
 * Takes files in, in two phases: the bytes are stored under a key that nothing refers to, listeners
 * may refuse them, and the row that is committed then makes them public. What ends before that leaves
 * at most an object without a row, which the sweep removes.
 */
export class Uploads {
	readonly #context: MediaContext;
	readonly #objects: StoredObjects;

	constructor(context: MediaContext, objects: StoredObjects) {
		this.#context = context;
		this.#objects = objects;
	}

	/** @throws See {@link MediaLibrary.upload}. */
	async receive(source: AsyncIterable<Uint8Array>, options: UploadOptions): Promise<UploadResult> {
		const { options: rules, platform } = this.#context;
		const maxSize = rules.maxSize ?? MAX_FILE_SIZE;
		if ((options.size ?? 0) > maxSize) {
			throw mediaErrors.create("file_too_large", { limit: maxSize });
		}
		const name = options.name === undefined ? undefined : checkFileName(options.name);
		const replaced = name === undefined ? undefined : await this.#replaced(name, options);
		const attachment = await this.#attachment(options);
		const body = new ReceivedBody(source, { maxSize, digest: platform.createDigest?.() });
		try {
			return await this.#objects.pending(async (object) => {
				const guard = attachment?.guard ?? (replaced && this.#unchanged(replaced, options));
				if (guard) this.#objects.guard(object, guard);
				const pending = await this.#store(body, { ...options, name, object, replaced });
				await this.#admit(pending);
				const { data, warnings } = await this.#commit(pending, options, attachment);
				return this.#tell(pending, data, warnings);
			});
		} finally {
			await body.release();
		}
	}

	/** First phase: the bytes, once their beginning says that they may come in. */
	async #store(
		body: ReceivedBody,
		{
			name,
			type: declared,
			signal,
			object,
			replaced,
		}: UploadOptions & { readonly object: string; readonly replaced: MediaRow | undefined },
	): Promise<PendingFile> {
		const { store, options } = this.#context;
		const head = await body.head();
		if (head.byteLength === 0) throw mediaErrors.create("no_file", {});
		const type = sniffType(head, declared);
		if (!acceptsType(type, options.types)) throw mediaErrors.create("file_type_refused", { type });
		const storedAt = await this.#put(body, object, { type, signal });
		const { size } = body;
		const checksum = await body.checksum();
		return {
			object,
			file: new StoredFile(store, { key: object, size, head }),
			key: name ?? newFileName(type),
			meta: { type, size, ...imageDimensions(head, type) },
			etag: checksum?.slice(0, 32) ?? object,
			checksum,
			storedAt,
			replaced,
		};
	}

	/** @returns Since when the store has it: what the sweep goes by. */
	async #put(
		body: ReceivedBody,
		object: string,
		options: { readonly type: string; readonly signal: AbortSignal | undefined },
	): Promise<number> {
		const { store, platform } = this.#context;
		const began = platform.clock.now();
		try {
			await store.put(object, body.chunks(), options);
			const ended = platform.clock.now();
			if ((ended - began) * 4 < this.#grace) return ended;
			// Of what came in parts S3 says when the first one did.
			const info = await store.head(object);
			return info ? Math.min(ended, info.stored.getTime()) : ended;
		} catch (error) {
			// A store that fails may have stored it all the same.
			await this.#objects.remove(object);
			if (body.failure) throw body.failure.error;
			if (options.signal?.aborted) throw options.signal.reason;
			throw mediaErrors.create("storage_unavailable", {}, { cause: error });
		}
	}

	/** Second phase: listeners may refuse. */
	async #admit(pending: PendingFile): Promise<void> {
		const { events } = this.#context;
		try {
			if (events.has(FileUploadBefore)) {
				await events.emit(new FileUploadBefore(this.#params(pending)));
			}
			this.#refuseExpired(pending);
		} catch (error) {
			await this.#objects.remove(pending.object);
			throw error;
		}
	}

	/** Then the row makes it public. */
	async #commit(
		pending: PendingFile,
		options: UploadOptions,
		attachment: Attachment | undefined,
	): Promise<Written> {
		try {
			const written = await this.#write(pending, options, attachment);
			// A listener may have prevented the row, or left the object out of it.
			if (written.data?.object !== pending.object) await this.#objects.remove(pending.object);
			return written;
		} catch (error) {
			// Where the database fell silent, the row may be stored: the sweep will know.
			const silent = isAppError(error) && ["unavailable", "internal"].includes(error.kind);
			if (!silent) await this.#objects.remove(pending.object);
			throw meanwhile(error, pending, options);
		}
	}

	async #write(
		pending: PendingFile,
		{ filename, fields }: UploadOptions,
		attachment: Attachment | undefined,
	): Promise<Written> {
		const { em, table } = this.#context;
		const { key, object, etag, checksum, replaced, meta } = pending;
		const { type, size, width = null, height = null } = meta;
		const content: Row = { ...fields, type, size, width, height, etag, checksum, object };
		if (replaced) {
			const named = filename === undefined ? {} : { name: filename };
			const { data, meta } = await em
				.mutator(table)
				.updateOne(replaced.id, { ...content, ...named } as never);
			return { data: meta.prevented ? null : data, warnings: meta.warnings ?? [] };
		}
		const row: Row = { key, name: filename ?? key, ...content };
		if (!attachment) {
			const { data, meta } = await em.mutator(table).insertOne(row as never);
			return { data, warnings: meta.warnings ?? [] };
		}
		const { data: written, meta: unit } = await em.atomic((unit) => attachment.write(unit, row));
		return { data: written.row as MediaRow | null, warnings: unit.warnings ?? [] };
	}

	async #tell(
		pending: PendingFile,
		data: MediaRow | null,
		warnings: readonly Warning[],
	): Promise<UploadResult> {
		const params = this.#params(pending);
		if (data === null) return uploadResult(params, data, warnings);
		const event = await this.#context.events.emit(new FileUploadedEvent(params));
		return uploadResult(event.params, data, [...warnings, ...warningsOf(event)]);
	}

	#params({ file, key, meta, etag, replaced }: PendingFile) {
		const path = filePath(this.#context.base(), key);
		const state = { name: key, path };
		return { file, name: key, meta, etag, state, overwrites: replaced !== undefined };
	}

	/** Beyond half of the grace the sweep of a process whose clock differs may have taken it. */
	#refuseExpired({ storedAt }: PendingFile): void {
		if ((this.#context.platform.clock.now() - storedAt) * 2 > this.#grace)
			throw mediaErrors.create("upload_expired", {});
	}

	get #grace(): number {
		return this.#context.options.sweep?.grace ?? DEFAULT_GRACE;
	}

	/** It still has the name, and the content if that is asked for: an upload may take long. */
	#unchanged({ id, key }: MediaRow, { etag }: UploadOptions): SQL {
		const { table } = this.#context;
		const same = and(
			eq(table.id, id),
			eq(table.key, key),
			etag === undefined ? undefined : eq(table.etag, etag),
		);
		return refuseBatch(sql`not exists (select 1 from ${table} where ${same})`);
	}

	async #replaced(
		name: string,
		{ overwrite, attach }: UploadOptions,
	): Promise<MediaRow | undefined> {
		const { em, table } = this.#context;
		// As readers see it: what a listener hides from them, they can't replace.
		const where = { key: name };
		const { data } = await em.repository(table).findMany({ where, limit: 1 } as never);
		const [row] = data as readonly MediaRow[];
		if (row && (overwrite !== true || attach)) throw mediaErrors.create("file_exists", { name });
		return row;
	}

	async #attachment({ attach }: UploadOptions): Promise<Attachment | undefined> {
		if (!attach) return undefined;
		const { em, table } = this.#context;
		return Attachment.find(attach, { em, name: em.entity(table).name });
	}
}

/** What a guard of the row has found, in the words of an upload. */
function meanwhile(error: unknown, { replaced }: PendingFile, { attach }: UploadOptions): unknown {
	if (!isAppError(error)) return error;
	if (attach && error.code === "changed_meanwhile") {
		const { entity, field } = attach;
		return mediaErrors.create("field_taken", { entity, field }, { cause: error });
	}
	// The row is missed where it is gone as well as where it has another name or content.
	return replaced && error.code === "not_found"
		? dataErrors.create("changed_meanwhile", {}, { cause: error })
		: error;
}

import type { FindOptions } from "../data/query/find-options.ts";
import type { ReadResult } from "../data/read/read-result.ts";
import type { WriteResult } from "../data/write/write.ts";
import { DatabaseEvents } from "../data/database-events.ts";
import { dataErrors } from "../data/errors.ts";
import { askStore } from "./ask-store.ts";
import { DerivedImages } from "./derived-images.ts";
import { mediaErrors } from "./errors.ts";
import { fileExtension } from "./file-extension.ts";
import { fileNotFound } from "./file-not-found.ts";
import { filePath } from "./file-path.ts";
import type { FileView } from "./file-view.ts";
import { formKey } from "./image-form.ts";
import type { ImageForm } from "./image-transformer.ts";
import { LinkSigner, MAX_LINK_SECONDS, type LinkSignature } from "./link-signer.ts";
import type { MediaContext } from "./media-context.ts";
import { FileAccessEvent } from "./media-events.ts";
import { guardMediaRows } from "./media-rows.ts";
import { MediaSweep, type SweepStep } from "./media-sweep.ts";
import type { MediaRow } from "./media.ts";
import { StoredObjects } from "./stored-objects.ts";
import { contentDisposition } from "./type-rules.ts";
import type { UploadOptions } from "./upload-options.ts";
import type { UploadResult } from "./upload-result.ts";
import { Uploads } from "./uploads.ts";

const { RepositoryFindManyBefore, RepositoryFindManyAfter } = DatabaseEvents;

/** Seconds that a link lasts, unless it says otherwise: an hour. */
const LINK_LASTS = 3_600;

/** What can be given as a file. */
export type FileBody =
	| ReadableStream<Uint8Array>
	| AsyncIterable<Uint8Array>
	| Uint8Array
	| Blob
	| string;

/** How a file is opened. */
export interface OpenOptions {
	/** Whether the reader came by a signed link. Default: false. */
	readonly signed?: boolean;
	/** The form that an image is wanted in, which may depend on its row. */
	readonly form?: ImageForm | ((row: MediaRow) => ImageForm | undefined) | undefined;
}

/** What is deleted. */
export interface DeleteOptions {
	/** The file with this etag alone; default: whatever is there. */
	readonly etag?: string | undefined;
}

/** What a link is to be. */
export interface LinkOptions {
	/** Seconds; default 3 600, at most 604 800. */
	readonly expiresIn?: number;
	/** Whether the store itself answers, where it can sign links (S3). Default: false. */
	readonly direct?: boolean;
}

/** A link that ends. */
export interface FileLink {
	/** A path on this server, or a URL of the store. */
	readonly url: string;
	readonly expires: Date;
}

/**
 * The files of an app: `app.media`. Each is an object in the store and a row of the entity `media`,
 * which are written so that whatever fails, nothing is lost and nothing is left over.
 *
 * @example
 * ```ts
 * const { name } = await app.media.upload("Hello.", { name: "hello.txt" });
 * const { url } = await app.media.link(name, { expiresIn: 60 });
 * ```
 */
export class MediaLibrary {
	readonly #context: MediaContext;
	readonly #uploads: Uploads;
	readonly #derived: DerivedImages;
	readonly #links: LinkSigner;
	readonly #sweep: MediaSweep;

	constructor(context: MediaContext) {
		const { platform, events } = context;
		const objects = new StoredObjects(context.store, context.logger);
		this.#context = context;
		this.#uploads = new Uploads(context, objects);
		this.#derived = new DerivedImages(context);
		this.#links = new LinkSigner(
			() => secretOf(platform.env),
			() => platform.clock.now(),
		);
		this.#sweep = new MediaSweep(context);
		void events.withSource("media", () => guardMediaRows(context, objects));
	}

	/**
	 * Stores a file: its bytes, pending; then `FileUploadBefore`, in which listeners may refuse it; then
	 * its row, by the Mutator with all of its events, which makes it public; then `FileUploadedEvent`.
	 * What fails leaves nothing behind.
	 *
	 * @throws (rejects) `no_file`, `file_too_large`, `file_type_refused`, `bad_file_name`, `file_exists`,
	 * `storage_unavailable`, `upload_expired`, `changed_meanwhile`; of a file for a row `unknown_entity`,
	 * `not_a_file_field`, `not_found`, `field_taken`; what listeners, the Mutator and the body throw.
	 * @example
	 * ```ts
	 * await app.media.upload(request.body, { name: "cover.png", overwrite: true });
	 * await app.media.upload(bytes, { attach: { entity: "posts", id: 1, field: "cover" } });
	 * ```
	 */
	upload(body: FileBody, options: UploadOptions = {}): Promise<UploadResult> {
		return this.#uploads.receive(chunksOf(body), options);
	}

	/** Rows of files, as `repository.findMany` answers them; listeners of reads may filter. */
	async list(options: FindOptions = {}): Promise<ReadResult<readonly MediaRow[]>> {
		const { em, table } = this.#context;
		return em.repository(table).findMany(options);
	}

	/** The row of a file that the reader may know of; undefined when there is none. */
	async find(name: string): Promise<MediaRow | undefined> {
		const { data } = await this.list({ where: { key: name }, limit: 1 });
		return data[0];
	}

	/**
	 * Opens a file to be sent. `FileAccessEvent` may refuse. An image that is wanted in another form is
	 * made, and kept.
	 *
	 * @throws (rejects) `file_not_found`; what a listener throws; what making an image throws.
	 */
	async open(name: string, { signed = false, form }: OpenOptions = {}): Promise<FileView> {
		const row = await this.find(name);
		if (!row) throw fileNotFound(name);
		const wanted = typeof form === "function" ? form(row) : form;
		await this.#admit(row, signed, wanted);
		const restricted = signed || this.#isGuarded;
		if (!wanted) return this.#view(row, { key: row.object, restricted });
		const { key, size } = await this.#derived.find(row, wanted);
		const etag = `${row.etag}-${formKey(wanted)}`;
		const type = `image/${wanted.format}`;
		const filename = `${row.name.replace(/\.[^.]*$/, "")}.${fileExtension(type)}`;
		return this.#view(row, { key, size, etag, type, filename, restricted });
	}

	/**
	 * Deletes a file: its row first, with the events of the Mutator and `FileDeleteBefore`, and its object
	 * once that is committed.
	 *
	 * @returns The row that was, or that is still there when `meta.prevented` says so.
	 * @throws (rejects) `file_not_found`, `changed_meanwhile`; what a listener throws.
	 */
	async delete(name: string, { etag }: DeleteOptions = {}): Promise<WriteResult<MediaRow>> {
		const { em, table } = this.#context;
		const row = await this.find(name);
		if (!row) throw fileNotFound(name);
		const { id } = row;
		if (etag === undefined) return em.mutator(table).deleteOne(id);
		const { data, meta } = await em.mutator(table).deleteWhere({ id, etag });
		const [deleted] = data;
		if (!deleted && !meta.prevented) throw dataErrors.create("changed_meanwhile", {});
		return { data: deleted ?? row, meta };
	}

	/**
	 * A link to a file that ends, with its time or with the file: one that gets the name afterwards is
	 * another. Whoever has it may read the file, whatever the access rule says; of a link on this server `FileAccessEvent` still hears, with `signed: true`.
	 *
	 * @throws (rejects) `file_not_found`, `bad_expiry`, `no_link_secret`; what a listener throws.
	 */
	async link(name: string, { expiresIn, direct = false }: LinkOptions = {}): Promise<FileLink> {
		const { base, platform, store } = this.#context;
		const seconds = expiresIn ?? LINK_LASTS;
		if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_LINK_SECONDS) {
			throw mediaErrors.create("bad_expiry", { limit: MAX_LINK_SECONDS });
		}
		const row = await this.find(name);
		if (!row) throw fileNotFound(name);
		const sign = store.sign?.bind(store);
		if (direct && sign) {
			await this.#admit(row, true);
			const { type, name } = row;
			const disposition = contentDisposition({ type, name });
			const options = { expiresIn: seconds, type, disposition };
			const url = await askStore(() => sign(row.object, options));
			return { url, expires: new Date(platform.clock.now() + seconds * 1000) };
		}
		const { expires, signature } = await this.#links.sign(row, seconds);
		const url = `${filePath(base(), row.key)}?expires=${expires}&signature=${signature}`;
		return { url, expires: new Date(Number(expires) * 1000) };
	}

	/** Whether a link to this file was signed here, and has not ended. */
	async verifies(name: string, signature: LinkSignature): Promise<boolean> {
		const row = await this.find(name);
		return row !== undefined && this.#links.verify(row, signature);
	}

	/** Asks the store for something. @throws (rejects) `storage_unavailable`. */
	async reach(): Promise<void> {
		await askStore(() => this.#context.store.list({ limit: 1 }));
	}

	/**
	 * Does one step of the sweep, which removes objects and rows that belong to nothing; the duty
	 * `media-sweep` calls it.
	 *
	 * @returns `limit` while a round goes on; 0 when there is nothing to do for now.
	 * @throws (rejects) What the store and the database throw.
	 */
	sweep(step: SweepStep): Promise<number> {
		return this.#sweep.runOnce(step);
	}

	/** Whether listeners decide who may read which file. */
	get #isGuarded(): boolean {
		const { em, events, table } = this.#context;
		const { name } = em.entity(table);
		return (
			events.has(FileAccessEvent) ||
			events.has(RepositoryFindManyBefore, name) ||
			events.has(RepositoryFindManyAfter, name)
		);
	}

	async #admit(row: MediaRow, signed: OpenOptions["signed"], form?: ImageForm): Promise<void> {
		const { events } = this.#context;
		if (!events.has(FileAccessEvent)) return;
		const variant = form ? { variant: formKey(form) } : {};
		await events.emit(
			new FileAccessEvent({ name: row.key, row, signed: signed === true, ...variant }),
		);
	}

	#view(
		row: MediaRow,
		{ key, ...sent }: { readonly key: string } & Pick<FileView, "restricted"> & Partial<FileView>,
	): FileView {
		const { store } = this.#context;
		const { name: filename, type, size, etag, updatedAt: modified } = row;
		return {
			row,
			filename,
			type,
			size,
			etag,
			modified,
			...sent,
			read: async (range) => {
				const content = await askStore(() => store.get(key, range));
				if (!content) throw mediaErrors.create("storage_unavailable", {});
				return content.body;
			},
		};
	}
}

/** `MEDIA_SECRET`, or the token of the server where there is none. */
function secretOf(env: Readonly<Record<string, unknown>>): string | undefined {
	const { MEDIA_SECRET: own, BURDOCK_TOKEN: token } = env;
	if (typeof own === "string" && own !== "") return own;
	return typeof token === "string" && token !== "" ? token : undefined;
}

function chunksOf(body: FileBody): AsyncIterable<Uint8Array> {
	if (typeof body === "string" || body instanceof Uint8Array) {
		return new Blob([body as string | Uint8Array<ArrayBuffer>]).stream();
	}
	return body instanceof Blob ? body.stream() : body;
}

import { askStore } from "./ask-store.ts";
import { mediaErrors } from "./errors.ts";
import { filePath } from "./file-path.ts";
import { imageDimensions } from "./image-dimensions.ts";
import { formKey, MAX_FORMS, MAX_IMAGE_BYTES, MAX_PIXELS } from "./image-form.ts";
import type { ImageForm } from "./image-transformer.ts";
import { MadeFile } from "./made-file.ts";
import type { MediaContext } from "./media-context.ts";
import { FileUploadBefore, FileUploadedEvent, type FileUploadParams } from "./media-events.ts";
import type { MediaImageOptions } from "./media-options.ts";
import type { MediaRow } from "./media.ts";
import type { ObjectInfo } from "./storage-adapter.ts";

/** A form that is being made, and not stored yet. */
interface Making {
	readonly key: string;
}

/** The object of an image in a form. */
type DerivedImage = Pick<ObjectInfo, "key" | "size">;

/**
 * Images in other forms: made when they are first asked for, and kept beside their original as
 * objects of the same stem, so that they are gone when it is.
 */
export class DerivedImages {
	readonly #context: MediaContext;
	/** What is being made here just now, in the order in which it was asked for, by the original. */
	readonly #making = new Map<string, readonly Making[]>();

	constructor(context: MediaContext) {
		this.#context = context;
	}

	/**
	 * The object of an image in a form.
	 * @throws (rejects) `image_unreadable`, `image_too_large`, `too_many_variants`, `images_busy`,
	 * `images_unavailable`, `storage_unavailable`; what a listener of the upload throws.
	 */
	async find(row: MediaRow, form: ImageForm): Promise<DerivedImage> {
		const { store } = this.#context;
		const key = `${row.object}.${formKey(form)}`;
		const known = await askStore(() => store.head(key));
		return known ?? this.#make(row, form, key);
	}

	async #make(row: MediaRow, form: ImageForm, key: string): Promise<DerivedImage> {
		const { store, images } = this.#context;
		this.#refuseLarge(row);
		const transformer = await images();
		return this.#inTurn(row.object, key, async (making) => {
			await this.#refuseMany(row, making);
			const source = await askStore(() => store.get(row.object));
			if (!source) throw mediaErrors.create("file_not_found", { name: row.key });
			const { body, size } = source;
			const made = await transformer.transform({ body, size, type: row.type }, form);
			await this.#keep(row, form, { key, made });
			return { key, size: made.byteLength };
		});
	}

	async #inTurn<T>(object: string, key: string, call: (making: Making) => Promise<T>): Promise<T> {
		const making: Making = { key };
		this.#making.set(object, [...this.#makingOf(object), making]);
		try {
			return await call(making);
		} finally {
			const others = this.#makingOf(object).filter((other) => other !== making);
			if (others.length > 0) this.#making.set(object, others);
			else this.#making.delete(object);
		}
	}

	#makingOf(object: string): readonly Making[] {
		return this.#making.get(object) ?? [];
	}

	/** Stored once listeners have let it in: under its key everybody finds it. */
	async #keep(
		row: MediaRow,
		form: ImageForm,
		{ key, made }: { readonly key: string; readonly made: Uint8Array<ArrayBuffer> },
	): Promise<void> {
		const { store, events } = this.#context;
		const type = `image/${form.format}`;
		const params = this.#params(row, form, made);
		if (events.has(FileUploadBefore)) await events.emit(new FileUploadBefore(params));
		await askStore(() => store.put(key, once(made), { type }));
		if (events.has(FileUploadedEvent)) await events.emit(new FileUploadedEvent(params));
	}

	#params(row: MediaRow, form: ImageForm, made: Uint8Array<ArrayBuffer>): FileUploadParams {
		const type = `image/${form.format}`;
		const variant = formKey(form);
		return {
			file: new MadeFile(made),
			name: row.key,
			meta: { type, size: made.byteLength, ...imageDimensions(made, type) },
			etag: `${row.etag}-${variant}`,
			state: { name: row.key, path: filePath(this.#context.base(), row.key) },
			overwrites: false,
			variant,
		};
	}

	#refuseLarge({ key: name, type, size, width, height }: MediaRow): void {
		const { maxPixels = MAX_PIXELS, maxBytes = MAX_IMAGE_BYTES } = this.#options;
		if (!type.startsWith("image/")) {
			throw mediaErrors.create("image_unreadable", { name, reason: `it is ${type}` });
		}
		if (size > maxBytes) {
			throw mediaErrors.create("image_unreadable", {
				name,
				reason: `it is over ${maxBytes} bytes`,
			});
		}
		if (width === null || height === null) {
			throw mediaErrors.create("image_unreadable", { name, reason: "its dimensions are unknown" });
		}
		if (width * height > maxPixels) {
			throw mediaErrors.create("image_too_large", { name, limit: maxPixels });
		}
	}

	/** Those that were asked for before, and are not stored yet, count as well. */
	async #refuseMany({ key: name, object }: MediaRow, making: Making): Promise<void> {
		const { maxForms = MAX_FORMS } = this.#options;
		const { store } = this.#context;
		const all = this.#makingOf(object);
		const before = all.slice(0, all.indexOf(making));
		const { objects } = await askStore(() => store.list({ prefix: `${object}.`, limit: maxForms }));
		const others = new Set([...objects, ...before].map(({ key }) => key));
		others.delete(making.key);
		if (others.size >= maxForms) {
			throw mediaErrors.create("too_many_variants", { name, limit: maxForms });
		}
	}

	get #options(): MediaImageOptions {
		const { images } = this.#context.options;
		return images === false ? {} : (images ?? {});
	}
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	yield bytes;
}

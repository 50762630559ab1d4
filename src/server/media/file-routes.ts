import type { Context, Hono } from "hono";
import { isAppError } from "../../kernel/error.ts";
import { mediaErrors } from "../../media/errors.ts";
import type { FileView } from "../../media/file-view.ts";
import { readImageForm } from "../../media/image-form.ts";
import type { MediaLibrary } from "../../media/media-library.ts";
import type { MediaOptions } from "../../media/media-options.ts";
import type { Exchange } from "../exchange.ts";
import type { Guard } from "../guard.ts";
import { route, type FailureLog } from "../route.ts";
import { askedName } from "./asked-name.ts";
import { sendFile, type Audience } from "./send-file.ts";

/** What the route that sends files stands on. */
export interface FileRoutesOptions {
	readonly library: MediaLibrary;
	readonly guard: Guard;
	readonly onFailure: FailureLog;
	/** Which forms of images there are; false for none. */
	readonly images: MediaOptions["images"];
}

/** A file that is asked for. */
interface Wanted {
	readonly name: string;
	readonly query: URLSearchParams;
	/** Whether the reader came by a link that was signed here. */
	readonly signed: boolean;
}

/** The route that sends files. */
export class FileRoutes {
	readonly #library: MediaLibrary;
	readonly #guard: Guard;
	readonly #onFailure: FailureLog;
	readonly #images: MediaOptions["images"];

	constructor({ library, guard, onFailure, images }: FileRoutesOptions) {
		this.#library = library;
		this.#guard = guard;
		this.#onFailure = onFailure;
		this.#images = images;
	}

	/** Adds the route below `base`. */
	mount(hono: Hono, base: string): void {
		hono.get(
			`${base}/file/:name`,
			route((context, exchange) => this.#send(context, exchange), this.#onFailure),
		);
	}

	async #send(context: Context, exchange: Exchange): Promise<Response> {
		const name = askedName(context);
		const query = new URL(exchange.request.url).searchParams;
		const signed = await this.#bySignature(name, query);
		if (!signed) await this.#guard.check(exchange, "media", "read");
		const wanted = { name, query, signed };
		const view = await this.#open(wanted);
		try {
			return await this.#answer(view, wanted, exchange);
		} catch (error) {
			const again = await this.#openReplaced(view, wanted, error);
			return await this.#answer(again, wanted, exchange);
		}
	}

	/** @throws `bad_link` for one that was not signed here, or has ended: it never counts as none. */
	async #bySignature(name: string, query: URLSearchParams): Promise<boolean> {
		const expires = query.get("expires");
		const signature = query.get("signature");
		if (expires === null && signature === null) return false;
		const link = { expires: expires ?? "", signature: signature ?? "" };
		if (await this.#library.verifies(name, link)) return true;
		throw mediaErrors.create("bad_link", {});
	}

	#open({ name, query, signed }: Wanted): Promise<FileView> {
		const options = this.#images === false ? {} : this.#images;
		return this.#library.open(name, {
			signed,
			form: ({ type }) => readImageForm(query, type, options),
		});
	}

	/** Between its row and its object a file may have been replaced: then it is looked up once more. */
	async #openReplaced(view: FileView, wanted: Wanted, error: unknown): Promise<FileView> {
		if (!isAppError(error) || error.code !== "storage_unavailable") throw error;
		const again = await this.#open(wanted);
		if (again.row.object === view.row.object) throw error;
		return again;
	}

	#answer(view: FileView, { query, signed }: Wanted, exchange: Exchange): Promise<Response> {
		const audience: Audience = signed
			? "link_holders"
			: view.restricted || this.#guard.differs
				? "some"
				: "everybody";
		const download = query.has("download");
		return sendFile(view, exchange, { audience, download, version: query.get("v") });
	}
}

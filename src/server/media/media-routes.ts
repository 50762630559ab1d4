import type { Context, Hono } from "hono";
import type { Entity, Row } from "../../data/schema/entity.ts";
import type { EntityManager } from "../../data/entity-manager.ts";
import type { Permit } from "../../data/permit.ts";
import { isAppError } from "../../kernel/error.ts";
import type { MediaLibrary } from "../../media/media-library.ts";
import type { MediaRow } from "../../media/media.ts";
import type { MediaOptions } from "../../media/media-options.ts";
import type { UploadOptions } from "../../media/upload-options.ts";
import type { UploadResult } from "../../media/upload-result.ts";
import type {
	AttachedFileAnswer,
	DeletedFileAnswer,
	FileAnswer,
	FileLinkAnswer,
	ReadAnswer,
} from "../contract.ts";
import { serverErrors } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import type { Guard } from "../guard.ts";
import { readOptionalJson } from "../input.ts";
import { KeptLists } from "../kept-lists.ts";
import { route, type FailureLog } from "../route.ts";
import type { Action } from "../server-options.ts";
import type { ServerPart } from "../server-part.ts";
import { toJson, wireFormats, type WireFormat } from "../wire.ts";
import { askedName } from "./asked-name.ts";
import { checkConditions, conditionalRequest } from "./check-conditions.ts";
import { FileRoutes } from "./file-routes.ts";
import { mediaOperations, MEDIA_TAGS } from "./media-operations.ts";
import { readLinkOptions } from "./read-link-options.ts";
import { readUpload } from "./read-upload.ts";

/** The name of the entity of files. */
const MEDIA = "media";
/** What a write may say of the file that it is about. */
const CONDITIONS = ["if-match", "if-none-match", "if-unmodified-since"] as const;
const NO_STORE = Object.freeze({ "cache-control": "no-store" });

/** What the routes of files stand on. */
export interface MediaRoutesOptions {
	readonly library: MediaLibrary;
	readonly em: EntityManager;
	readonly guard: Guard;
	/** Bytes of a JSON body. */
	readonly maxBody: number;
	readonly onFailure: FailureLog;
	/** Which forms of images there are; false for none. Default: the usual ones. */
	readonly images?: MediaOptions["images"];
}

type MediaHandler = (context: Context, exchange: Exchange) => Promise<Response>;

/** The routes of files: what a server has only if its app has files. */
export class MediaRoutes implements ServerPart {
	readonly operations: ServerPart["operations"];
	readonly tags = MEDIA_TAGS;
	readonly #library: MediaLibrary;
	readonly #em: EntityManager;
	readonly #guard: Guard;
	readonly #maxBody: number;
	readonly #onFailure: FailureLog;
	readonly #files: FileRoutes;
	readonly #entity: Entity;
	readonly #format: WireFormat;
	readonly #lists: KeptLists;

	constructor({ library, em, guard, maxBody, onFailure, images }: MediaRoutesOptions) {
		this.operations = mediaOperations(images);
		this.#library = library;
		this.#em = em;
		this.#guard = guard;
		this.#maxBody = maxBody;
		this.#onFailure = onFailure;
		this.#files = new FileRoutes({ library, guard, onFailure, images });
		this.#entity = em.entity(MEDIA);
		this.#format = wireFormats(em.entities).get(this.#entity) as WireFormat;
		this.#lists = new KeptLists(em);
	}

	/** Adds the routes below `base`, such as `/api`. */
	mount(hono: Hono, base: string): void {
		const own = `${base}/media`;
		hono.get(`${own}/files`, this.#route(this.#list));
		this.#files.mount(hono, own);
		hono.delete(`${own}/file/:name`, this.#route(this.#delete));
		hono.post(`${own}/file/:name/link`, this.#route(this.#link));
		hono.post(`${own}/upload`, this.#route(this.#upload));
		hono.post(`${own}/upload/:name`, this.#route(this.#upload));
		hono.post(`${own}/entity/:entity/:id/:field`, this.#route(this.#attach));
	}

	readonly #list: MediaHandler = async (context, exchange) => {
		await this.#check(exchange, "read");
		const asked = this.#lists.of(this.#entity, context.req.url);
		const { data, meta } = await this.#em.reader(MEDIA).list(asked, this.#permit(exchange));
		const rows = this.#format.encode(data) as readonly Row[];
		const answer: ReadAnswer<readonly Row[]> = { data: rows.map(withLastModified), meta };
		return exchange.json(200, toJson(answer));
	};

	readonly #delete: MediaHandler = async (context, exchange) => {
		await this.#check(exchange, "delete");
		const name = askedName(context);
		const state = await this.#checkState(exchange, name);
		const result = await this.#asAsked(state?.etag, () =>
			this.#library.delete(name, { etag: state?.etag }),
		);
		const answer: DeletedFileAnswer<unknown> = {
			message: result.meta.prevented ? "File kept" : "File deleted",
			data: this.#format.encode(result.data),
			meta: result.meta,
		};
		return exchange.json(200, toJson(answer));
	};

	readonly #link: MediaHandler = async (context, exchange) => {
		await this.#check(exchange, "update");
		const body = await readOptionalJson(exchange.request, this.#maxBody);
		const { url, expires } = await this.#library.link(askedName(context), readLinkOptions(body));
		const answer: FileLinkAnswer = { data: { url, expires: expires.toISOString() } };
		return exchange.json(200, JSON.stringify(answer), NO_STORE);
	};

	readonly #upload: MediaHandler = async (context, exchange) => {
		const overwrite = readOverwrite(exchange);
		await this.#check(exchange, "create");
		if (overwrite) await this.#check(exchange, "update");
		const name = context.req.param("name");
		const state = await this.#checkState(exchange, name);
		const result = await this.#receive(exchange, { name, overwrite, etag: state?.etag });
		return exchange.json(statusOf(result), toJson(this.#answer(result)));
	};

	readonly #attach: MediaHandler = async (context, exchange) => {
		const { entity, id, field } = context.req.param() as Readonly<Record<string, string>>;
		const attach = { entity: entity ?? "", id: id ?? "", field: field ?? "" };
		const overwrite = readOverwrite(exchange);
		await this.#checkAttach(exchange, attach);
		// The file that is there would be deleted.
		if (overwrite) await this.#check(exchange, "delete");
		if (exchange.header("if-match") !== null) throw serverErrors.create("no_row_to_match", {});
		const result = await this.#receive(exchange, { attach: { ...attach, overwrite } });
		const { data, ...rest } = this.#answer(result);
		const attached: AttachedFileAnswer<unknown> = { ok: data !== null, result: data, ...rest };
		return exchange.json(statusOf(result), toJson(attached));
	};

	async #receive(exchange: Exchange, options: UploadOptions): Promise<UploadResult> {
		const { signal } = exchange.request;
		const { chunks, ...sent } = await readUpload(exchange.request);
		try {
			return await this.#asAsked(options.etag, () =>
				this.#library.upload(chunks, { ...sent, ...options, signal }),
			);
		} catch (cause) {
			// What a signal throws is whatever the runtime says of a client that has left.
			if (isAppError(cause) || !signal.aborted) throw cause;
			throw serverErrors.create("body_unreadable", {}, { cause });
		}
	}

	/** What is no longer as the request has named it is a 412, not a conflict. */
	async #asAsked<T>(etag: string | undefined, call: () => Promise<T>): Promise<T> {
		try {
			return await call();
		} catch (cause) {
			const changed = isAppError(cause) && cause.code === "changed_meanwhile";
			if (etag === undefined || !changed) throw cause;
			throw serverErrors.create("file_changed", {}, { cause });
		}
	}

	#answer({ data, ...rest }: UploadResult): FileAnswer<unknown> {
		return { data: data === null ? null : this.#format.encode(data), ...rest };
	}

	/** What a file belongs to is written, too: the row, or that of the relation between. */
	async #checkAttach(
		exchange: Exchange,
		{ entity: name, field }: { readonly entity: string; readonly field: string },
	): Promise<void> {
		const entity = this.#em.entity(name);
		await this.#check(exchange, "create");
		await this.#guard.check(exchange, entity.name, "update");
		const through = entity.relation(field)?.through?.entity;
		if (through) await this.#guard.check(exchange, through.name, "create");
	}

	/**
	 * The file that a request names conditions of, if it does, and which they hold for.
	 * @throws `file_changed`, `bad_if_match`.
	 */
	async #checkState(exchange: Exchange, name: string | undefined): Promise<MediaRow | undefined> {
		const request = conditionalRequest(exchange);
		if (CONDITIONS.every((one) => request.header(one) === null)) return undefined;
		const row = name === undefined ? undefined : await this.#library.find(name);
		const holds = row
			? checkConditions(request, { etag: `"${row.etag}"`, modified: row.updatedAt }) === "go_on"
			: request.header("if-match") === null;
		if (!holds) throw serverErrors.create("file_changed", {});
		return row;
	}

	#check(exchange: Exchange, action: Action) {
		return this.#guard.check(exchange, MEDIA, action);
	}

	/** Whoever reads rows through a relation has to be let in to them, too. */
	#permit(exchange: Exchange): Permit | undefined {
		if (!this.#guard.differs) return undefined;
		return ({ name }) => this.#guard.check(exchange, name, "read");
	}

	#route(handler: MediaHandler) {
		return route(handler, this.#onFailure);
	}
}

function statusOf({ data }: UploadResult): number {
	return data === null ? 202 : 201;
}

/** Clients of bknd look for it. */
function withLastModified(row: Row): Row {
	const { updatedAt } = row;
	return updatedAt === undefined ? row : { ...row, last_modified: updatedAt };
}

/** @throws `bad_parameters`: whoever misspells it would else be told that the file exists. */
function readOverwrite(exchange: Exchange): boolean {
	const text = new URL(exchange.request.url).searchParams.get("overwrite");
	if (text === null || text === "false" || text === "0") return false;
	if (text === "true" || text === "1") return true;
	const errors = [{ path: "overwrite", message: "Expected true or false.", code: "type" }];
	throw serverErrors.create(
		"bad_parameters",
		{ summary: "overwrite: Expected true or false." },
		{ errors },
	);
}

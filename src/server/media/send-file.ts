import type { FileView } from "../../media/file-view.ts";
import type { ByteRange } from "../../media/storage-adapter.ts";
import { contentDisposition } from "../../media/type-rules.ts";
import { serverErrors } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import { readByteRange, type WantedRange } from "./byte-range.ts";
import { checkConditions, conditionalRequest, rangeHolds } from "./check-conditions.ts";
import { contentPolicy } from "./content-policy.ts";

/** Who may have a file: anybody, whoever holds this link, or whom a rule lets in. */
export type Audience = "everybody" | "link_holders" | "some";

/** How a file is to be sent. */
export interface SendOptions {
	readonly audience: Audience;
	/** Whether it is to be saved, even if a browser could show it. */
	readonly download: boolean;
	/** The state that the URL names, if it names one: what it leads to then never changes. */
	readonly version: string | null;
}

/**
 * Answers with a file, or with the part of it that is asked for, or says that it has not changed.
 *
 * @throws (rejects) `file_changed`, `bad_if_match`, `storage_unavailable`.
 */
export async function sendFile(
	view: FileView,
	exchange: Exchange,
	options: SendOptions,
): Promise<Response> {
	const request = conditionalRequest(exchange);
	const validators = { etag: `"${view.etag}"`, modified: view.modified };
	const verdict = checkConditions(request, validators);
	if (verdict === "failed") throw serverErrors.create("file_changed", {});
	const known = knownHeaders(view, options);
	if (verdict === "not_modified") return exchange.empty(304, known);
	const headers = { ...known, ...contentHeaders(view, options) };
	if (request.method === "HEAD") return whole(null, headers, view.size);
	const range = rangeHolds(request.header("if-range"), validators)
		? readByteRange(request.header("range"), view.size)
		: "whole";
	return sendRange(view, range, { headers, exchange });
}

async function sendRange(
	view: FileView,
	range: WantedRange,
	{ headers, exchange }: { readonly headers: Record<string, string>; readonly exchange: Exchange },
): Promise<Response> {
	const { size } = view;
	if (range === "unsatisfiable") {
		const error = serverErrors.create("range_not_satisfiable", { size });
		return exchange.problem(error, { "content-range": `bytes */${size}` });
	}
	if (range === "whole") return whole(await view.read(), headers, size);
	return part(await view.read(range), headers, { range, size });
}

function whole(
	body: ConstructorParameters<typeof Response>[0],
	headers: Readonly<Record<string, string>>,
	size: number,
): Response {
	return new Response(body, { headers: { ...headers, "content-length": String(size) } });
}

function part(
	body: ConstructorParameters<typeof Response>[0],
	headers: Readonly<Record<string, string>>,
	{ range: { offset, length }, size }: { readonly range: ByteRange; readonly size: number },
): Response {
	const own = {
		"content-length": String(length),
		"content-range": `bytes ${offset}-${offset + length - 1}/${size}`,
	};
	return new Response(body, { status: 206, headers: { ...headers, ...own } });
}

/** What belongs to an answer even where it says no more than that nothing has changed. */
function knownHeaders(
	{ etag, modified, row }: FileView,
	{ audience, version }: SendOptions,
): Record<string, string> {
	return {
		etag: `"${etag}"`,
		"last-modified": modified.toUTCString(),
		"cache-control": cacheControl(audience, version === etag || version === row.etag),
		// Pages of other sites show public files; those for some are read with the reader's cookies.
		"cross-origin-resource-policy": audience === "some" ? "same-site" : "cross-origin",
	};
}

function cacheControl(audience: Audience, isForever: boolean): string {
	if (audience !== "everybody") return "private, no-cache";
	return isForever ? "public, max-age=31536000, immutable" : "public, no-cache";
}

function contentHeaders(
	{ type, filename: name }: FileView,
	{ download }: SendOptions,
): Record<string, string> {
	// No browser shows bytes of this type, so that they are saved.
	const shownAs = download ? "application/octet-stream" : type;
	return {
		"content-type": type.startsWith("text/") ? `${type}; charset=utf-8` : type,
		"content-disposition": contentDisposition({ type: shownAs, name }),
		"content-security-policy": contentPolicy(type),
		"x-content-type-options": "nosniff",
		"accept-ranges": "bytes",
	};
}

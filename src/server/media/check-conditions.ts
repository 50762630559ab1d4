import { isKnown, tagsOf } from "../etag.ts";
import type { Exchange } from "../exchange.ts";
import { readHttpDate } from "./http-date.ts";

/** What tells one state of a file from another. */
export interface Validators {
	/** A strong one, in quotes. */
	readonly etag: string;
	readonly modified: Date;
}

/** The part of a request that may hold conditions. */
export interface ConditionalRequest {
	readonly method: string;
	/** A header by its lower-case name. */
	header(name: string): string | null;
}

/** The request with the method and the headers that it has now, whoever has put it in place. */
export function conditionalRequest(exchange: Exchange): ConditionalRequest {
	return { method: exchange.request.method, header: (name) => exchange.header(name) };
}

/** What comes of the conditions: go on, say that nothing has changed, or refuse. */
export type Verdict = "go_on" | "not_modified" | "failed";

/**
 * Weighs the conditions of a request in the order of RFC 9110 §13.2.2. `If-Range` comes later, see
 * {@link rangeHolds}.
 *
 * @throws `bad_if_match`: who relies on it has to hear that it says nothing.
 */
export function checkConditions(request: ConditionalRequest, validators: Validators): Verdict {
	if (!isAsExpected(request, validators)) return "failed";
	if (!isAsKnown(request, validators)) return "go_on";
	return isRead(request) ? "not_modified" : "failed";
}

/** Whether a part may be sent: the rest, which the client has, is of the same state. */
export function rangeHolds(ifRange: string | null, { etag }: Validators): boolean {
	// A date does not tell two states within one second apart, and whoever has it has the tag.
	return ifRange === null || ifRange.trim() === etag;
}

function isAsExpected(request: ConditionalRequest, { etag, modified }: Validators): boolean {
	const tags = tagsOf(request.header("if-match"));
	if (tags !== undefined) return tags === "any" || tags.includes(etag);
	const since = dateIn(request, "if-unmodified-since");
	return since === undefined || secondOf(modified) <= since;
}

function isAsKnown(request: ConditionalRequest, { etag, modified }: Validators): boolean {
	const tags = request.header("if-none-match");
	if (tags !== null) return isKnown(etag, tags);
	const since = isRead(request) ? dateIn(request, "if-modified-since") : undefined;
	return since !== undefined && secondOf(modified) <= since;
}

function isRead({ method }: ConditionalRequest): boolean {
	return method === "GET" || method === "HEAD";
}

function dateIn(request: ConditionalRequest, name: string): number | undefined {
	const text = request.header(name);
	return text === null ? undefined : readHttpDate(text.trim());
}

/** Headers tell no less than a second. */
function secondOf(date: Date): number {
	return Math.floor(date.getTime() / 1000) * 1000;
}

import type { FindOptions } from "../data/query/find-options.ts";
import { isAppError, summarize, type FieldError } from "../kernel/error.ts";
import { isPlainObject } from "../kernel/json.ts";
import { didYouMean } from "../kernel/nearest.ts";
import { serverErrors } from "./errors.ts";

/** Bytes of a JSON body, unless configured otherwise: 1 MiB. */
export const MAX_BODY = 1024 * 1024;

const LIST_PARAMETERS = [
	"where",
	"select",
	"sort",
	"limit",
	"offset",
	"with",
	"join",
	"cursor",
	"count",
	"total",
] as const;
const READ_PARAMETERS = ["select", "with"] as const;

const FLAGS = ["count", "total"] as const;
const NO: ReadonlySet<unknown> = new Set([undefined, false, "false", "0"]);

/** No more faults are listed: a request may hold very many parameters that nobody knows. */
const MAX_FAULTS = 100;

type Parameter = (typeof LIST_PARAMETERS)[number];

/**
 * Reads a JSON body, with or without a Content-Type.
 *
 * @param limit Bytes; a longer body is refused, by its Content-Length before any of it is read.
 * @throws `body_too_large`, `bad_json`, `no_body`.
 */
export async function readJson(request: Request, limit: number): Promise<unknown> {
	const body = await readOptionalJson(request, limit);
	if (body === undefined) throw serverErrors.create("no_body", {});
	return body;
}

/** The same for a body that may be left out: undefined then. @throws `body_too_large`, `bad_json`. */
export async function readOptionalJson(request: Request, limit: number): Promise<unknown> {
	const length = Number(request.headers.get("content-length") ?? Number.NaN);
	if (length > limit) throw tooLarge(limit);
	if (request.bodyUsed) throw serverErrors.create("body_used", {});
	const text = await readText(request, length, limit);
	if (text === "") return undefined;
	try {
		return JSON.parse(text) as unknown;
	} catch {
		throw serverErrors.create("bad_json", {});
	}
}

/** The query of a list, as the URL says it. @throws `bad_parameters`. */
export function readListQuery(url: string): FindOptions {
	return readQuery(url, LIST_PARAMETERS);
}

/** The query of a read by id, as the URL says it. @throws `bad_parameters`. */
export function readOneQuery(url: string): FindOptions {
	return readQuery(url, READ_PARAMETERS);
}

/** The query of a list, as a JSON body says it. @throws `bad_parameters`. */
export function readBodyQuery(body: unknown): FindOptions {
	if (!isPlainObject(body)) throw faults([{ path: "", message: "Expected an object." }]);
	const errors: FieldError[] = [];
	for (const name of Object.keys(body)) noteUnknown(name, LIST_PARAMETERS, errors);
	for (const name of FLAGS) readFlag(body[name], name, errors);
	if (errors.length > 0) throw faults(errors);
	return body;
}

function readQuery(url: string, known: readonly Parameter[]): FindOptions {
	const start = url.indexOf("?");
	if (start === -1) return {};
	const options: Record<string, unknown> = {};
	const parameters = new URLSearchParams(url.slice(start));
	if (url.includes("%", start) && isMisread(parameters, url)) {
		throw faults([{ path: "", message: "Expected percent-encoded UTF-8.", code: "encoding" }]);
	}
	const errors: FieldError[] = [];
	for (const name of new Set(parameters.keys())) {
		noteUnknown(name, known, errors);
		if (!isKnown(name, known)) continue;
		options[name] = readParameter(name, parameters.getAll(name), errors);
	}
	if (errors.length > 0) throw faults(errors);
	return options;
}

function readParameter(name: Parameter, values: readonly string[], errors: FieldError[]): unknown {
	const value = values.at(-1) ?? "";
	switch (name) {
		case "select":
		case "join":
			return readNames(values, name, errors);
		case "with":
			return readRelations(values, errors);
		case "cursor":
			return value;
		case "where":
			return parse(value, name, errors);
		case "sort":
			if (value.startsWith("{") || value.startsWith("[")) return parse(value, name, errors);
			return values.join(",");
		case "limit":
		case "offset":
			return /^\d{1,16}$/.test(value) ? Number(value) : value;
		case "count":
		case "total":
			return readFlag(value, name, errors);
	}
}

/** Names in any of their forms: repeated, with commas between them, as a JSON list. */
function readNames(
	values: readonly string[],
	path: string,
	errors: FieldError[],
): readonly unknown[] {
	return values.flatMap((part) =>
		part.startsWith("[") ? parse(part, path, errors) : part.split(","),
	);
}

/** Names of relations, or a JSON object of relations and their options. */
function readRelations(values: readonly string[], errors: FieldError[]): unknown {
	const [object, ...others] = values.filter((part) => part.startsWith("{"));
	if (object === undefined) return readNames(values, "with", errors);
	if (others.length > 0 || values.length > 1) {
		const message = "Expected one object of relations, or names of relations.";
		errors.push({ path: "with", message, code: "type" });
	}
	return parse(object, "with", errors);
}

function readFlag(value: unknown, path: string, errors: FieldError[]): boolean {
	const yes = value === true || value === "true" || value === "1";
	if (!yes && !NO.has(value))
		errors.push({ path, message: "Expected true or false.", code: "type" });
	return yes;
}

function parse(text: string, path: string, errors: FieldError[]): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		errors.push({ path, message: "Expected JSON.", code: "json" });
		return undefined;
	}
}

function isKnown(name: string, known: readonly Parameter[]): name is Parameter {
	return (known as readonly string[]).includes(name);
}

function noteUnknown(name: string, known: readonly Parameter[], errors: FieldError[]): void {
	if (isKnown(name, known) || errors.length >= MAX_FAULTS) return;
	const message = `There is no such parameter.${didYouMean(name, known)}`;
	errors.push({ path: name.slice(0, 64), message, code: "unknown_parameter" });
}

function faults(errors: readonly FieldError[]): Error {
	return serverErrors.create("bad_parameters", { summary: summarize(errors) }, { errors });
}

function tooLarge(limit: number): Error {
	return serverErrors.create("body_too_large", { limit });
}

/** Over a socket a body is as long as announced; a request made by a program may say anything. */
async function readText(request: Request, length: number, limit: number): Promise<string> {
	try {
		if (Number.isNaN(length)) return await readBounded(request, limit);
		const bytes = await request.arrayBuffer();
		if (bytes.byteLength > limit) throw tooLarge(limit);
		return decodeWhole(new Uint8Array(bytes));
	} catch (cause) {
		if (isAppError(cause)) throw cause;
		throw serverErrors.create("body_unreadable", {}, { cause });
	}
}

/** Reads a body of unannounced length, and stops as soon as it is over the limit. */
async function readBounded(request: Request, limit: number): Promise<string> {
	const reader = request.body?.getReader();
	if (!reader) return "";
	const decode = utf8Decoder();
	let text = "";
	let bytes = 0;
	for (;;) {
		const { done, value } = await reader.read();
		bytes += value?.byteLength ?? 0;
		if (bytes > limit) {
			await reader.cancel();
			throw tooLarge(limit);
		}
		text += decode(value ?? new Uint8Array(), { stream: !done });
		if (done) return text;
	}
}

/** A decoder that refuses bytes that are no UTF-8: they would be stored as something else. */
function utf8Decoder(): (bytes: Uint8Array, options?: { readonly stream: boolean }) => string {
	const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
	return (bytes, options) => {
		try {
			return decoder.decode(bytes, options);
		} catch {
			throw serverErrors.create("bad_json", {});
		}
	};
}

/** For a body that is there at once: only a stream's decoder holds anything between two calls. */
const decodeWhole = utf8Decoder();

/** Whether bytes that are no UTF-8 were read as U+FFFD, which nobody had sent. */
function isMisread(parameters: URLSearchParams, url: string): boolean {
	for (const [name, value] of parameters) {
		// Not by toString: workerd writes such bytes as they came.
		if (name.includes("\uFFFD") || value.includes("\uFFFD")) {
			return !/%EF%BF%BD|\uFFFD/i.test(url);
		}
	}
	return false;
}

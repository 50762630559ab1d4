import { EventError } from "../events/core-error.ts";
import { isAppError, type AppError, type ErrorKind } from "../kernel/error.ts";
import type { Problem } from "./contract.ts";
import { serverErrors } from "./errors.ts";
import { toJson } from "./wire.ts";

/** The HTTP status of each kind of error. */
export const STATUS: Readonly<Record<ErrorKind, number>> = Object.freeze({
	malformed: 400,
	unauthenticated: 401,
	forbidden: 403,
	not_found: 404,
	method_not_allowed: 405,
	conflict: 409,
	precondition_failed: 412,
	too_large: 413,
	range_not_satisfiable: 416,
	invalid: 422,
	rate_limited: 429,
	internal: 500,
	unavailable: 503,
});

/** The reason phrase of each status. */
export const TITLES: Readonly<Record<number, string>> = {
	400: "Bad Request",
	401: "Unauthorized",
	403: "Forbidden",
	404: "Not Found",
	405: "Method Not Allowed",
	409: "Conflict",
	412: "Precondition Failed",
	413: "Content Too Large",
	416: "Range Not Satisfiable",
	422: "Unprocessable Content",
	429: "Too Many Requests",
	500: "Internal Server Error",
	503: "Service Unavailable",
};

/** Seconds after which trying again is worth it, when nobody knows better. */
const RETRY_AFTER = 1;

/** Where a problem happened. */
export interface ProblemPlace {
	/** The path of the request. */
	readonly instance: string;
	readonly traceId: string;
}

/** An error with a status of its own: Hono's `HTTPException`, recognised by shape. */
interface StatusError extends Error {
	readonly status: number;
	/** The response that the error was made with, if any. */
	readonly res?: Response;
	getResponse(): Response;
}

/** Tells Hono's `HTTPException`, of whichever copy of Hono, from other errors. */
export function isStatusError(error: unknown): error is StatusError {
	return (
		error instanceof Error &&
		"getResponse" in error &&
		"status" in error &&
		Number.isInteger(error.status) &&
		(error.status as number) >= 400 &&
		(error.status as number) <= 599
	);
}

/** What of an error a client may know: everything of an {@link AppError}, nothing of any other. */
function publicError(error: unknown): AppError {
	const known = isAppError(error) && Object.hasOwn(STATUS, error.kind);
	if (known && error.kind !== "internal" && !isMisuse(error)) return error;
	return serverErrors.create("internal", {}, { cause: error });
}

/**
 * Whether a listener or a route used the event system wrongly: nothing that a client could mend. What
 * the policy denies is no misuse: it was asked because of the client.
 */
function isMisuse(error: AppError): boolean {
	if (!(error instanceof EventError) || error.code === "policy_denied") return false;
	return error.kind !== "unavailable";
}

/** Makes the problem of an error. */
export function problemOf(error: unknown, place: ProblemPlace): Problem {
	if (isStatusError(error) && error.status !== 500) {
		const title = TITLES[error.status] ?? "Error";
		const detail = error.message || title;
		return { ...problem(error.status, title, detail, "http_error"), ...place };
	}
	const known = publicError(error);
	const status = STATUS[known.kind];
	const title = TITLES[status] ?? "Error";
	return {
		...problem(status, title, known.message, known.code),
		...(known.errors ? { errors: known.errors } : {}),
		...(known.details ? { details: known.details } : {}),
		...place,
	};
}

/** The JSON text of a problem; details that JSON can't say are left out. */
export function problemText(problem: Problem): string {
	try {
		return toJson(problem);
	} catch {
		const { type, title, status, detail, instance, code, error, traceId } = problem;
		return JSON.stringify({ type, title, status, detail, instance, code, error, traceId });
	}
}

/** Headers that belong to the status of a problem. */
export function problemHeaders(status: number): Readonly<Record<string, string>> {
	if (status === 401) return { "www-authenticate": 'Bearer realm="burdock"' };
	if (status === 429 || status === 503) return { "retry-after": String(RETRY_AFTER) };
	return {};
}

function problem(status: number, title: string, detail: string, code: string) {
	return { type: "about:blank", title, status, detail, code, error: detail };
}

import { HTTPException } from "hono/http-exception";
import { describe, expect, test } from "vitest";
import { eventErrors } from "../../src/events/errors.ts";
import { AppError, type ErrorKind } from "../../src/kernel/error.ts";
import {
	isStatusError,
	problemHeaders,
	problemOf,
	problemText,
	STATUS,
} from "../../src/server/problem.ts";

const PLACE = { instance: "/here", traceId: "4bf92f3577b34da6a3ce929d0e0e4736" };
const KINDS: readonly (readonly [ErrorKind, number, string])[] = [
	["malformed", 400, "Bad Request"],
	["unauthenticated", 401, "Unauthorized"],
	["forbidden", 403, "Forbidden"],
	["not_found", 404, "Not Found"],
	["method_not_allowed", 405, "Method Not Allowed"],
	["conflict", 409, "Conflict"],
	["precondition_failed", 412, "Precondition Failed"],
	["too_large", 413, "Content Too Large"],
	["range_not_satisfiable", 416, "Range Not Satisfiable"],
	["invalid", 422, "Unprocessable Content"],
	["rate_limited", 429, "Too Many Requests"],
	["unavailable", 503, "Service Unavailable"],
];

describe("problemOf", () => {
	test.for(KINDS)("an error of kind %s is a %i, %s", ([kind, status, title]) => {
		const error = new AppError(kind, "What happened.", {
			code: "its_code",
			cause: new Error("secret"),
		});
		expect(problemOf(error, PLACE)).toEqual({
			type: "about:blank",
			title,
			status,
			detail: "What happened.",
			code: "its_code",
			error: "What happened.",
			...PLACE,
		});
	});

	test("knows every kind", () => {
		expect(Object.keys(STATUS).toSorted()).toEqual(
			[...KINDS.map(([kind]) => kind), "internal"].toSorted(),
		);
	});

	test.for([
		["an AppError of kind internal", new AppError("internal", "secret")],
		["an unknown error", new Error("secret")],
		[
			"an error that looks like one of ours, of an unknown kind",
			Object.assign(new Error("secret"), { kind: "system", code: "ENOENT", retryable: false }),
		],
		[
			"an error whose kind is a key of all objects",
			Object.assign(new Error("secret"), { kind: "constructor", code: "x", retryable: false }),
		],
		[
			"an error of the event system, which a listener's author has to mend",
			eventErrors.create("unknown_event", { name: "secret", hint: "" }),
		],
		["an HTTPException 500", new HTTPException(500, { message: "secret" })],
		[
			"an error with a status that is none",
			Object.assign(new Error("secret"), { status: 200, getResponse: () => new Response() }),
		],
		["text", "secret"],
		["null", null],
		["undefined", undefined],
	] as const)("%s says nothing of itself", ([, error]) => {
		const problem = problemOf(error, PLACE);
		expect(problem).toMatchObject({ status: 500, code: "internal" });
		expect(problemText(problem)).not.toContain("secret");
	});

	test.for([400, 401, 404, 405, 418, 429, 501, 503] as const)(
		"an HTTPException %i keeps its status and its message",
		(status) => {
			expect(
				problemOf(new HTTPException(status, { message: "Said by the user." }), PLACE),
			).toMatchObject({
				status,
				detail: "Said by the user.",
				error: "Said by the user.",
				code: "http_error",
			});
		},
	);

	test("carries the faults and the details of an error", () => {
		const errors = [{ path: "title", message: "No.", code: "type" }];
		const error = new AppError("invalid", "Refused.", { errors, details: { hint: "Ask." } });
		expect(problemOf(error, PLACE)).toMatchObject({ errors, details: { hint: "Ask." } });
	});
});

test("a listener's timeout is a problem that may pass", () => {
	const values = { listener: "mailer", slug: "app-request", timeout: 5 };
	expect(problemOf(eventErrors.create("listener_timeout", values), PLACE)).toMatchObject({
		status: 503,
		code: "listener_timeout",
	});
});

describe("problemText", () => {
	test("leaves out details that JSON cannot say", () => {
		const circular: Record<string, unknown> = {};
		circular.self = circular;
		const error = new AppError("conflict", "Refused.", { details: circular });
		expect(JSON.parse(problemText(problemOf(error, PLACE)))).toMatchObject({
			status: 409,
			detail: "Refused.",
			...PLACE,
		});
	});

	test("writes a bigint as text", () => {
		const error = new AppError("conflict", "Refused.", { details: { size: 1n } });
		expect(JSON.parse(problemText(problemOf(error, PLACE)))).toMatchObject({
			details: { size: "1" },
		});
	});
});

describe("problemHeaders", () => {
	test("a 401 says how to authenticate, a 429 and a 503 when to come again", () => {
		expect(problemHeaders(401)).toEqual({ "www-authenticate": 'Bearer realm="burdock"' });
		expect(problemHeaders(429)).toEqual({ "retry-after": "1" });
		expect(problemHeaders(503)).toEqual({ "retry-after": "1" });
		expect(problemHeaders(404)).toEqual({});
	});
});

test("an HTTPException of another copy of Hono is known by its shape", () => {
	class HTTPException extends Error {
		readonly status = 418;
		getResponse(): Response {
			return new Response(this.message, { status: this.status });
		}
	}
	expect(isStatusError(new HTTPException("I am a teapot."))).toBe(true);
});

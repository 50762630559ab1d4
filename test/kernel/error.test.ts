import { describe, expect, test } from "vitest";
import { AppError, isAppError, summarize, type ErrorKind } from "../../src/kernel/error.ts";
import { ErrorCatalogue } from "../../src/kernel/error-catalogue.ts";

describe("AppError", () => {
	test("has its kind for a code, and no cause, unless told", () => {
		const error = new AppError("conflict", "Taken.");
		expect(error).toMatchObject({
			kind: "conflict",
			code: "conflict",
			message: "Taken.",
			name: "AppError",
		});
		expect(error.errors).toBeUndefined();
		expect(error.details).toBeUndefined();
		expect("cause" in error).toBe(false);
	});

	test("keeps what it is told", () => {
		const cause = new Error("cause");
		const options = {
			code: "x",
			cause,
			details: { a: 1 },
			errors: [{ path: "a", message: "No." }],
		};
		expect(new AppError("invalid", "No.", options)).toMatchObject(options);
	});

	test.for([
		["rate_limited", true],
		["unavailable", true],
		["conflict", false],
		["internal", false],
	] as const)("of kind %s: worth trying again: %s", ([kind, retryable]) => {
		expect(new AppError(kind, "").retryable).toBe(retryable);
		expect(new AppError(kind, "", { retryable: !retryable }).retryable).toBe(!retryable);
	});

	test("carries the name of a subclass", () => {
		class OwnError extends AppError {}
		expect(new OwnError("internal", "").name).toBe("OwnError");
	});
});

describe("isAppError", () => {
	test("knows errors of another copy of the package by their shape", () => {
		const other = Object.assign(new Error("x"), { kind: "invalid", code: "x", retryable: false });
		expect(isAppError(other)).toBe(true);
		expect(isAppError(new AppError("invalid", "x"))).toBe(true);
	});

	test.for([
		null,
		"invalid",
		new Error("x"),
		{ kind: "invalid", code: "x", retryable: false },
		Object.assign(new Error("x"), { code: "ENOENT" }),
	])("%o is none", (error) => {
		expect(isAppError(error)).toBe(false);
	});
});

describe("summarize", () => {
	const fault = { path: "title", message: "Too long." };

	test("says the first fault, and how many more there are", () => {
		expect(summarize([])).toBe("");
		expect(summarize([fault])).toBe("title: Too long.");
		expect(summarize([{ path: "", message: "No object." }])).toBe("No object.");
		expect(summarize([fault, fault, fault])).toBe("title: Too long. (and 2 more)");
		expect(summarize([fault], 500)).toBe("title: Too long. (and 499 more)");
	});
});

describe("ErrorCatalogue", () => {
	class OwnError extends AppError {}
	const errors = new ErrorCatalogue(OwnError, {
		plain: { kind: "conflict", message: "As it is." },
		filled: { kind: "not_found", message: "No {what} in {where}, no {what}." },
	});

	test("makes errors of its class, with the code's kind and message", () => {
		const error = errors.create("plain", {});
		expect(error).toBeInstanceOf(OwnError);
		expect(error).toMatchObject({
			kind: "conflict" satisfies ErrorKind,
			code: "plain",
			message: "As it is.",
		});
	});

	test("fills every placeholder, and reads none in what it fills in", () => {
		expect(errors.create("filled", { what: "{where} $& $1", where: 7 }).message).toBe(
			"No {where} $& $1 in 7, no {where} $& $1.",
		);
	});

	test("passes options on", () => {
		const cause = new Error("cause");
		expect(errors.create("plain", {}, { cause, details: { a: 1 } })).toMatchObject({
			cause,
			details: { a: 1 },
		});
	});

	test("cannot be changed", () => {
		expect(Object.isFrozen(errors.definitions)).toBe(true);
	});
});

import type { Fault, Problem } from "../server/contract.ts";

/**
 * The server's answer that something went wrong: a problem as RFC 9457 says it. An answer without
 * one, such as that of a proxy, has the code `http_error`.
 *
 * @example
 * ```ts
 * try {
 *   await client.posts.insertOne({ title: "" });
 * } catch (error) {
 *   if (error instanceof ProblemError && error.status === 422) console.log(error.errors);
 *   else throw error;
 * }
 * ```
 */
export class ProblemError extends Error {
	/** The HTTP status. */
	readonly status: number;
	/** A stable name for programs: `invalid_data`, `not_found`. */
	readonly code: string;
	/** The faults of the input, one each. */
	readonly errors: readonly Fault[];
	readonly details: Readonly<Record<string, unknown>> | undefined;
	/** Under which the server's log tells more; undefined in an answer that is no problem. */
	readonly traceId: string | undefined;

	constructor(status: number, problem: Partial<Problem>) {
		super(problem.detail ?? problem.error ?? problem.title ?? `The server answered ${status}.`);
		this.status = status;
		this.code = problem.code ?? "http_error";
		this.errors = problem.errors ?? [];
		this.details = problem.details;
		this.traceId = problem.traceId;
	}

	override get name(): string {
		return "ProblemError";
	}
}

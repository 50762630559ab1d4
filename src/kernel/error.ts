/**
 * What went wrong, in the one dimension that callers act on. Two tables read it: the HTTP status,
 * and whether delivering again can help.
 */
export type ErrorKind =
	| "malformed"
	| "invalid"
	| "unauthenticated"
	| "forbidden"
	| "not_found"
	| "method_not_allowed"
	| "conflict"
	| "precondition_failed"
	| "too_large"
	| "range_not_satisfiable"
	| "rate_limited"
	| "unavailable"
	| "internal";

const RETRYABLE: ReadonlySet<ErrorKind> = new Set(["rate_limited", "unavailable"]);

/** One fault of an input: where (`where.$or[1].views`, `title`), what, and a code for programs. */
export interface FieldError {
	readonly path: string;
	readonly message: string;
	readonly code?: string;
}

/** Says faults in one line: the first one, and how many more there are. */
export function summarize(faults: readonly FieldError[], count: number = faults.length): string {
	const [first] = faults;
	if (first === undefined) return "";
	const text = first.path === "" ? first.message : `${first.path}: ${first.message}`;
	return count === 1 ? text : `${text} (and ${count - 1} more)`;
}

/** Everything about an {@link AppError} beyond its kind and message. */
export interface AppErrorOptions {
	/** A stable name for programs, `snake_case`; default: the kind. */
	readonly code?: string;
	/** The faults of an input, one each. */
	readonly errors?: readonly FieldError[];
	/** Facts that may be shown to a client. */
	readonly details?: Readonly<Record<string, unknown>>;
	/** Whether trying again can help; default: true for `rate_limited` and `unavailable`. */
	readonly retryable?: boolean;
	/** What caused it. Stays on the server: only the log shows it. */
	readonly cause?: unknown;
}

/**
 * An error that says what a client may know: throw one in a listener to refuse with a status of
 * your choice. Its message is sent to the client; `cause` never is.
 *
 * @example
 * ```ts
 * throw new AppError("invalid", "This comment was refused.", {
 *   errors: [{ path: "body", message: "Say it without links." }],
 * });
 * ```
 */
export class AppError extends Error {
	readonly kind: ErrorKind;
	readonly code: string;
	readonly retryable: boolean;
	readonly errors: readonly FieldError[] | undefined;
	readonly details: Readonly<Record<string, unknown>> | undefined;

	constructor(kind: ErrorKind, message: string, options: AppErrorOptions = {}) {
		super(message, "cause" in options ? { cause: options.cause } : undefined);
		this.kind = kind;
		this.code = options.code ?? kind;
		this.retryable = options.retryable ?? RETRYABLE.has(kind);
		this.errors = options.errors;
		this.details = options.details;
	}

	override get name(): string {
		return this.constructor.name;
	}
}

/** Recognises an {@link AppError} by shape, so that two copies of the package understand each other. */
export function isAppError(error: unknown): error is AppError {
	if (error instanceof AppError) return true;
	return (
		error instanceof Error &&
		"kind" in error &&
		typeof error.kind === "string" &&
		"code" in error &&
		typeof error.code === "string" &&
		"retryable" in error
	);
}

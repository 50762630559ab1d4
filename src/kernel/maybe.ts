/**
 * A value that is there now, or a promise of it. Ports and dispatch return `Maybe`, so that a local
 * path (embedded database, listeners that return no promise) runs through without a single await.
 */
export type Maybe<T> = T | Promise<T>;

/** Tells a promise, or anything that can be awaited, from a plain value. */
export function isPromise<T>(value: Maybe<T> | PromiseLike<T>): value is Promise<T> {
	return (
		value !== null &&
		typeof value === "object" &&
		"then" in value &&
		typeof value.then === "function"
	);
}

/** Applies `next` to the value: at once when it is there, after it resolves when it is a promise. */
export function chain<T, U>(value: Maybe<T>, next: (value: T) => Maybe<U>): Maybe<U> {
	return isPromise(value) ? value.then(next) : next(value);
}

/** Makes the call; when it throws, or its promise rejects, the answer is what `recover` makes of it. */
export function rescue<T>(call: () => Maybe<T>, recover: (error: unknown) => Maybe<T>): Maybe<T> {
	try {
		const value = call();
		return isPromise(value) ? value.catch(recover) : value;
	} catch (error) {
		return recover(error);
	}
}

/** Turns a `Maybe`-returning call into a promise; a synchronous throw becomes a rejection. */
export function toPromise<T>(call: () => Maybe<T>): Promise<T> {
	try {
		return Promise.resolve(call());
	} catch (error) {
		return Promise.reject(error);
	}
}

/** The steps of a procedure that may wait: a generator that yields only through {@link wait}. */
export type Steps<T> = Generator<Promise<unknown>, T, unknown>;

/**
 * Waits for a `Maybe` inside {@link run}; a plain value costs no suspension.
 *
 * @example
 * ```ts
 * run(function* () {
 *   const rows = yield* wait(database.all(statement));
 *   return rows.length;
 * });
 * ```
 */
export function* wait<T>(value: Maybe<T>): Steps<T> {
	return isPromise(value) ? ((yield value) as T) : value;
}

/**
 * Runs a procedure written as straight-line code, synchronously for as long as nothing it waits for
 * is a promise, and returns its result or a promise of it. Throws what the procedure throws.
 */
export function run<T>(procedure: () => Steps<T>): Maybe<T> {
	const steps = procedure();
	const first = steps.next();
	return first.done === true ? first.value : resume(steps, first.value);
}

async function resume<T>(steps: Steps<T>, pending: Promise<unknown>): Promise<T> {
	let current = pending;
	for (;;) {
		const next = await current.then(
			(value) => steps.next(value),
			(error: unknown) => steps.throw(error),
		);
		if (next.done === true) return next.value;
		current = next.value;
	}
}

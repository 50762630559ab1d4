import { isThenable } from "../walk.ts";

/**
 * Calls `go` and hands on what it returns or throws. Tells when that is over: of a promise when it
 * settles, and before anybody who waits for it. Nobody but this looks at the promise itself: a query
 * builder runs again for each `then`.
 */
export function whenDone<T>(
	go: () => T,
	onValue: () => void,
	onError: (error: unknown) => void,
): T {
	const fail = (error: unknown): never => {
		onError(error);
		throw error;
	};
	let result: T;
	try {
		result = go();
	} catch (error) {
		return fail(error);
	}
	if (!isThenable(result)) {
		onValue();
		return result;
	}
	return Promise.resolve(result).then((value) => {
		onValue();
		return value;
	}, fail) as T;
}

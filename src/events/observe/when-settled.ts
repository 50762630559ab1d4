/**
 * Tells how a promise ends, before anybody who waits for the one that it hands on. Nobody but it looks
 * at `pending`: a query builder runs again for each `then`.
 */
export function whenSettled<T>(
	pending: PromiseLike<T>,
	onValue: () => void,
	onError: (error: unknown) => void,
): Promise<T> {
	return Promise.resolve(pending).then(
		(value) => {
			onValue();
			return value;
		},
		(error: unknown) => {
			onError(error);
			throw error;
		},
	);
}

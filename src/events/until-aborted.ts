/** What `pending` becomes, or a rejection with the signal's reason if that is aborted before. */
export function untilAborted<T>(pending: Promise<T>, signal: AbortSignal): Promise<T> {
	return new Promise((resolve, reject) => {
		const abort = (): void => reject(signal.reason);
		if (signal.aborted) abort();
		signal.addEventListener("abort", abort, { once: true });
		void pending.then(resolve, reject).then(() => signal.removeEventListener("abort", abort));
	});
}

/**
 * The same chunks, for as long as the signal lets them come. Then its reason is thrown, also while a
 * chunk is waited for: a client that has stalled holds nothing up. The source is told to end.
 *
 * @throws The signal's reason; whatever `chunks` throws.
 */
export async function* untilAborted<Chunk>(
	chunks: AsyncIterable<Chunk>,
	signal: AbortSignal | undefined,
): AsyncGenerator<Chunk, void, undefined> {
	if (signal === undefined) {
		yield* chunks;
		return;
	}
	signal.throwIfAborted();
	const source = chunks[Symbol.asyncIterator]();
	try {
		for (;;) {
			const next = await nextUnlessAborted(source, signal);
			if (next.done === true) return;
			yield next.value;
		}
	} finally {
		void end(source);
	}
}

/** One listener for one chunk: a race with a promise that lives on would keep every chunk alive. */
async function nextUnlessAborted<Chunk>(
	source: AsyncIterator<Chunk>,
	signal: AbortSignal,
): Promise<IteratorResult<Chunk>> {
	signal.throwIfAborted();
	const aborted = Promise.withResolvers<never>();
	const onAbort = (): void => aborted.reject(signal.reason);
	signal.addEventListener("abort", onAbort);
	try {
		const next = await Promise.race([source.next(), aborted.promise]);
		signal.throwIfAborted();
		return next;
	} finally {
		signal.removeEventListener("abort", onAbort);
	}
}

/** Not awaited: a source that has stalled ends when it goes on, if ever. */
async function end(source: AsyncIterator<unknown>): Promise<void> {
	try {
		await source.return?.();
	} catch {
		// What was thrown before is what the caller learns.
	}
}

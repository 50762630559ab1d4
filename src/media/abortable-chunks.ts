import { untilAborted } from "../events/until-aborted.ts";

/**
 * The same chunks, for as long as the signal lets them come. Then its reason is thrown, also while a
 * chunk is waited for: a client that has stalled holds nothing up. The source is told to end.
 *
 * @throws The signal's reason; whatever `chunks` throws.
 */
export async function* abortableChunks<Chunk>(
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
			const next = await untilAborted(source.next(), signal);
			signal.throwIfAborted();
			if (next.done === true) return;
			yield next.value;
			signal.throwIfAborted();
		}
	} finally {
		void end(source);
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

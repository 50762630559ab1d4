/** A line of a file, as it stands there. */
export interface Line {
	/** Counted from 1. */
	readonly number: number;
	/** Its bytes, with the line feed at its end. */
	readonly bytes: Buffer;
	/** Whether it ends with a line feed: all but the last one do. */
	readonly whole: boolean;
}

const LINE_FEED = 10;

/**
 * Cuts a stream into lines; no more of it is in memory than one line and one chunk.
 * @param first The number of the first line.
 */
export async function* readLines(
	chunks: AsyncIterable<Uint8Array>,
	first = 1,
): AsyncGenerator<Line> {
	let number = first;
	let begun: Buffer[] = [];
	for await (const chunk of chunks) {
		const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
		let from = 0;
		for (;;) {
			const at = bytes.indexOf(LINE_FEED, from);
			if (at === -1) break;
			const end = bytes.subarray(from, at + 1);
			yield { number, bytes: joined(begun, end), whole: true };
			begun = [];
			number++;
			from = at + 1;
		}
		if (from < bytes.length) begun.push(bytes.subarray(from));
	}
	if (begun.length > 0) yield { number, bytes: Buffer.concat(begun), whole: false };
}

function joined(begun: readonly Buffer[], end: Buffer): Buffer {
	return begun.length === 0 ? end : Buffer.concat([...begun, end]);
}

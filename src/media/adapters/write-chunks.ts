/** What of an open file is used to write it. */
export interface WritableFile {
	writev(chunks: readonly Uint8Array[]): Promise<{ readonly bytesWritten: number }>;
	/** Writes on from where the file is. */
	writeFile(bytes: Uint8Array): Promise<void>;
}

/** What is written at a time: bytes, and chunks, of which systems take up to 1 024. */
const AT_ONCE = 512 * 1024;
const CHUNKS_AT_ONCE = 512;

/**
 * Writes chunks one after the other. A write takes a trip to another thread, so that they are gathered
 * for it: at most 512 KiB and a chunk are held.
 *
 * @throws Whatever `chunks` or the file throws.
 */
export async function writeChunks(
	file: WritableFile,
	chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
	let gathered: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of chunks) {
		gathered.push(chunk);
		size += chunk.byteLength;
		if (size < AT_ONCE && gathered.length < CHUNKS_AT_ONCE) continue;
		await writeAll(file, gathered);
		gathered = [];
		size = 0;
	}
	await writeAll(file, gathered);
}

async function writeAll(file: WritableFile, chunks: readonly Uint8Array[]): Promise<void> {
	if (chunks.length === 0) return;
	let { bytesWritten: done } = await file.writev(chunks);
	// A system may take less than it is given.
	for (const chunk of chunks) {
		if (done < chunk.byteLength) await file.writeFile(chunk.subarray(done));
		done = Math.max(0, done - chunk.byteLength);
	}
}

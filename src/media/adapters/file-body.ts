import type { ByteRange, ObjectContent } from "../storage-adapter.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** What of an open file is used to read it. */
export interface OpenFile {
	read(
		buffer: Uint8Array,
		offset: number,
		length: number,
		position: number,
	): Promise<{ readonly bytesRead: number }>;
	/** May be called again. */
	close(): Promise<void>;
}

/** Up to here a part comes as it is, which takes less time than a stream. Bytes. */
const SMALL = 64 * 1024;
/** How much of a file is read at a time. Bytes. */
const CHUNK = 256 * 1024;

/**
 * A part of a file: its bytes if they are few, or a stream that reads when it is read from. The file
 * is closed when all is read, when the stream is cancelled, and when reading fails.
 */
export async function fileBody(file: OpenFile, part: ByteRange): Promise<ObjectContent["body"]> {
	if (part.length > SMALL) return streamOf(file, part);
	try {
		return await readPart(file, part);
	} finally {
		await file.close();
	}
}

function streamOf(file: OpenFile, part: ByteRange): ReadableStream<Bytes> {
	const end = part.offset + part.length;
	let offset = part.offset;
	return new ReadableStream<Bytes>(
		{
			async pull(controller) {
				try {
					const chunk = await readPart(file, { offset, length: Math.min(CHUNK, end - offset) });
					offset += chunk.length;
					if (offset === end) await file.close();
					controller.enqueue(chunk);
					if (offset === end) controller.close();
				} catch (error) {
					await file.close();
					throw error;
				}
			},
			cancel: () => file.close(),
		},
		{ highWaterMark: 0 },
	);
}

async function readPart(file: OpenFile, { offset, length }: ByteRange): Promise<Bytes> {
	const bytes = new Uint8Array(length);
	let filled = 0;
	while (filled < length) {
		const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
		if (bytesRead === 0) throw new Error("The file of an object has become shorter.");
		filled += bytesRead;
	}
	return bytes;
}

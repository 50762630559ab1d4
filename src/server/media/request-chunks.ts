import { serverErrors } from "../errors.ts";

/** Bytes that are read at most at a time where the reader may say so. */
const AT_ONCE = 64 * 1024;

type Bytes = Uint8Array<ArrayBuffer>;
type Read = () => Promise<ReadableStreamReadResult<Uint8Array>>;

/**
 * The body of a request, chunk by chunk, each read when it is asked for. Who stops early lets go of it.
 *
 * @throws `body_used`; `body_unreadable` when it ends before all of it has come.
 */
export async function* requestChunks(request: Request): AsyncGenerator<Uint8Array> {
	if (request.bodyUsed) throw serverErrors.create("body_used", {});
	const { body } = request;
	if (!body) return;
	const reader = largeReader(body) ?? body.getReader();
	const read: Read =
		reader instanceof ReadableStreamDefaultReader ? () => reader.read() : () => readLarge(reader);
	try {
		for (;;) {
			const { done, value } = await readFrom(read);
			if (done) return;
			yield value;
		}
	} finally {
		await reader.cancel().catch(() => {});
	}
}

/** Workers hand 4 KiB at a time to whoever brings no buffer; streams that are not of bytes take none. */
function largeReader(body: ReadableStream<Bytes>): ReadableStreamBYOBReader | undefined {
	try {
		return body.getReader({ mode: "byob" });
	} catch {
		return undefined;
	}
}

async function readLarge(
	reader: ReadableStreamBYOBReader,
): Promise<ReadableStreamReadResult<Uint8Array>> {
	const { done, value } = await reader.read(new Uint8Array(AT_ONCE));
	if (done || value === undefined) return { done: true, value: undefined };
	// A little of a large buffer is not to hold all of it.
	return { done: false, value: value.byteLength * 2 < AT_ONCE ? value.slice() : value };
}

async function readFrom(read: Read) {
	try {
		return await read();
	} catch (cause) {
		throw serverErrors.create("body_unreadable", {}, { cause });
	}
}

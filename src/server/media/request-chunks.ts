import { serverErrors } from "../errors.ts";

/** Bytes that are read at most at a time where the reader may say so. */
const AT_ONCE = 64 * 1024;

type Body = ReadableStream<Uint8Array<ArrayBuffer>>;
type DefaultReader = ReadableStreamDefaultReader<Uint8Array>;

/**
 * The body of a request, chunk by chunk, each read when it is asked for. Who stops early lets go of it.
 *
 * @throws `body_used`; `body_unreadable` when it ends before all of it has come.
 */
export async function* requestChunks(request: Request): AsyncGenerator<Uint8Array> {
	if (request.bodyUsed) throw serverErrors.create("body_used", {});
	const { body } = request;
	if (!body) return;
	const large = largeReader(body);
	const reader = large ?? body.getReader();
	const read = large ? () => readLarge(large) : () => readNext(reader as DefaultReader);
	try {
		for (;;) {
			const chunk = await readable(read());
			if (!chunk) return;
			yield chunk;
		}
	} finally {
		await reader.cancel().catch(() => {});
	}
}

/** Workers hand out 4 KiB at a time unless a buffer is brought; what is no stream of bytes takes none. */
function largeReader(body: Body): ReadableStreamBYOBReader | undefined {
	try {
		return body.getReader({ mode: "byob" });
	} catch {
		return undefined;
	}
}

async function readLarge(reader: ReadableStreamBYOBReader): Promise<Uint8Array | undefined> {
	const { done, value } = await reader.read(new Uint8Array(AT_ONCE));
	if (done || !value) return undefined;
	// A little of a large buffer is not to hold all of it.
	return value.byteLength * 2 < AT_ONCE ? value.slice() : value;
}

async function readNext(reader: DefaultReader): Promise<Uint8Array | undefined> {
	return (await reader.read()).value;
}

async function readable<T>(chunk: Promise<T>): Promise<T> {
	try {
		return await chunk;
	} catch (cause) {
		throw serverErrors.create("body_unreadable", {}, { cause });
	}
}

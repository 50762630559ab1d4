import { serverErrors } from "../errors.ts";

/**
 * The body of a request, chunk by chunk, each read when it is asked for. Who stops early lets go of it.
 *
 * @throws `body_used`; `body_unreadable` when it ends before all of it has come.
 */
export async function* requestChunks(request: Request): AsyncGenerator<Uint8Array> {
	if (request.bodyUsed) throw serverErrors.create("body_used", {});
	const reader = request.body?.getReader();
	if (!reader) return;
	try {
		for (;;) {
			const { done, value } = await readFrom(reader);
			if (done) return;
			yield value;
		}
	} finally {
		await reader.cancel().catch(() => {});
	}
}

async function readFrom(reader: ReadableStreamDefaultReader<Uint8Array>) {
	try {
		return await reader.read();
	} catch (cause) {
		throw serverErrors.create("body_unreadable", {}, { cause });
	}
}

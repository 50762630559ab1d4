import { baseName } from "../../media/file-name.ts";
import { FormFile, MAX_BESIDE_FILE } from "./form-file.ts";
import { requestChunks } from "./request-chunks.ts";

/** A file as a request brings it. */
export interface SentFile {
	/** What it was called where it comes from. */
	readonly filename: string | undefined;
	/** What the sender takes it for. */
	readonly type: string | undefined;
	/** Bytes that it has at least, as announced. */
	readonly size: number | undefined;
	/** Its bytes, to be read once, each chunk when it is asked for. */
	readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * The file of a request: its body as it is, or the file of a form (`multipart/form-data`), of which only
 * as much is read as comes before the file.
 *
 * @throws (rejects) `bad_form`, `no_file`, `body_unreadable`, `body_used`; its chunks throw them, too.
 */
export async function readUpload(request: Request): Promise<SentFile> {
	const type = request.headers.get("content-type") ?? undefined;
	const announced = lengthOf(request);
	const body = requestChunks(request);
	if (type === undefined || !/^\s*multipart\/form-data\s*(?:;|$)/i.test(type)) {
		return { filename: undefined, type, size: announced, chunks: body };
	}
	const form = new FormFile(body, type);
	const part = await form.begin();
	return {
		filename: part.filename === undefined ? undefined : baseName(part.filename),
		type: part.type,
		size: announced === undefined ? undefined : Math.max(0, announced - MAX_BESIDE_FILE),
		chunks: form.chunks(),
	};
}

function lengthOf(request: Request): number | undefined {
	const text = request.headers.get("content-length");
	return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

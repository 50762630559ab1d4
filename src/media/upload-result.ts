import type { Warning } from "../data/write/warning.ts";
import type { FileMeta } from "./media-events.ts";
import type { MediaRow } from "./media.ts";

/** What became of an upload; a listener of `FileUploadedEvent` may have changed all but the row. */
export interface UploadResult {
	/** The row; null when a listener prevented it, and nothing is stored. */
	readonly data: MediaRow | null;
	/** The public name. */
	readonly name: string;
	readonly meta: FileMeta;
	readonly etag: string;
	readonly state: { readonly name: string; readonly path: string };
	/** What went wrong in listeners once the file was stored. */
	readonly warnings?: readonly Warning[];
}

/** Puts together what an upload is answered with. */
export function uploadResult(
	{ name, meta, etag, state }: Omit<UploadResult, "data" | "warnings">,
	data: MediaRow | null,
	warnings: readonly Warning[],
): UploadResult {
	return { data, name, meta, etag, state, ...(warnings.length > 0 ? { warnings } : {}) };
}

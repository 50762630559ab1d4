import type { ByteRange } from "../../media/storage-adapter.ts";

/** Characters of a header that is looked at; one range needs far less. */
const MAX_LENGTH = 100;
const ONE_RANGE = /^bytes=[ \t]*(?:(\d+)-(\d*)|-(\d+))[ \t]*$/i;

/** What `Range` asks for: a part, all of it, or something that is not there. */
export type WantedRange = ByteRange | "whole" | "unsatisfiable";

/**
 * Reads `Range` (RFC 9110 §14.2). One range of bytes is understood. Whatever else is asked for, by
 * several ranges, another unit or nonsense, is the whole file: a server may ignore the header.
 *
 * @param size Bytes of the file.
 * @example
 * ```ts
 * readByteRange("bytes=-500", 2_000); // { offset: 1500, length: 500 }
 * ```
 */
export function readByteRange(header: string | null, size: number): WantedRange {
	if (header === null || header.length > MAX_LENGTH) return "whole";
	const [, first, last, suffix] = ONE_RANGE.exec(header) ?? [];
	// As big integers: digits that a number can't hold must not come out as another position.
	if (suffix !== undefined) return lastBytes(BigInt(suffix), size);
	if (first === undefined) return "whole";
	const start = BigInt(first);
	const end = last === undefined || last === "" ? undefined : BigInt(last);
	if (end !== undefined && end < start) return "whole";
	if (start >= BigInt(size)) return "unsatisfiable";
	const offset = Number(start);
	const until = end === undefined || end >= BigInt(size) ? size : Number(end) + 1;
	return { offset, length: until - offset };
}

function lastBytes(length: bigint, size: number): WantedRange {
	if (length === 0n) return "unsatisfiable";
	// The last bytes of nothing are nothing, which no Content-Range can say.
	if (size === 0) return "whole";
	const held = length >= BigInt(size) ? size : Number(length);
	return { offset: size - held, length: held };
}

import { markupType } from "./markup-type.ts";
import { BINARY_SIGNATURES, SIGNATURES, type Signature } from "./signatures.ts";

/** Bytes of a file that are looked at. */
export const SNIFF_SIZE = 4_096;

/** Types of text that say more than "text", and that no browser executes. */
const TEXT_TYPES: ReadonlySet<string> = new Set([
	"application/geo+json",
	"application/json",
	"application/ld+json",
	"application/toml",
	"application/x-ndjson",
	"application/yaml",
	"text/calendar",
	"text/css",
	"text/csv",
	"text/markdown",
	"text/plain",
	"text/tab-separated-values",
	"text/vcard",
	"text/vtt",
]);

/** What the WHATWG calls binary: no text has them. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\0-\x08\x0b\x0e-\x1a\x1c-\x1f]/;

/**
 * The media type of a file by its content. What the sender says counts for plain text alone, where
 * content can't tell CSV from Markdown: text that a browser would execute is found out, and nothing is
 * HTML, XML or a script because somebody says so. A file that begins as one thing and goes on as another
 * has the type of its beginning.
 *
 * @param head The beginning of the file: {@link SNIFF_SIZE} bytes or more, or all there are.
 * @param declared What the sender takes it for; parameters and case do not matter.
 * @returns In lower case, without parameters; `application/octet-stream` when nothing fits.
 * @example
 * ```ts
 * sniffType(bytes, "image/png"); // "text/html", if that is what it is
 * ```
 */
export function sniffType(head: Uint8Array, declared?: string): string {
	const bytes = head.subarray(0, SNIFF_SIZE);
	// Spreading them takes seven times as long.
	const binary: string = Reflect.apply(String.fromCharCode, null, bytes);
	const said = essence(declared);
	const signed = match(SIGNATURES, binary, said);
	if (signed !== undefined) return signed;
	const text = decode(bytes, binary);
	if (text?.known !== true) {
		const found = match(BINARY_SIGNATURES, binary, said);
		if (found !== undefined) return found;
	}
	if (text === undefined) return "application/octet-stream";
	const markup = markupType(text.characters, said);
	if (markup !== undefined) return markup;
	if (TEXT_TYPES.has(said)) return said;
	return text.known ? "text/plain" : "application/octet-stream";
}

function match(signatures: readonly Signature[], binary: string, said: string): string | undefined {
	for (const [pattern, type] of signatures) {
		if (!pattern.test(binary)) continue;
		const found = typeof type === "string" ? type : type(binary, said);
		if (found !== undefined) return found;
	}
	return undefined;
}

/** A media type without parameters; `""` when it is none. */
function essence(type = ""): string {
	return type.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

/** The text of a file, unless it is none. */
interface Text {
	readonly characters: string;
	/** Whether the encoding is known for certain. */
	readonly known: boolean;
}

function decode(bytes: Uint8Array, binary: string): Text | undefined {
	if (/^(?:\xff\xfe|\xfe\xff)/.test(binary)) return decodeUtf16(bytes);
	if (CONTROL.test(binary)) return undefined;
	try {
		// A character may be cut in two at the end of the head; at the end of a file it may not.
		const stream = bytes.length === SNIFF_SIZE;
		const characters = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes, {
			stream,
		});
		return { characters, known: true };
	} catch {
		return { characters: binary, known: false };
	}
}

function decodeUtf16(bytes: Uint8Array): Text | undefined {
	const littleEndian = bytes[0] === 0xff;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (bytes.length % 2 === 1) return undefined;
	let characters = "";
	for (let at = 2; at < bytes.length; at += 2) {
		characters += String.fromCharCode(view.getUint16(at, littleEndian));
	}
	return CONTROL.test(characters) ? undefined : { characters, known: true };
}

import { mediaErrors } from "./errors.ts";
import { fileExtension } from "./file-extension.ts";

/** Bytes of UTF-8: what every file system takes, with room for an extension or two. */
const MAX_BYTES = 200;
/** UTF-16 units that are looked at; no name that fits has more before it is composed. */
const MAX_UNITS = 4 * MAX_BYTES;
/** The longest ending that is kept when a name is cut. */
const MAX_EXTENSION = 16;

/** White space that is no plain space, so that two names never differ by it. */
const OTHER_SPACE = /[^\S ]/u;
/** Controls, format characters (bidi, joiners, soft hyphens), and what else shows nothing. */
const INVISIBLE =
	/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/u;
const FORBIDDEN = /[<>:"|?*]/;
const ENCODED = /%[\da-f]{2}/i;
/** Names that Windows keeps for devices, whatever follows behind a dot. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³]) *(?:\.|$)/i;

const RULES: readonly (readonly [refused: RegExp, reason: string])[] = [
	[/^$/, "it is empty"],
	[/^\.\.?$/, "it means a folder"],
	[/[/\\]/, "it has a slash"],
	[OTHER_SPACE, "it has white space that is no plain space"],
	[INVISIBLE, "it has characters that are not seen"],
	[/^[ .]|[ .]$/, "it begins or ends with a space or a dot"],
	[FORBIDDEN, 'it has one of < > : " | ? *'],
	[ENCODED, "it looks percent-encoded"],
	[DEVICE, "Windows keeps this name for a device"],
];

/**
 * Checks the public name of a file: one that every file system takes, that no URL changes, and that
 * looks like no other. Letters of all scripts and spaces between them are fine. Emoji that are joined of
 * several are not, as what joins them can't be seen.
 *
 * @returns The name, composed (NFC).
 * @throws `bad_file_name`, which says what is wrong with it.
 * @example
 * ```ts
 * checkFileName("Grüße aus 東京.jpg"); // the same
 * checkFileName("../secret"); // throws
 * ```
 */
export function checkFileName(name: string): string {
	if (name.length > MAX_UNITS) throw refused("it is too long");
	if (!name.isWellFormed()) throw refused("it is not Unicode");
	const composed = name.normalize("NFC");
	const broken = RULES.find(([rule]) => rule.test(composed));
	if (broken !== undefined) throw refused(broken[1]);
	if (byteLength(composed) > MAX_BYTES) throw refused(`it has more than ${MAX_BYTES} bytes`);
	return composed;
}

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * A name that nobody can guess for a file that came without one: 16 letters and digits, and the usual
 * extension of its media type.
 */
export function newFileName(type: string): string {
	let name = "";
	for (const byte of crypto.getRandomValues(new Uint8Array(16))) name += ALPHABET[byte & 31];
	return `${name}.${fileExtension(type)}`;
}

/**
 * The name of a file out of what a browser sends as `filename` of a form: its last segment, without
 * what {@link checkFileName} refuses, cut where it is too long.
 *
 * @returns undefined when nothing is left of it.
 * @example
 * ```ts
 * baseName("C:\\fakepath\\what?.png"); // "what_.png"
 * ```
 */
export function baseName(filename: string): string | undefined {
	const segment = filename.slice(lastSlash(filename) + 1);
	const text = segment.length > MAX_UNITS ? cut(segment, MAX_UNITS) : segment;
	// Browsers write quotes and line ends so, and nothing else.
	const decoded = text.replace(/%(?:22|0d|0a)/gi, "_").toWellFormed();
	const visible = decoded
		.replace(new RegExp(`${OTHER_SPACE.source}+`, "gu"), " ")
		.replace(new RegExp(INVISIBLE.source, "gu"), "")
		.replaceAll("\ufffd", "")
		.normalize("NFC")
		.replace(new RegExp(FORBIDDEN.source, "g"), "_")
		.replace(/%(?=[\da-f]{2})/gi, "_");
	const trimmed = trim(visible);
	const free = DEVICE.test(trimmed) ? `_${trimmed}` : trimmed;
	const name = trim(cut(free, MAX_BYTES));
	return name === "" ? undefined : name;
}

function lastSlash(text: string): number {
	return Math.max(text.lastIndexOf("/"), text.lastIndexOf("\\"));
}

function trim(name: string): string {
	let start = 0;
	let end = name.length;
	while (start < end && " .".includes(name.charAt(start))) start++;
	while (end > start && " .".includes(name.charAt(end - 1))) end--;
	return name.slice(start, end);
}

/** The name within so many bytes, its extension kept where it is one. */
function cut(name: string, bytes: number): string {
	if (byteLength(name) <= bytes) return name;
	const dot = name.lastIndexOf(".");
	const isExtension = dot > 0 && name.length - dot <= MAX_EXTENSION;
	const extension = isExtension ? name.slice(dot) : "";
	let stem = "";
	let room = bytes - byteLength(extension);
	for (const character of isExtension ? name.slice(0, dot) : name) {
		room -= byteLength(character);
		if (room < 0) break;
		stem += character;
	}
	return stem + extension;
}

function byteLength(text: string): number {
	return new TextEncoder().encode(text).length;
}

function refused(reason: string): Error {
	return mediaErrors.create("bad_file_name", { reason });
}

/** What is taken unless configured otherwise: nothing that a browser or a system would execute. */
export const ACCEPTED_TYPES: readonly string[] = [
	"image/*",
	"video/*",
	"audio/*",
	"font/*",
	"application/ogg",
	"application/pdf",
	"text/plain",
	"text/csv",
	"text/markdown",
	"text/tab-separated-values",
	"text/calendar",
	"text/vcard",
	"text/vtt",
	"application/json",
	"application/geo+json",
	"application/rtf",
	"application/epub+zip",
	"application/msword",
	"application/vnd.ms-excel",
	"application/vnd.ms-powerpoint",
	"application/vnd.oasis.opendocument.*",
	"application/vnd.openxmlformats-officedocument.*",
	"application/zip",
	"application/gzip",
	"application/x-tar",
	"application/x-7z-compressed",
	"application/vnd.rar",
];

/** What can run in a browser that shows it, or act on a computer that opens it. */
const ACTIVE =
	/[/+]xml$|html|script|^text\/(?:xsl|css)$|^application\/(?:wasm|x-(?:elf|mach-binary|httpd-php|shockwave-flash)|java|vnd\.(?:android|microsoft\.portable-exec))/;

/** What browsers show as a page of its own, and never run. */
const SHOWN = new Set([
	"application/pdf",
	"image/apng",
	"image/avif",
	"image/bmp",
	"image/gif",
	"image/heic",
	"image/heif",
	"image/jpeg",
	"image/jxl",
	"image/png",
	"image/tiff",
	"image/webp",
	"image/x-icon",
	"text/plain",
]);
const SHOWN_KINDS = /^(?:audio|video)\/[\w.-]+$/;

/**
 * Whether files of this type are taken.
 *
 * @param type By content, in lower case and without parameters, as `sniffType` answers.
 * @param accepted Types, or what they begin with and a star: `image/*`; `*` is any. What is active (HTML,
 * SVG, XML, scripts, programs) is taken only where `*` stands, or its own name: `image/*` is not SVG.
 */
export function acceptsType(type: string, accepted: readonly string[] = ACCEPTED_TYPES): boolean {
	const isActive = ACTIVE.test(type);
	return accepted.some((pattern) => {
		const wanted = pattern.toLowerCase();
		if (wanted === "*" || wanted === "*/*" || wanted === type) return true;
		return !isActive && wanted.endsWith("*") && type.startsWith(wanted.slice(0, -1));
	});
}

/**
 * Whether a browser may show a file of this type, rather than save it. HTML, SVG, XML and scripts are
 * never shown, whatever is accepted: they would run as a page of this site.
 */
export function showsInline(type: string): boolean {
	return SHOWN.has(type) || SHOWN_KINDS.test(type);
}

/** What a `Content-Disposition` is made of. */
export interface DispositionOptions {
	/** The media type by content. */
	readonly type: string;
	/** The public name. */
	readonly name: string;
}

/**
 * The value of `Content-Disposition` (RFC 6266) for a file: `inline` where its type is shown, otherwise
 * `attachment`. Whatever the name is made of, the header has only this one, in ASCII.
 *
 * @example
 * ```ts
 * contentDisposition({ type: "image/png", name: "Grüße.png" });
 * // inline; filename="Gr__e.png"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.png
 * ```
 */
export function contentDisposition({ type, name }: DispositionOptions): string {
	const disposition = showsInline(type) ? "inline" : "attachment";
	const formed = name.toWellFormed();
	// Some browsers decode percent signs within quotes, and backslashes are read in many ways.
	const plain = formed.replace(/[^ !#$&-[\]-~]/gu, "_");
	const quoted = `${disposition}; filename="${plain}"`;
	return plain === formed ? quoted : `${quoted}; filename*=UTF-8''${encodeExtended(formed)}`;
}

/** RFC 8187: what `encodeURIComponent` leaves and the header does not. */
function encodeExtended(text: string): string {
	return encodeURIComponent(text).replace(
		/['()*]/g,
		(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}

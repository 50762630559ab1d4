/* oxlint-disable no-control-regex -- signatures are made of them */

/**
 * How files of a type begin, one character a byte; and the type, or what tells types apart that begin alike.
 */
export type Signature = readonly [
	pattern: RegExp,
	type: string | ((binary: string, declared: string) => string | undefined),
];

const OPEN_XML = "application/vnd.openxmlformats-officedocument.";
const OPEN_XML_TYPES: readonly (readonly [folder: RegExp, type: string])[] = [
	[/^word\//, `${OPEN_XML}wordprocessingml.document`],
	[/^xl\//, `${OPEN_XML}spreadsheetml.sheet`],
	[/^ppt\//, `${OPEN_XML}presentationml.presentation`],
];
const OLD_OFFICE: ReadonlySet<string> = new Set([
	"application/msword",
	"application/vnd.ms-excel",
	"application/vnd.ms-powerpoint",
]);

/** What no text begins with, or text that is certainly of this type. */
export const SIGNATURES: readonly Signature[] = [
	[/^\x89PNG\r\n\x1a\n/, "image/png"],
	[/^\xff\xd8\xff/, "image/jpeg"],
	[/^GIF8[79]a/, "image/gif"],
	[/^RIFF....WEBPVP8/s, "image/webp"],
	[/^RIFF....WAVE/s, "audio/wav"],
	[/^RIFF....AVI /s, "video/x-msvideo"],
	[/^(?:II[*+]\0|MM\0[*+])/, "image/tiff"],
	[/^BM.{4}\0{4}.{4}[\x0c(4@8l|]\0{3}/s, "image/bmp"],
	[/^\0\0[\x01\x02]\0[^\0]\0..[^]\0/s, "image/x-icon"],
	[/^\0\0\0\x0cJXL \r\n\x87\n/, "image/jxl"],
	[/^\0\0\0\x0cjP {2}\r\n\x87\n/, "image/jp2"],
	[/^8BPS\0[\x01\x02]/, "image/vnd.adobe.photoshop"],
	[/^\0[^]{3}ftyp/, brandType],
	[/^\0[^]{3}(?:moov|mdat|wide|pnot)/, "video/quicktime"],
	[/^\x1aE\xdf\xa3[^]{0,40}B\x82[^]webm/, "video/webm"],
	[/^\x1aE\xdf\xa3[^]{0,40}B\x82[^]matroska/, "video/x-matroska"],
	[/^\0\0\x01[\xb3\xba]/, "video/mpeg"],
	[/^0&\xb2u\x8ef\xcf\x11/, "video/x-ms-asf"],
	[/^FLV\x01/, "video/x-flv"],
	[/^ID3[\x02-\x04][\0-\x0f]/, "audio/mpeg"],
	[/^OggS\0[^]{20,40}(?:OpusHead|\x01vorbis|Speex {3}|\x7fFLAC)/, "audio/ogg"],
	[/^OggS\0[^]{20,40}(?:\x80theora|\x01video)/, "video/ogg"],
	[/^OggS\0/, "application/ogg"],
	[/^fLaC[\0\x80]/, "audio/flac"],
	[/^MThd\0\0\0\x06/, "audio/midi"],
	[/^FORM....AIF[FC]/s, "audio/aiff"],
	[/^#!AMR/, "audio/amr"],
	[/^%PDF-/, "application/pdf"],
	[/^%!PS-Adobe-/, "application/postscript"],
	[/^\{\\rtf/, "application/rtf"],
	[/^PK(?:\x03\x04|\x05\x06|\x07\x08)/, zipType],
	[/^\x1f\x8b\x08/, "application/gzip"],
	[/^BZh[1-9]1AY&SY/, "application/x-bzip2"],
	[/^\xfd7zXZ\0/, "application/x-xz"],
	[/^\(\xb5\/\xfd/, "application/zstd"],
	[/^7z\xbc\xaf'\x1c/, "application/x-7z-compressed"],
	[/^Rar!\x1a\x07/, "application/vnd.rar"],
	[/^[^]{257}ustar[\0 ]/, "application/x-tar"],
	[/^wOFF(?:\0\x01\0\0|OTTO|true)/, "font/woff"],
	[/^wOF2(?:\0\x01\0\0|OTTO|true|ttcf)/, "font/woff2"],
	[/^(?:\0\x01\0\0|true)\0[\x01-@]/, "font/ttf"],
	[/^OTTO\0[\x01-@]/, "font/otf"],
	[/^ttcf\0[\x01\x02]\0\0/, "font/collection"],
	[/^\0asm/, "application/wasm"],
	[/^\x7fELF/, "application/x-elf"],
	[/^(?:\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe)/, "application/x-mach-binary"],
	[/^\xca\xfe\xba[\xbe\xbf]\0\0\0[\0-\x2c]/, "application/x-mach-binary"],
	[/^\xca\xfe\xba\xbe/, "application/java-vm"],
	[/^\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1/, (_, declared) => oldOfficeType(declared)],
	[/^MSCF\0{4}/, "application/vnd.ms-cab-compressed"],
	[/^SQLite format 3\0/, "application/vnd.sqlite3"],
];

/** What text may begin with as well: for content that is none. */
export const BINARY_SIGNATURES: readonly Signature[] = [
	[/^MZ/, "application/vnd.microsoft.portable-executable"],
	[/^[FCZ]WS/, "application/x-shockwave-flash"],
	[/^\xff\x0a/, "image/jxl"],
	[/^\xff[\xe2-\xff]/, frameType],
];

/** What of the MP4 family a file is, by the brands that it names. */
function brandType(binary: string): string {
	const size = binary.charCodeAt(2) * 256 + binary.charCodeAt(3);
	const brands = binary.slice(8, 12) + binary.slice(16, Math.min(size, 256));
	const major = brands.slice(0, 4);
	if (/^(?:.{4})*?avi[fs]/s.test(brands)) return "image/avif";
	if (/^(?:.{4})*?(?:hei[cxms]|hev[cxms])/s.test(brands)) return "image/heic";
	if (/^m[is]f1/.test(major)) return "image/heif";
	if (major.startsWith("crx ")) return "image/x-canon-cr3";
	if (major.startsWith("qt  ")) return "video/quicktime";
	if (/^(?:M4[ABP]|F4A)/.test(major)) return "audio/mp4";
	if (major.startsWith("3g2")) return "video/3gpp2";
	return major.startsWith("3g") ? "video/3gpp" : "video/mp4";
}

/** What is kept in a ZIP, by the names of its first entries. */
function zipType(binary: string, declared: string): string {
	const entries = entryNames(binary);
	const [, own] =
		/^[^]{30}mimetype(application\/(?:epub\+zip|vnd\.oasis\.opendocument\.[a-z-]+))/.exec(binary) ??
		[];
	if (own !== undefined) return own;
	for (const [folder, type] of OPEN_XML_TYPES) {
		if (entries.some((name) => folder.test(name))) return type;
	}
	if (entries.includes("AndroidManifest.xml")) return "application/vnd.android.package-archive";
	if (entries.includes("META-INF/MANIFEST.MF")) return "application/java-archive";
	// Which of them it is may stand too far behind.
	const isOpenXml = entries.includes("[Content_Types].xml");
	const isDeclared = OPEN_XML_TYPES.some(([, type]) => type === declared);
	return isOpenXml && isDeclared ? declared : "application/zip";
}

function entryNames(binary: string): readonly string[] {
	const names: string[] = [];
	let at = binary.indexOf("PK\x03\x04");
	while (at !== -1) {
		const length = binary.charCodeAt(at + 26) + binary.charCodeAt(at + 27) * 256;
		names.push(binary.slice(at + 30, at + 30 + length));
		at = binary.indexOf("PK\x03\x04", at + 4);
	}
	return names;
}

/** Word, Excel and PowerPoint of old share a container with much else. */
function oldOfficeType(declared: string): string {
	return OLD_OFFICE.has(declared) ? declared : "application/x-cfb";
}

/** kbit/s by index of the header: MPEG 1 layer III, MPEG 2 layer III. */
const BIT_RATES = [
	[32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
	[8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
] as const;
const SAMPLE_RATES = [44_100, 48_000, 32_000] as const;

/** MP3 or AAC without a header of its own: a frame, and another one right behind it. */
function frameType(binary: string): string | undefined {
	const first = frame(binary, 0);
	if (first === undefined) return undefined;
	const next = frame(binary, first.size);
	const isLast = binary.length === first.size;
	return isLast || next?.type === first.type ? first.type : undefined;
}

function frame(binary: string, at: number): { type: string; size: number } | undefined {
	const [sync = 0, kind = 0, third = 0, fourth = 0, fifth = 0, sixth = 0] = Array.from(
		{ length: 6 },
		(_, index) => binary.charCodeAt(at + index),
	);
	if (sync !== 0xff) return undefined;
	if ((kind & 0xf6) === 0xf0) {
		const size = ((fourth & 3) << 11) | (fifth << 3) | (sixth >> 5);
		return size < 7 ? undefined : { type: "audio/aac", size };
	}
	if ((kind & 0xe6) !== 0xe2 || (kind & 0x18) === 0x08) return undefined;
	const isFirst = (kind & 0x18) === 0x18;
	const bits = BIT_RATES[isFirst ? 0 : 1][(third >> 4) - 1];
	const samples = SAMPLE_RATES[(third >> 2) & 3];
	if (bits === undefined || samples === undefined) return undefined;
	const divisor = isFirst ? 1 : (kind & 0x18) === 0x10 ? 2 : 4;
	const size = ((isFirst ? 144_000 : 72_000) * bits) / (samples / divisor);
	return { type: "audio/mpeg", size: Math.floor(size) + ((third >> 1) & 1) };
}

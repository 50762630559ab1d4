import { gzipSync } from "node:zlib";
import { assert as verify, constantFrom, option, property, uint8Array } from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { SNIFF_SIZE, sniffType } from "../../src/media/sniff-type.ts";

/** One character a byte. */
function bytes(binary: string): Uint8Array {
	return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function utf8(text: string): Uint8Array {
	return new TextEncoder().encode(text);
}

function utf16(text: string, order: "le" | "be"): Uint8Array {
	const units = `\ufeff${text}`;
	const marked = new Uint8Array(units.length * 2);
	const view = new DataView(marked.buffer);
	for (let index = 0; index < units.length; index++) {
		view.setUint16(index * 2, units.charCodeAt(index), order === "le");
	}
	return marked;
}

/** The beginning of an entry of a ZIP file. */
function entry(name: string, content = ""): string {
	const size = String.fromCharCode(name.length, 0);
	return `PK\x03\x04${"\0".repeat(22)}${size}\0\0${name}${content}`;
}

function ftyp(major: string, ...others: readonly string[]): string {
	const brands = `${major}\0\0\0\0${others.join("")}`;
	return `\0\0\0${String.fromCharCode(8 + brands.length)}ftyp${brands}\0\0\0\x08free`;
}

const ebml = (type: string) =>
	`\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82${String.fromCharCode(0x80 + type.length)}${type}`;
const ogg = (codec: string) => `OggS\0\x02${"\0".repeat(20)}\x01\x13${codec}`;
const mp3Frame = `\xff\xfb\x90\x00${"\0".repeat(413)}`;
const aacFrame = `\xff\xf1\x50\x80\x02\x1f\xfc${"\0".repeat(9)}`;
const OPEN_XML = "application/vnd.openxmlformats-officedocument.";
const WORD = `${OPEN_XML}wordprocessingml.document`;

const BINARY: readonly (readonly [type: string, binary: string])[] = [
	["image/webp", "RIFF\x1a\0\0\0WEBPVP8L"],
	["image/bmp", "BM\x9a\0\0\0\0\0\0\0\x7a\0\0\0\x6c\0\0\0\x01\0\0\0"],
	["image/bmp", "BM\x9a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0"],
	["image/x-icon", "\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0"],
	["image/tiff", "II*\0\x08\0\0\0"],
	["image/tiff", "MM\0*\0\0\0\x08"],
	["image/avif", ftyp("avif", "mif1", "miaf")],
	["image/avif", ftyp("mif1", "avif", "miaf")],
	["image/heic", ftyp("heic", "mif1", "heic")],
	["image/heic", ftyp("mif1", "heic")],
	["image/heif", ftyp("mif1", "miaf")],
	["image/jxl", "\xff\x0a\xfa\x1f\x01"],
	["video/mp4", ftyp("isom", "iso2", "avc1", "mp41")],
	["video/mp4", ftyp("mp42", "isom")],
	["video/mp4", ftyp("M4V ", "isom")],
	["video/quicktime", ftyp("qt  ", "qt  ")],
	["video/quicktime", "\0\0\0\x08wide\0\0\x12\x34mdat"],
	["video/3gpp", ftyp("3gp4")],
	["audio/mp4", ftyp("M4A ", "isom")],
	["video/webm", ebml("webm")],
	["video/x-matroska", ebml("matroska")],
	["audio/mpeg", "ID3\x04\0\0\0\0\x01\x00"],
	["audio/mpeg", mp3Frame + mp3Frame],
	["audio/mpeg", mp3Frame],
	["audio/aac", aacFrame + aacFrame],
	["audio/ogg", ogg("OpusHead\x01")],
	["audio/ogg", ogg("\x01vorbis\0")],
	["video/ogg", ogg("\x80theora\x03")],
	["application/ogg", ogg("something")],
	["audio/wav", "RIFF\x24\0\0\0WAVEfmt "],
	["audio/flac", "fLaC\0\0\0\x22"],
	["audio/midi", "MThd\0\0\0\x06\0\x01"],
	["application/pdf", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"],
	["application/zip", entry("a.txt", "hello")],
	["application/zip", `PK\x05\x06${"\0".repeat(18)}`],
	["application/zip", entry("mimetype", "text/html")],
	["application/epub+zip", entry("mimetype", "application/epub+zip") + entry("META-INF/x")],
	[
		"application/vnd.oasis.opendocument.text",
		entry("mimetype", "application/vnd.oasis.opendocument.text") + entry("content.xml"),
	],
	[WORD, entry("[Content_Types].xml", "zzzz") + entry("_rels/.rels") + entry("word/document.xml")],
	[`${OPEN_XML}spreadsheetml.sheet`, entry("[Content_Types].xml") + entry("xl/workbook.xml")],
	[`${OPEN_XML}presentationml.presentation`, entry("ppt/presentation.xml")],
	["application/java-archive", entry("META-INF/") + entry("META-INF/MANIFEST.MF")],
	["application/vnd.android.package-archive", entry("AndroidManifest.xml")],
	["application/x-7z-compressed", "7z\xbc\xaf'\x1c\0\x04"],
	["application/vnd.rar", "Rar!\x1a\x07\x01\0"],
	["application/x-bzip2", "BZh91AY&SY"],
	["application/zstd", "(\xb5/\xfd\x04"],
	["application/x-tar", `a.txt${"\0".repeat(252)}ustar\x0000`],
	["font/woff", "wOFF\0\x01\0\0"],
	["font/woff2", "wOF2OTTO"],
	["font/ttf", "\0\x01\0\0\0\x0c\0\x80"],
	["font/otf", "OTTO\0\x0a\0\x80"],
	["application/wasm", "\0asm\x01\0\0\0"],
	["application/x-elf", "\x7fELF\x02\x01\x01\0"],
	["application/x-mach-binary", "\xcf\xfa\xed\xfe\x07\0\0\x01"],
	["application/x-mach-binary", "\xca\xfe\xba\xbe\0\0\0\x02"],
	["application/java-vm", "\xca\xfe\xba\xbe\0\0\0\x41"],
	["application/vnd.microsoft.portable-executable", "MZ\x90\0\x03\0\0\0"],
	["application/x-shockwave-flash", "CWS\x0a\0\0\0\0"],
	["application/x-cfb", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0"],
	["application/rtf", "{\\rtf1\\ansi"],
	["application/octet-stream", "\0\0\0\0"],
	["application/octet-stream", "hello\0world"],
	["application/octet-stream", "\xff\xfb"],
	["application/octet-stream", `${mp3Frame.slice(0, -1)}xyzzy\0`],
	["application/octet-stream", "\x89PN"],
	["application/octet-stream", "\xe9\xe8"],
];

const HTML: readonly string[] = [
	"<!doctype html>",
	"<!DOCTYPE HTML PUBLIC '-//W3C'>",
	"<!doctype\n html>",
	"<html>",
	"<HTML lang=en>",
	"<html",
	"<head>",
	"<body onload=alert(1)>",
	"<script>alert(1)</script>",
	"<script/src=x>",
	"<SCRIPT\nsrc=x>",
	"</script><script>",
	"<iframe src=x>",
	"<img src=x onerror=alert(1)>",
	"<title>x",
	"<h1>x",
	"<div\t>",
	"<a href=x>",
	"<p>",
	"<br>",
	"<table>",
	"<style>",
	"<meta http-equiv=refresh>",
	"<math><mi>",
	"  \r\n\t\f<html>",
	"\ufeff<html>",
	"\ufeff \ufeff<html>",
	"<!-- x --><html>",
	"<!-- a --> <!-- b -->\n<script>",
	"<!--><script>alert(1)</script>-->",
	"<!-- never ends <script>",
	"<!---><script>",
	'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">',
	'<?xml version="1.0"?><!-- x --><!DOCTYPE html><html>',
	'<x:html xmlns:x="http://www.w3.org/1999/xhtml"><x:script/></x:html>',
];

const SVG: readonly string[] = [
	"<svg xmlns='http://www.w3.org/2000/svg'>",
	"<SVG onload=alert(1)>",
	"<svg/onload=alert(1)>",
	"<svg>",
	"<svg",
	"<svg:svg xmlns:svg='http://www.w3.org/2000/svg'>",
	"<x xmlns='http://www.w3.org/2000/svg'>",
	"\ufeff\n<svg>",
	"<!-- x --><svg>",
	'<?xml version="1.0"?><svg>',
	'<?xml version="1.0"?>\n<!-- Generator -->\n<!DOCTYPE svg PUBLIC "x" "y" [ <!ENTITY a "b"> ]>\n<svg>',
	"<!DOCTYPE svg [ <!ENTITY a 'svg'> ]>",
	'<?xml-stylesheet href="a.css"?><svg>',
];

describe("sniffType", () => {
	it.each(BINARY)("finds %s in %j", (type, binary) => {
		expect(sniffType(bytes(binary))).toBe(type);
		expect(sniffType(bytes(binary), "text/html")).toBe(type);
		expect(sniffType(bytes(binary), "image/svg+xml")).toBe(type);
	});

	it.each(["png", "jpeg", "gif", "webp", "avif", "tiff"] as const)(
		"knows what sharp makes: %s",
		async (format) => {
			const create = { width: 9, height: 7, channels: 3, background: "red" } as const;
			const file = await sharp({ create }).toFormat(format).toBuffer();
			expect(sniffType(file)).toBe(`image/${format}`);
			expect(sniffType(file.subarray(0, 40))).toBe(`image/${format}`);
		},
	);

	it("knows what gzip makes", () => {
		expect(sniffType(gzipSync("hello"), "text/plain")).toBe("application/gzip");
	});

	it.each(HTML)("finds HTML in %j", (text) => {
		for (const declared of [undefined, "text/plain", "text/markdown", "image/png"]) {
			expect(sniffType(utf8(text), declared)).toBe("text/html");
		}
		expect(sniffType(utf16(text, "le"), "text/plain")).toBe("text/html");
		expect(sniffType(utf16(text, "be"), "text/plain")).toBe("text/html");
	});

	it("finds HTML in other encodings", () => {
		expect(sniffType(bytes("<html>\xe9\xff"), "text/plain")).toBe("text/html");
		expect(sniffType(bytes("<!-- \xe9 --><script>"), "text/plain")).toBe("text/html");
	});

	it.each(SVG)("finds SVG in %j", (text) => {
		for (const declared of [undefined, "text/plain", "image/png"]) {
			expect(sniffType(utf8(text), declared)).toBe("image/svg+xml");
		}
		expect(sniffType(utf16(text, "le"))).toBe("image/svg+xml");
	});

	it.each([
		["application/xml", '<?xml version="1.0"?><rss version="2.0">', undefined],
		["application/xml", '<feed xmlns="http://www.w3.org/2005/Atom">', "text/plain"],
		["application/xml", "<rss>", "application/rss+xml"],
		["application/xml", "<rss>", "text/xml; charset=utf-8"],
		["application/xml", "<!DOCTYPE note [<!ENTITY a 'b'>]><note/>", "text/plain"],
		["application/x-httpd-php", "<?php system($_GET['a']);", "text/plain"],
		["application/x-httpd-php", "<?= 1 ?>", undefined],
		["text/plain", "<rss>", "text/plain"],
		["text/plain", "<3 you", undefined],
		["text/plain", "< html>", undefined],
		["text/plain", "<hello world>", undefined],
		["text/plain", "a <script>alert(1)</script>", undefined],
		["text/plain", "MZ is no executable, BM no bitmap, CWS no film", undefined],
		["text/plain", "BM of text is not enough for a bitmap", undefined],
		["text/plain", "truely a text", undefined],
		["text/markdown", "# Title\n<script>alert(1)</script>", "text/markdown; charset=UTF-8"],
		["text/markdown", "<!-- a comment -->\n# Title", "text/markdown"],
		["text/csv", "a,b\n1,2", "TEXT/CSV"],
		["text/csv", "", "text/csv"],
		["text/plain", "", undefined],
		["text/plain", "", "image/png"],
		["application/json", '{"a":1}', "application/json"],
		["text/vtt", "WEBVTT\n", "text/vtt"],
		["text/plain", "alert(1)", "text/javascript"],
		["text/plain", "alert(1)", "application/javascript"],
		["text/plain", "hello", "text/html"],
		["text/plain", "hello", "application/xhtml+xml"],
		["text/plain", "hello", "image/svg+xml"],
		["text/plain", "hello", "image/png"],
		["text/plain", "hello", "application/pdf"],
		["text/plain", "hello", "application/octet-stream"],
		["text/plain", "hello", "text/plain\r\nx: y"],
		["text/plain", "hello", "constructor"],
		["text/plain", "hello\x1b[1m", undefined],
		["text/plain", "漢字 😀 ümlaut", undefined],
	])("finds %s in %j that is said to be %s", (type, text, declared) => {
		expect(sniffType(utf8(text), declared)).toBe(type);
	});

	it("takes text of UTF-16 for text, and nothing else for it", () => {
		expect(sniffType(utf16("hello", "le"))).toBe("text/plain");
		expect(sniffType(utf16("a;b", "be"), "text/csv")).toBe("text/csv");
		expect(sniffType(bytes("\xff\xfea"))).toBe("application/octet-stream");
		expect(sniffType(bytes("\xff\xfe\0\0a\0\0\0"))).toBe("application/octet-stream");
		expect(sniffType(bytes("a\0b\0"))).toBe("application/octet-stream");
	});

	it("takes text of an unknown encoding for what it is said to be, if that is text", () => {
		const latin1 = bytes("Stra\xdfe;M\xfcnchen");
		expect(sniffType(latin1, "text/csv")).toBe("text/csv");
		expect(sniffType(latin1)).toBe("application/octet-stream");
		expect(sniffType(latin1, "image/png")).toBe("application/octet-stream");
	});

	it("lets the head end within a character, and no file", () => {
		for (const shift of [0, 1, 2, 3]) {
			const text = utf8("a".repeat(SNIFF_SIZE - 8 + shift) + "😀".repeat(10));
			expect(sniffType(text)).toBe("text/plain");
			expect(sniffType(text.subarray(0, SNIFF_SIZE))).toBe("text/plain");
		}
		expect(sniffType(utf8("a😀").subarray(0, 3))).toBe("application/octet-stream");
	});

	it("looks at the beginning alone", () => {
		expect(sniffType(utf8(`${"a".repeat(SNIFF_SIZE)}\0`))).toBe("text/plain");
		expect(sniffType(bytes("GIF89a=1;/*\0\0*/<script>alert(1)</script>"))).toBe("image/gif");
		expect(sniffType(bytes("%PDF-1.4 <html><script>"), "text/html")).toBe("application/pdf");
		expect(sniffType(bytes(`\xff\xd8\xff\xe0<svg onload=x>`))).toBe("image/jpeg");
	});

	it("lets the sender say what the beginning can't", () => {
		const packed = bytes(entry("[Content_Types].xml", "x".repeat(5000)) + entry("word/x"));
		expect(sniffType(packed, WORD)).toBe(WORD);
		expect(sniffType(packed)).toBe("application/zip");
		expect(sniffType(packed, "application/epub+zip")).toBe("application/zip");
		expect(sniffType(bytes(entry("a")), WORD)).toBe("application/zip");
		const old = bytes("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
		expect(sniffType(old, "application/msword")).toBe("application/msword");
		expect(sniffType(old, "application/pdf")).toBe("application/x-cfb");
	});

	it("answers a type, whatever it is given", () => {
		const starts = [...BINARY.map(([, binary]) => binary), ...HTML, ...SVG];
		const declared = option(constantFrom("text/html", "text/csv", "", ";", "\0"), {
			nil: undefined,
		});
		verify(
			property(constantFrom(...starts), uint8Array({ maxLength: 300 }), declared, (a, b, said) => {
				const head = Uint8Array.from([...bytes(a), ...b]);
				expect(sniffType(head, said)).toMatch(/^[a-z]+\/[a-z0-9.+-]+$/);
			}),
			{ numRuns: 3000 },
		);
	});

	it("reads hostile text in one pass", () => {
		const hostile = [
			"<!-- -->",
			"<!--",
			"<a ",
			"<a:",
			" ",
			"<?x ",
			"xmlns ",
			"PK\x03\x04",
			"<!-->",
		];
		for (const piece of hostile) {
			for (const start of ["", "<?xml ", "<a "]) {
				sniffType(bytes(start + piece.repeat(SNIFF_SIZE)));
			}
		}
	}, 2_000);
});

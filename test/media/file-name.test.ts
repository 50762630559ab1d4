import { property, string, assert as verify, constantFrom, array, oneof } from "fast-check";
import { describe, expect, it } from "vitest";
import { baseName, checkFileName, newFileName } from "../../src/media/file-name.ts";

function reasonAgainst(name: string): string | undefined {
	try {
		checkFileName(name);
		return undefined;
	} catch (error) {
		expect(error).toMatchObject({ code: "bad_file_name", kind: "invalid" });
		return (error as Error).message;
	}
}

const HOSTILE: readonly (readonly [name: string, reason: string])[] = [
	["", "empty"],
	[".", "folder"],
	["..", "folder"],
	["../a", "slash"],
	["a/b", "slash"],
	["a\\b", "slash"],
	["/a", "slash"],
	["a\0b", "not seen"],
	["a\x01", "not seen"],
	["a\x7f", "not seen"],
	["a\u0085b", "not seen"],
	["a\nb", "white space"],
	["a\tb", "white space"],
	["a\u00a0b", "white space"],
	["a\u3000b", "white space"],
	["a\u2028b", "white space"],
	["\ufeffa", "white space"],
	["gpj.\u202eexe", "not seen"],
	["a\u2066b", "not seen"],
	["a\u200bb", "not seen"],
	["a\u200db", "not seen"],
	["👩\u200d💻.png", "not seen"],
	["❤\ufe0f.png", "not seen"],
	["a\u00adb", "not seen"],
	["a\u115fb", "not seen"],
	["a\u3164b", "not seen"],
	["a\u2800b", "not seen"],
	["a\u{e0041}b", "not seen"],
	["a\uffffb", "not seen"],
	["a\ud800b", "not Unicode"],
	["a\udc00", "not Unicode"],
	[" a", "begins or ends"],
	["a ", "begins or ends"],
	[".htaccess", "begins or ends"],
	["a.", "begins or ends"],
	["a...", "begins or ends"],
	["con", "Windows"],
	["CON.txt", "Windows"],
	["con .txt", "Windows"],
	["Aux.tar.gz", "Windows"],
	["com1", "Windows"],
	["LPT9.png", "Windows"],
	["com¹.png", "Windows"],
	["CONIN$", "Windows"],
	...["<a", "a>b", "a:b", 'a"b', "a|b", "a?b", "a*b"].map((name) => [name, "one of"] as const),
	["a%2fb", "percent"],
	["%2E%2e", "percent"],
	["100%25", "percent"],
	["a".repeat(201), "200 bytes"],
	["漢".repeat(67), "200 bytes"],
	["a".repeat(1_000_000), "too long"],
];

describe("checkFileName", () => {
	it.each(HOSTILE)("refuses %j: %s", (name, reason) => {
		expect(reasonAgainst(name)).toContain(reason);
	});

	it.each([
		"a",
		"photo.jpg",
		"My holiday (1), v2.tar.gz",
		"Grüße aus 東京.jpg",
		"привет.pdf",
		"שלום.txt",
		"😀.png",
		"-a_b+c=d&e;f'g!h#i@j~k`l^m{n}[o]$,.txt",
		"100%.txt",
		"50% off.txt",
		"%zz",
		"a..b",
		"console.log",
		"com.txt",
		"com10.txt",
		"nul-1.txt",
		"a".repeat(200),
		"漢".repeat(66),
	])("takes %j", (name) => {
		expect(checkFileName(name)).toBe(name);
	});

	it("answers composed", () => {
		expect(checkFileName("u\u0308ber.txt")).toBe("über.txt");
		const long = "u\u0308".repeat(100);
		expect(checkFileName(long)).toBe("ü".repeat(100));
	});

	it("checks what the composed name has", () => {
		expect(checkFileName("<\u0338.txt")).toBe("≮.txt");
		expect(checkFileName("\u212a.txt")).toBe("K.txt");
	});
});

describe("newFileName", () => {
	it("makes names that pass, and differ", () => {
		const names = Array.from({ length: 1000 }, () => newFileName("image/jpeg"));
		expect(new Set(names).size).toBe(names.length);
		for (const name of names) {
			expect(name).toMatch(/^[a-z0-9]{16}\.jpg$/);
			expect(checkFileName(name)).toBe(name);
		}
	});

	it.each([
		["application/pdf", "pdf"],
		["application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"],
		["application/octet-stream", "bin"],
		["constructor", "bin"],
		["", "bin"],
	])("ends the name of %s with .%s", (type, extension) => {
		expect(newFileName(type).slice(16)).toBe(`.${extension}`);
	});
});

describe("baseName", () => {
	it.each([
		["photo.jpg", "photo.jpg"],
		["C:\\fakepath\\photo.jpg", "photo.jpg"],
		["../../etc/passwd", "passwd"],
		["a/b\\c/d.txt", "d.txt"],
		["what?.png", "what_.png"],
		["a%22b%0D%0Ac.png", "a_b__c.png"],
		["a%2Fb.png", "a_2Fb.png"],
		["a%\u200b2fb.png", "a_2fb.png"],
		["100% %.png", "100% %.png"],
		["Screenshot at 9.41\u202fAM.png", "Screenshot at 9.41 AM.png"],
		["a\r\n\tb.png", "a b.png"],
		["gpj.\u202eexe", "gpj.exe"],
		["👩\u200d💻❤\ufe0f.png", "👩💻❤.png"],
		["u\u0308.txt", "ü.txt"],
		["u\u200d\u0308.txt", "ü.txt"],
		[" . a . ", "a"],
		[".htaccess", "htaccess"],
		["con.txt", "_con.txt"],
		["a\ud800b\0.txt", "ab.txt"],
		[`${"a".repeat(300)}.jpeg`, `${"a".repeat(195)}.jpeg`],
		[`${"漢".repeat(300)}.png`, `${"漢".repeat(65)}.png`],
		[`${"😀".repeat(5000)}.png`, `${"😀".repeat(49)}.png`],
		[`a.${"b".repeat(300)}`, `a.${"b".repeat(198)}`],
	])("makes %j to %j", (filename, name) => {
		expect(baseName(filename)).toBe(name);
	});

	it.each(["", "/", "a/", "a\\", ".", "..", " ", "...", "\u200b", "\0", "\ud800", "\u202e."])(
		"makes nothing of %j",
		(filename) => {
			expect(baseName(filename)).toBeUndefined();
		},
	);

	it("makes names that pass, of anything", () => {
		const nasty = constantFrom(...HOSTILE.map(([name]) => name.slice(0, 300)));
		const piece = oneof(string({ unit: "binary" }), string({ unit: "grapheme" }), nasty);
		verify(
			property(array(piece, { maxLength: 6 }), (pieces) => {
				const name = baseName(pieces.join(""));
				if (name !== undefined) expect(checkFileName(name)).toBe(name);
			}),
			{ numRuns: 5000 },
		);
	});
});

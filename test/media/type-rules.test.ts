import { assert as verify, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { SIGNATURES } from "../../src/media/signatures.ts";
import { acceptsType, contentDisposition, showsInline } from "../../src/media/type-rules.ts";

const ACTIVE = [
	"text/html",
	"application/xhtml+xml",
	"image/svg+xml",
	"application/xml",
	"text/xml",
	"application/rss+xml",
	"text/xsl",
	"text/javascript",
	"application/javascript",
	"application/ecmascript",
	"text/css",
	"application/wasm",
	"application/x-httpd-php",
	"application/x-shockwave-flash",
	"application/x-elf",
	"application/x-mach-binary",
	"application/java-vm",
	"application/java-archive",
	"application/vnd.android.package-archive",
	"application/vnd.microsoft.portable-executable",
];

describe("acceptsType", () => {
	it.each([
		"image/png",
		"image/jpeg",
		"image/heic",
		"video/mp4",
		"audio/mpeg",
		"font/woff2",
		"application/pdf",
		"text/plain",
		"text/csv",
		"text/markdown",
		"application/json",
		"application/zip",
		"application/msword",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"application/vnd.oasis.opendocument.text",
	])("takes %s by default", (type) => expect(acceptsType(type)).toBe(true));

	it.each([...ACTIVE, "application/octet-stream", "application/x-cfb", "image", "", "imagexpng"])(
		"does not take %j by default",
		(type) => expect(acceptsType(type)).toBe(false),
	);

	it.each(ACTIVE)("takes %s by its name or where all is taken, and by no other star", (type) => {
		const kind = `${type.split("/")[0]}/*`;
		expect(acceptsType(type, [type])).toBe(true);
		expect(acceptsType(type, ["*"])).toBe(true);
		expect(acceptsType(type, ["*/*"])).toBe(true);
		expect(acceptsType(type, [kind, "application/x-*", "application/vnd.*"])).toBe(false);
	});

	it("takes what the list says, and nothing else", () => {
		expect(acceptsType("image/png", [])).toBe(false);
		expect(acceptsType("image/png", ["IMAGE/PNG"])).toBe(true);
		expect(acceptsType("image/png", ["image/jpeg", "image/p"])).toBe(false);
		expect(acceptsType("image/png", ["image"])).toBe(false);
	});
});

describe("showsInline", () => {
	it.each([
		"image/png",
		"image/jpeg",
		"image/gif",
		"image/webp",
		"image/avif",
		"video/mp4",
		"audio/ogg",
		"application/pdf",
		"text/plain",
	])("shows %s", (type) => expect(showsInline(type)).toBe(true));

	it.each([
		...ACTIVE,
		"text/csv",
		"text/markdown",
		"application/json",
		"application/zip",
		"application/octet-stream",
		"application/msword",
		"image/whatever+xml",
		"image/vnd.adobe.photoshop",
		"video/x+xml",
		"font/woff",
		"text/plain2",
		"",
	])("does not show %j", (type) => expect(showsInline(type)).toBe(false));

	it("shows nothing that is active", () => {
		const types = SIGNATURES.flatMap(([, type]) => (typeof type === "string" ? [type] : []));
		const shown = types.filter(showsInline);
		expect(shown.length).toBeGreaterThan(15);
		expect(shown.filter((type) => !acceptsType(type))).toEqual([]);
	});
});

describe("contentDisposition", () => {
	it.each([
		["image/png", "a b.png", 'inline; filename="a b.png"'],
		["text/html", "a.html", 'attachment; filename="a.html"'],
		["image/svg+xml", "a.svg", 'attachment; filename="a.svg"'],
		[
			"image/png",
			"Grüße.png",
			"inline; filename=\"Gr__e.png\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.png",
		],
		["text/csv", "😀.csv", "attachment; filename=\"_.csv\"; filename*=UTF-8''%F0%9F%98%80.csv"],
		["text/csv", 'a"b\\c', "attachment; filename=\"a_b_c\"; filename*=UTF-8''a%22b%5Cc"],
		[
			"text/csv",
			"50% (1)*'.csv",
			"attachment; filename=\"50_ (1)*'.csv\"; filename*=UTF-8''50%25%20%281%29%2A%27.csv",
		],
		["text/csv", "a\r\nX: y", "attachment; filename=\"a__X: y\"; filename*=UTF-8''a%0D%0AX%3A%20y"],
		["text/csv", "a\ud800", "attachment; filename=\"a_\"; filename*=UTF-8''a%EF%BF%BD"],
	])("of %s named %j is %s", (type, name, header) => {
		expect(contentDisposition({ type, name })).toBe(header);
	});

	it("is one header of ASCII that says the name, whatever that is", () => {
		verify(
			property(string({ unit: "binary" }), (name) => {
				const header = contentDisposition({ type: "text/csv", name });
				expect(header).toMatch(
					/^attachment; filename="[ !#$&-[\]-~]*"(?:; filename\*=UTF-8''(?:[\w!~.-]|%[\dA-F]{2})*)?$/,
				);
				expect(new Headers({ "content-disposition": header }).get("content-disposition")).toBe(
					header,
				);
				const extended = header.split("UTF-8''")[1];
				const plain = /filename="(.*)"$/.exec(header)?.[1];
				expect(extended === undefined ? plain : decodeURIComponent(extended)).toBe(
					name.toWellFormed(),
				);
			}),
			{ numRuns: 500 },
		);
	});
});

import { describe, expect, it } from "vitest";
import { XmlElement } from "../../src/media/adapters/xml-element.ts";

describe("XmlElement", () => {
	it("reads elements and text, and passes over the rest", () => {
		const root = XmlElement.parse(`<?xml version="1.0" encoding="UTF-8"?>
<!-- a - comment with <tags> -->
<List xmlns="http://s3.amazonaws.com/doc/2006-03-01/" xmlns:xsi='a&amp;b'>
	<Key >a</Key
	><Key>b</Key><Empty/><Empty2 a="/>"/>
	<Owner xsi:type="CanonicalUser"><Key>inner</Key></Owner>
</List>
`);
		expect(root.name).toBe("List");
		expect(root.text("Key")).toBe("a");
		expect(root.all("Key")).toHaveLength(2);
		expect([root.text("Empty"), root.text("Empty2"), root.text("None")]).toEqual([
			"",
			"",
			undefined,
		]);
		expect(root.all("Owner").map((owner) => owner.text("Key"))).toEqual(["inner"]);
	});

	it("decodes references", () => {
		const root = XmlElement.parse(
			"<a><b>&lt;&gt;&amp;&quot;&apos;&amp;lt; &#228;&#xe4;&#x1F600; > ]]</b></a>",
		);
		expect(root.text("b")).toBe("<>&\"'&lt; ää\u{1f600} > ]]");
	});

	it.each([
		"",
		" ",
		"text",
		"<a>",
		"</a>",
		"<a></b>",
		"<a/></b>",
		"<a/></a>",
		"<a></a/>",
		"<a><b></a></b>",
		"<a></a><b></b>",
		"<a/>text",
		"text<a/>",
		"<a/><!-- -- -->",
		"<a/><!--",
		"<a b></a>",
		"<a b=c></a>",
		"<a b='<'></a>",
		"<a b='1></a>",
		"< a></a>",
		"<1></1>",
		"<x:a></x:a>",
		"<a>&nbsp;</a>",
		"<a>&</a>",
		"<a>a & b</a>",
		"<a>&lt</a>",
		"<a>&toString;</a>",
		"<a>&#0;</a>",
		"<a>&#x110000;</a>",
		"<a><![CDATA[b]]></a>",
		'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
		'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
		"<?xml-stylesheet href='b'?><a/>",
		"<a><?php ?></a>",
		"<!doctype html><html><body>Bad gateway</body></html>",
	])("refuses %j", (xml) => {
		expect(() => XmlElement.parse(xml)).toThrow(SyntaxError);
	});

	it.each([
		["elements in elements", `${"<a>".repeat(50)}${"</a>".repeat(50)}`],
		["elements without an end", "<a>".repeat(100_000)],
		["many attributes without an end", `<a${" b='c'".repeat(100_000)}`],
		["brackets", `<a>${"<".repeat(100_000)}</a>`],
		["a comment without an end", `<a><!--${"- ".repeat(100_000)}`],
		["a tag of white space", `<a ${" ".repeat(100_000)}`],
		["an attribute of white space", `<a b${" ".repeat(100_000)}`],
		["a declaration without an end", `<?xml ${"? ".repeat(100_000)}`],
		["ampersands", `<a>${"&".repeat(100_000)}</a>`],
	])("refuses %s in no time", (_, xml) => {
		const start = worked();
		expect(() => XmlElement.parse(xml)).toThrow(SyntaxError);
		expect(worked() - start).toBeLessThan(2_000);
	});

	it("reads a large list in no time", () => {
		const contents = "<Contents><Key>abc</Key><Size>1</Size></Contents>".repeat(50_000);
		const start = worked();
		expect(XmlElement.parse(`<L>${contents}</L>`).all("Contents")).toHaveLength(50_000);
		expect(worked() - start).toBeLessThan(2_000);
	});
});

/** Milliseconds that this thread has worked: on a busy machine it waits for far longer. */
function worked(): number {
	const { user, system } = process.threadCpuUsage();
	return (user + system) / 1000;
}

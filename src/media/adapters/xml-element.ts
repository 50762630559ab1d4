const NAMED: Readonly<Record<string, string>> = {
	lt: "<",
	gt: ">",
	amp: "&",
	quot: '"',
	apos: "'",
};

/** A reference; or an ampersand that begins none. */
const REFERENCE = /&(?:#x([\da-f]{1,6});|#(\d{1,7});|([a-z]+);)?/gi;

/** A declaration, a comment, a tag, or text; nothing else, so that a document type ends the reading. */
const TOKEN =
	/<\?xml\s[^<>]*\?>|<!--(?:(?!--)[^])*-->|<(\/?)([A-Za-z_][\w.-]*)(?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(\/?)>|([^<]+)/gy;

const MAX_DEPTH = 20;

/**
 * An element of XML as S3 answers it: elements and text. Attributes are passed over, and whatever else
 * XML may have (document types, entities of one's own, CDATA, prefixed names) is refused.
 */
export class XmlElement {
	readonly name: string;
	readonly #children: XmlElement[] = [];
	#text = "";

	private constructor(name: string) {
		this.name = name;
	}

	/**
	 * Reads a document.
	 * @throws SyntaxError when it is not well-formed, or more than S3 would say.
	 */
	static parse(xml: string): XmlElement {
		const document = new XmlElement("");
		const open = [document];
		let end = 0;
		for (const match of xml.matchAll(TOKEN)) {
			const [, closing, name, empty, text] = match;
			const parent = open.at(-1);
			if (parent === undefined || open.length > MAX_DEPTH) break;
			if (text !== undefined) parent.#text += decoded(text);
			else if (closing) {
				if (parent.name !== name || empty) break;
				open.pop();
			} else if (name !== undefined) {
				const element = new XmlElement(name);
				parent.#children.push(element);
				if (!empty) open.push(element);
			}
			end = match.index + match[0].length;
		}
		const [root, ...others] = document.#children;
		const whole = end === xml.length && open.length === 1 && document.#text.trim() === "";
		if (!whole || root === undefined || others.length > 0) {
			throw new SyntaxError("This is no XML as S3 writes it.");
		}
		return root;
	}

	/** The text of the child of that name; undefined without one. */
	text(name: string): string | undefined {
		const [child] = this.all(name);
		return child === undefined ? undefined : child.#text;
	}

	/** The children of that name. */
	all(name: string): readonly XmlElement[] {
		return this.#children.filter((child) => child.name === name);
	}
}

function decoded(text: string): string {
	return text.replace(REFERENCE, (whole, hex?: string, decimal?: string, name?: string) => {
		if (name !== undefined && Object.hasOwn(NAMED, name)) return NAMED[name] ?? "";
		const digits = hex ?? decimal;
		const code = digits === undefined ? -1 : Number.parseInt(digits, hex === undefined ? 10 : 16);
		if (code < 1 || code > 0x10ffff) throw new SyntaxError(`This XML refers to ${whole}.`);
		return String.fromCodePoint(code);
	});
}

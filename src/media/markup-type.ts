/** What a browser takes for HTML (WHATWG MIME Sniffing), and a few more; comments before it are skipped. */
const HTML =
	/^<(?:!doctype\s+html|\/?(?:html|head|body|script|iframe|frameset|title|style|link|meta|base|table|object|embed|applet|form|template|center|font|div|img|video|audio|input|button|details|math|h[1-6]|a|b|p|br)(?=[\s/>]|$))/i;
const SVG = /^<(?:[\w.-]+:)?svg(?=[\s/>]|$)/i;
const SVG_WITHIN = /<(?:[\w.-]+:)?svg[\s/>]|<!doctype\s+svg|http:\/\/www\.w3\.org\/2000\/svg/i;
const HTML_WITHIN = /<html[\s/>]|<!doctype\s+html|http:\/\/www\.w3\.org\/1999\/xhtml/i;
const PHP = /^<\?(?:php\b|=)/i;
/** The prolog of XML, or a document type that is not HTML's. */
const PROLOG = /^<(?:\?[a-z]|!doctype\b|!\[cdata\[|!(?:entity|element|attlist)\b)/i;
const ELEMENT = /^<[a-z_]/i;
const NAMESPACE = /^<[^>]*\sxmlns[\s:=]/i;
const XML_TYPE = /^(?:application|text)\/(?:[\w.-]+\+)?xml$|^image\/svg\+xml$/;

/**
 * The media type of a text that is markup: HTML, SVG, other XML, or PHP; undefined for other text.
 * Stricter than browsers are: white space, comments and prologs before the root do not hide it.
 *
 * @param declared What the sender takes it for: it only ever turns other text into XML.
 */
export function markupType(text: string, declared: string): string | undefined {
	const start = afterComments(text);
	if (start === undefined) return "text/html";
	if (!start.startsWith("<")) return undefined;
	if (SVG.test(start)) return "image/svg+xml";
	if (HTML.test(start)) return "text/html";
	if (PHP.test(start)) return "application/x-httpd-php";
	const isElement = ELEMENT.test(start);
	const isXml =
		PROLOG.test(start) || (isElement && (NAMESPACE.test(start) || XML_TYPE.test(declared)));
	if (!isXml) return undefined;
	if (SVG_WITHIN.test(start)) return "image/svg+xml";
	return HTML_WITHIN.test(start) ? "text/html" : "application/xml";
}

/** Without the white space and the comments it begins with; undefined when a comment does not end. */
function afterComments(text: string): string | undefined {
	let at = skipSpace(text, 0);
	while (text.startsWith("<!--", at)) {
		// `<!-->` is a whole comment.
		const end = text.indexOf("-->", at + 2);
		if (end === -1) return undefined;
		at = skipSpace(text, end + 3);
	}
	return text.slice(at);
}

function skipSpace(text: string, start: number): number {
	let at = start;
	while (at < text.length && /[\s\ufeff]/.test(text.charAt(at))) at++;
	return at;
}

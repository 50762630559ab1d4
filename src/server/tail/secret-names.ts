import { redactUrl, type Redact } from "../../events/redact-url.ts";

/** In names without what lies between their words: what is no part of another word. */
const SECRET =
	/passw|passphrase|pwd|secret(?!ar(?:y|ies|ial))|token|authori[sz]ation|cookie|jwt|credential|(?:api|private|access|auth|signing|encryption|master|service)key|sessionid(?!le)/;
/** What is a secret only as a word of its own. */
const WORD = /^auth$|(?<![a-z\d])(?:pw|otp|sid)(?![a-z\d])/;
const BETWEEN = /[-_.\s]+/g;
/** URLs, with or without a scheme, and paths with a query. */
const URLS = /(?:\b[a-z][\w+.-]{0,20}:\/\/|^\/\/|^\/(?=\S*\?))\S*/gi;

/**
 * Tells names whose values no tail tells: those that say so by one of their words, however they are
 * written, and these, in any case, with or without `-` and `_`.
 */
export function secretNames(names: Iterable<string>): Redact {
	const secret = new Set(Array.from(names, plain));
	return (name) =>
		SECRET.test(plain(name)) ||
		WORD.test(name.replace(/([a-z\d])([A-Z])/g, "$1-$2").toLowerCase()) ||
		[name, ...name.split(".")].some((part) => secret.has(plain(part)));
}

/** A text with the URLs in it as {@link redactUrl} leaves them, without the values of all parameters. */
export function redactText(text: string): string {
	return text.replace(URLS, (url) => redactUrl(url, () => true));
}

function plain(name: string): string {
	return name.replace(BETWEEN, "").toLowerCase();
}

/**
 * Tells a Response. By its tag, because there may be several classes of that name: a server may put
 * a faster one in place of the global, and what `fetch` returns is then no instance of it.
 */
export function isResponse(value: unknown): value is Response {
	return tagOf(value) === "[object Response]";
}

/** Tells a Request, of whichever class of that name. */
export function isRequest(value: unknown): value is Request {
	return tagOf(value) === "[object Request]";
}

function tagOf(value: unknown): string {
	return Object.prototype.toString.call(value);
}

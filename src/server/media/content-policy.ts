/** Nothing is loaded, and nothing runs; browsers lay images and text out with styles of their own. */
const NOTHING = "default-src 'none'; style-src 'unsafe-inline'";

/**
 * The `Content-Security-Policy` of a file: what turns out to be active after all does nothing, and
 * belongs to no site. Browsers still show what they can show.
 *
 * @param type The media type by content.
 */
export function contentPolicy(type: string): string {
	// A page that plays a file loads it once more, as its own site; scripts stay off.
	if (/^(?:audio|video)\//.test(type)) {
		return `${NOTHING}; media-src 'self'; sandbox allow-same-origin`;
	}
	// Viewers of PDF have a sandbox of their own, and some do not start within another.
	return type === "application/pdf" ? NOTHING : `${NOTHING}; sandbox`;
}

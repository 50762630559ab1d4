const PLAIN = /;\s*filename\s*=\s*(?:"((?:\\"|[^"])*)"|([^\s";]+))/i;
const EXTENDED = /;\s*filename\*\s*=\s*UTF-8'[^']*'([^\s;]+)/i;
const MAX_LENGTH = 8_192;

/**
 * What a `Content-Disposition` calls its file, as browsers write it: in UTF-8, whatever the letters, with
 * backslashes that may be those of a path. It is no name that could be used as it is.
 *
 * @returns undefined where it has no file name at all.
 */
export function sentFilename(disposition: string): string | undefined {
	const text = disposition.slice(0, MAX_LENGTH);
	const [, quoted, token] = PLAIN.exec(text) ?? [];
	return extended(text) ?? quoted?.replaceAll('\\"', '"') ?? token;
}

function extended(text: string): string | undefined {
	const [, encoded] = EXTENDED.exec(text) ?? [];
	if (encoded === undefined) return undefined;
	try {
		return decodeURIComponent(encoded);
	} catch {
		return undefined;
	}
}

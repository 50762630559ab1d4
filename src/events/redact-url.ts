/** What stands in place of a value that is not told. */
export const REDACTED = "[redacted]";

/** Says of a name whether its value is not told. */
export type Redact = (name: string) => boolean;

const USER = /^((?:[a-z][\w+.-]*:)?\/\/)[^/?#]*@/i;
const PARAMETER = /([?&#])([^=&#?]*)=([^&#]+)/g;
/** What lies between names in `user[password]` and `{"password":"…"}`. */
const BETWEEN = /[\s"'[\]{}.,:]+/;

/** A URL without user and password, and without the values of parameters that are, or hold, such names. */
export function redactUrl(url: string, redact: Redact): string {
	return url
		.replace(USER, `$1${REDACTED}@`)
		.replace(PARAMETER, (all: string, mark: string, name: string, value: string) => {
			const [pair = ["", ""]] = new URLSearchParams(`${name}=${value}`);
			const names = [...pair, ...pair.join(" ").split(BETWEEN)];
			return names.some(redact) ? `${mark}${name}=${REDACTED}` : all;
		});
}

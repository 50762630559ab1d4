import type { CorsOptions } from "./server-options.ts";

const METHODS = "GET,HEAD,POST,PUT,PATCH,DELETE";
const HEADERS = [
	"content-type",
	"authorization",
	"x-request-id",
	"traceparent",
	"if-match",
	"if-none-match",
	"range",
	"if-range",
	"x-d1-bookmark",
];
/** What a page may read beside the body. */
const EXPOSED = "x-request-id,etag,content-range,x-d1-bookmark";

/** Answers browsers that ask on behalf of other origins; see the Fetch standard. */
export class Cors {
	readonly #options: CorsOptions;
	readonly #origins: ReadonlySet<string>;

	constructor(options: CorsOptions) {
		this.#options = options;
		this.#origins = new Set([options.origin].flat());
	}

	/** The headers for a response to this origin: none when it is not let in. */
	headers(origin: string): Readonly<Record<string, string>> {
		const { credentials } = this.#options;
		if (this.#origins.has("*")) {
			return { "access-control-allow-origin": "*", "access-control-expose-headers": EXPOSED };
		}
		if (!this.#origins.has(origin)) return { vary: "origin" };
		return {
			"access-control-allow-origin": origin,
			"access-control-expose-headers": EXPOSED,
			vary: "origin",
			...(credentials ? { "access-control-allow-credentials": "true" } : {}),
		};
	}

	/** The headers that answer a preflight request beside those of {@link Cors.headers}. */
	preflight(): Readonly<Record<string, string>> {
		const { headers = [], maxAge = 600 } = this.#options;
		return {
			"access-control-allow-methods": METHODS,
			"access-control-allow-headers": [...HEADERS, ...headers].join(","),
			"access-control-max-age": String(maxAge),
		};
	}
}

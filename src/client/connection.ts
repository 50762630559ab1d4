import type { Problem } from "../server/contract.ts";
import { toBody } from "./to-body.ts";
import { NetworkError } from "./network-error.ts";
import { ProblemError } from "./problem-error.ts";

/** Where the server is, and how it is asked. */
export interface ClientOptions {
	/** The server: `https://example.com`; `""` in a browser, for the origin of the page. */
	readonly url: string;
	/** Where the routes of the server begin; default `/api`. */
	readonly basePath?: string;
	/** Sent as `Authorization: Bearer …`; a function is asked before every request. */
	readonly token?:
		| string
		| (() => string | null | undefined | Promise<string | null | undefined>)
		| undefined;
	/** Default: the `fetch` of the platform. An app's own `app.fetch` asks it without a socket. */
	readonly fetch?: (request: Request) => Response | Promise<Response>;
	/** Sent with every request. */
	readonly headers?: Readonly<Record<string, string>>;
	/**
	 * How often a read is sent again that was answered 503 or 429 with `Retry-After`, after the time
	 * that this names; default 0. Writes are never sent twice.
	 */
	readonly retries?: number;
}

/** What a call may say beside what it asks for. */
export interface CallOptions {
	/** Ends the call; `AbortSignal.timeout(5000)` after 5 seconds. The call rejects with its reason. */
	readonly signal?: AbortSignal;
	/** Sent with this request. */
	readonly headers?: Readonly<Record<string, string>>;
}

/** One request, as the connection sends it. */
export interface Call {
	readonly method: "GET" | "POST" | "PATCH" | "DELETE";
	/** Below the base of the data routes: `posts/1`. */
	readonly path: string;
	readonly body?: unknown;
	/** `read` may be sent again, `write` never. */
	readonly kind: "read" | "write";
	readonly options: CallOptions | undefined;
}

/** The longest that a timer takes; it would end at once for any more. */
const MAX_MILLISECONDS = 2 ** 31 - 1;
/** A segment that is empty, or means this folder or the one above: no URL can carry it. */
const LOST_SEGMENT = /(?:^|\/)\.{0,2}(?=[/?]|$)/;

/** Sends requests to one server, and makes errors of what it answers. */
export class Connection {
	/** The URL of the entities, with a slash at its end. */
	readonly base: string;
	readonly #options: ClientOptions;

	/** @throws TypeError when the URL is none of a server, such as `localhost:1337`. */
	constructor(options: ClientOptions) {
		const { url, basePath = "/api" } = options;
		if (!/^(?:https?:\/\/|\/|$)/i.test(url)) {
			throw new TypeError(`${url} does not begin with http:// or https://.`);
		}
		this.base = `${url}/${basePath}/data/entity/`.replace(/(^|[^:/])\/+/g, "$1/");
		this.#options = options;
	}

	/**
	 * Sends a request; resolves to the JSON of a good answer.
	 * @throws ProblemError, NetworkError, or the reason of the signal.
	 */
	async send<Answer>(call: Call): Promise<Answer> {
		let retries = call.kind === "read" ? (this.#options.retries ?? 0) : 0;
		for (;;) {
			const response = await this.#fetch(call);
			const wait = retries-- > 0 ? secondsToWait(response) : undefined;
			if (wait === undefined) return (await readAnswer(response, call)) as Answer;
			await response.body?.cancel();
			await pause(wait, call.options?.signal);
		}
	}

	async #fetch(call: Call): Promise<Response> {
		const request = await this.#request(call);
		const { fetch = globalThis.fetch } = this.#options;
		call.options?.signal?.throwIfAborted();
		try {
			return await fetch(request);
		} catch (error) {
			throw failure(error, call);
		}
	}

	async #request({ method, path, body, options = {} }: Call): Promise<Request> {
		if (LOST_SEGMENT.test(path)) throw new RangeError(`No URL can carry an id such as in ${path}.`);
		const { token: given, headers } = this.#options;
		const token = typeof given === "function" ? await given() : given;
		const init: RequestInit = {
			method,
			headers: {
				accept: "application/json",
				...(body === undefined ? {} : { "content-type": "application/json" }),
				...(token ? { authorization: `Bearer ${token}` } : {}),
				...headers,
				...options.headers,
			},
		};
		if (body !== undefined) init.body = toBody(body);
		if (options.signal) init.signal = options.signal;
		return new Request(this.base + path, init);
	}
}

/** What ended a call; the reason of a signal stays what it is. */
function failure(error: unknown, { method, path, options }: Call): unknown {
	return options?.signal?.aborted ? options.signal.reason : new NetworkError(method, path, error);
}

/** Seconds after which an overloaded server wants to be asked again; undefined for all others. */
function secondsToWait({ status, headers }: Response): number | undefined {
	const after = headers.get("retry-after");
	if ((status !== 503 && status !== 429) || after === null) return undefined;
	const seconds = /^\d+$/.test(after) ? Number(after) : (Date.parse(after) - Date.now()) / 1000;
	return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
	return new Promise((resolve, reject) => {
		const abort = (): void => {
			clearTimeout(timer);
			reject(signal?.reason as Error);
		};
		const timer = setTimeout(
			() => {
				signal?.removeEventListener("abort", abort);
				resolve();
			},
			Math.min(seconds * 1000, MAX_MILLISECONDS),
		);
		if (signal?.aborted) abort();
		else signal?.addEventListener("abort", abort, { once: true });
	});
}

async function readAnswer(response: Response, call: Call): Promise<unknown> {
	const text = await response.text().catch((error: unknown) => {
		throw failure(error, call);
	});
	const answer = parse(text);
	if (response.ok && answer !== undefined) return answer;
	const problem = (answer ?? {}) as Partial<Problem>;
	if (!response.ok) throw new ProblemError(response.status, problem);
	const detail = `${call.method} ${call.path} was not answered with JSON. Is the url a Burdock server's?`;
	throw new ProblemError(response.status, { code: "not_json", detail });
}

/** The JSON object of a text, or undefined. */
function parse(text: string): unknown {
	try {
		const value = JSON.parse(text) as unknown;
		return typeof value === "object" && value !== null ? value : undefined;
	} catch {
		return undefined;
	}
}

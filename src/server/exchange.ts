import type { Actor } from "../events/event-context.ts";
import type { Clock } from "../kernel/clock.ts";
import type { IdSource } from "../kernel/id.ts";
import { isResponse } from "../kernel/web-object.ts";
import type { Cors } from "./cors.ts";
import type { Loopback } from "./loopback.ts";
import { isStatusError, problemHeaders, problemOf, problemText } from "./problem.ts";

const REQUEST_ID = /^[\w.:+/=-]{1,128}$/;
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;
/** A trace as `traceparent` names it. The span and its flags are the caller's. */
interface Trace {
	readonly traceId: string;
	readonly parentSpan?: string;
	readonly flags?: number;
}

/** What all exchanges of an app share. */
export interface ExchangeServices {
	readonly ids: IdSource;
	readonly clock: Clock;
	readonly loopback: Loopback;
	readonly cors: Cors | undefined;
	/** Headers that every response carries, such as those for security. */
	readonly headers: Readonly<Record<string, string>>;
	/** Who sent these credentials, if that is known. */
	actorOf(authorization: string | null): Actor | undefined;
	/** Keeps an eye on work that goes on after the response, where the runtime does not. */
	keep(work: Promise<unknown>): void;
}

/** What the runtime lends a request. */
export interface ExchangeContext {
	/** Keeps the runtime alive for work that goes on after the response. */
	waitUntil?(work: Promise<unknown>): void;
	/** Aborted when the server stops, or answers with another app. */
	readonly closing?: AbortSignal | undefined;
	/** Whether the request came with a header, told faster than by its `headers`. */
	hasHeader?(name: string): boolean;
}

/**
 * One request and the making of its response. Routes of ours build their response here, with all of
 * its headers at once; a response that comes from elsewhere is completed by {@link Exchange.seal}.
 * It is also the execution context that Hono hands to routes: `c.executionCtx.waitUntil(work)`.
 */
export class Exchange {
	/** Of the request that came in, whatever a listener put in its place. */
	readonly method: string;
	readonly path: string;
	readonly requestId: string;
	readonly startedAt: number;
	/** Hono's execution context wants it; there are none. */
	readonly props = {};
	readonly #services: ExchangeServices;
	readonly #headers: Readonly<Record<string, string>>;
	readonly #context: ExchangeContext;
	#request: Request;
	#replaced = false;
	#actor: Actor | undefined;
	#trace: Trace | undefined;
	#sealed: Response | undefined;

	constructor(request: Request, context: ExchangeContext, services: ExchangeServices) {
		const { ids, clock, cors, headers } = services;
		this.#request = request;
		this.#context = context;
		this.#services = services;
		this.startedAt = clock.now();
		this.method = request.method;
		this.path = pathOf(request.url);
		const given = this.header("x-request-id");
		this.requestId = given !== null && REQUEST_ID.test(given) ? given : ids.id();
		this.#actor = services.actorOf(this.header("authorization"));
		const origin = cors === undefined ? null : this.header("origin");
		this.#headers =
			origin === null || cors === undefined ? headers : { ...headers, ...cors.headers(origin) };
	}

	/** The request that is answered. */
	get request(): Request {
		return this.#request;
	}

	/** Who sent it, if that is known. */
	get actor(): Actor | undefined {
		return this.#actor;
	}

	/** A header of the request, by its lower-case name. */
	header(name: string): string | null {
		if (!this.#replaced && this.#context.hasHeader?.(name) === false) return null;
		return this.#request.headers.get(name);
	}

	/** Puts another request in the place of the one that came in. */
	replace(request: Request): void {
		this.#request = request;
		this.#replaced = true;
		this.#actor = this.#services.actorOf(this.header("authorization"));
	}

	/**
	 * Whether a browser sends this on behalf of another site that CORS does not let in. It sends plain
	 * requests without asking first, so a server that is open to its own machine has to look. Browsers
	 * that do not tell the site tell the page's origin.
	 */
	get fromForeignPage(): boolean {
		return !("access-control-allow-origin" in this.#headers) && this.fromOtherSite;
	}

	/** Whether a browser sends this on behalf of another site, be that let in or not. */
	get fromOtherSite(): boolean {
		const site = this.header("sec-fetch-site");
		if (site !== null) return site === "cross-site";
		const origin = this.header("origin");
		return origin !== null && hostOf(origin) !== hostOf(this.request.url);
	}

	/**
	 * Whether the request names this machine as its host. A page whose own domain was made to resolve
	 * to this machine (DNS rebinding) names that domain.
	 */
	get toLoopback(): boolean {
		return this.#services.loopback.names(this.request.url);
	}

	/** The W3C trace that this request belongs to: the caller's, or a new one. */
	get traceId(): string {
		return this.#traced().traceId;
	}

	/** The caller's span, if it sent a `traceparent`. */
	get parentSpan(): string | undefined {
		return this.#traced().parentSpan;
	}

	/** The flags of the caller's span: 1 says that it is recorded. */
	get traceFlags(): number | undefined {
		return this.#traced().flags;
	}

	/** Aborted when the server stops: a response that goes on and on should end then. */
	get closing(): AbortSignal | undefined {
		return this.#context.closing;
	}

	/** Hono's execution context wants it; an exception never passes through. */
	passThroughOnException(): void {}

	/** Keeps the runtime alive until `work` is done. */
	waitUntil(work: Promise<unknown>): void {
		if (this.#context.waitUntil) this.#context.waitUntil(work);
		else this.#services.keep(work);
	}

	/** A response of JSON text. */
	json(status: number, body: string, headers?: Readonly<Record<string, string>>): Response {
		return this.#respond(status, body, "application/json", headers);
	}

	/** A response of text that is not JSON. */
	text(
		status: number,
		body: string,
		type: string,
		headers?: Readonly<Record<string, string>>,
	): Response {
		return this.#respond(status, body, type, headers);
	}

	/** The problem that an error makes for the client. */
	problem(error: unknown, headers?: Readonly<Record<string, string>>): Response {
		const problem = problemOf(error, { instance: this.path, traceId: this.traceId });
		const plain = this.header("accept") === "application/json";
		return this.#respond(
			problem.status,
			problemText(problem),
			plain ? "application/json" : "application/problem+json",
			{ ...problemHeaders(problem.status), ...headers },
		);
	}

	/** The answer to whatever was thrown: a response as it is, a problem of anything else. */
	failure(error: unknown, log: (error: unknown, exchange: Exchange) => void): Response {
		try {
			if (isResponse(error)) return this.adopt(error);
			if (isStatusError(error) && error.res) return this.adopt(error.getResponse());
		} catch (unusable) {
			return this.failure(unusable, log);
		}
		const response = this.problem(error);
		if (response.status >= 500) log(error, this);
		return response;
	}

	/** An empty response. */
	empty(status: number, headers?: Readonly<Record<string, string>>): Response {
		const all = { ...this.#headers, "x-request-id": this.requestId, ...headers };
		return this.#keep(new Response(null, { status, headers: all }));
	}

	/**
	 * Seals a response that a listener replied or threw, which may be one that was sent before. Those of
	 * routes are not looked at like this: it makes a real body of what Node would send at once.
	 * @throws {TypeError} when its body was read already; and what {@link Exchange.seal} throws.
	 */
	adopt(response: Response): Response {
		if (response !== this.#sealed && response.bodyUsed) {
			throw new TypeError("The body of this response was read already.");
		}
		return this.seal(response);
	}

	/**
	 * Gives a response that was made elsewhere the headers that every response carries; those that it
	 * has already are left, but for the request's id.
	 * @throws {TypeError} when it is `Response.error()`, which some runtimes would send.
	 */
	seal(response: Response): Response {
		if (response === this.#sealed) return response;
		if (response.status === 0) throw new TypeError("Response.error() can't be sent.");
		const sealed = isImmutable(response) ? new Response(response.body, response) : response;
		for (const [name, value] of Object.entries(this.#headers)) {
			if (!sealed.headers.has(name)) sealed.headers.set(name, value);
			else if (name === "vary") sealed.headers.append(name, value);
		}
		sealed.headers.set("x-request-id", this.requestId);
		return this.#keep(sealed);
	}

	#respond(
		status: number,
		body: string,
		type: string,
		headers: Readonly<Record<string, string>> | undefined,
	): Response {
		const all: Record<string, string> = {
			...this.#headers,
			"x-request-id": this.requestId,
			"content-type": type,
		};
		if (headers !== undefined) Object.assign(all, headers);
		return this.#keep(new Response(body, { status, headers: all }));
	}

	#keep(response: Response): Response {
		this.#sealed = response;
		return response;
	}

	#traced(): Trace {
		if (this.#trace === undefined) {
			const [, traceId, parentSpan, flags] = this.header("traceparent")?.match(TRACEPARENT) ?? [];
			this.#trace =
				traceId && parentSpan && flags
					? { traceId, parentSpan, flags: Number.parseInt(flags, 16) }
					: { traceId: this.#services.ids.traceId() };
		}
		return this.#trace;
	}
}

function pathOf(url: string): string {
	const start = url.indexOf("/", url.indexOf("//") + 2);
	const query = url.indexOf("?", start);
	return start === -1 ? "/" : url.slice(start, query === -1 ? undefined : query);
}

/** The host and port that a URL names; of the origin `null`, nothing. */
function hostOf(url: string): string | undefined {
	return /^\w+:\/\/([^/?#]+)/.exec(url)?.[1]?.toLowerCase();
}

/** A response whose headers can't be set, as `fetch` and `Response.redirect` give it. */
function isImmutable(response: Response): boolean {
	try {
		response.headers.delete("x-request-id");
		return false;
	} catch {
		return true;
	}
}

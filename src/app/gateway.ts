import type { Hono } from "hono";
import type { Actor } from "../events/event-context.ts";
import type { EventManager } from "../events/event-manager.ts";
import type { EventScope } from "../events/event-scope.ts";
import { IdSource } from "../kernel/id.ts";
import { chain, isPromise, rescue, type Maybe } from "../kernel/maybe.ts";
import type { Platform } from "../kernel/platform.ts";
import { Cors } from "../server/cors.ts";
import { handle } from "../server/create-server.ts";
import { Exchange } from "../server/exchange.ts";
import type { Guard } from "../server/guard.ts";
import type { ServerOptions } from "../server/server-options.ts";
import { AppBeforeResponse, AppRequest } from "./app-events.ts";
import type { App, RequestContext } from "./app.ts";
import { Background } from "./background.ts";
import { settled } from "./settled.ts";

const SECURITY_HEADERS = Object.freeze({
	"x-content-type-options": "nosniff",
	"x-frame-options": "SAMEORIGIN",
	"referrer-policy": "no-referrer",
});

/** What requests pass through. */
export interface GatewayOptions {
	readonly app: App;
	readonly events: EventManager<App>;
	readonly platform: Platform;
	readonly guard: Guard;
	readonly server: ServerOptions;
	/** The routes of the current build; a promise while there are none yet. */
	readonly hono: () => Maybe<Hono>;
}

/**
 * The way of every request, whatever answers it: its scope, its events, its headers, its log line,
 * and its deferred work.
 */
export class Gateway {
	readonly #app: App;
	readonly #events: EventManager<App>;
	readonly #platform: Platform;
	readonly #guard: Guard;
	readonly #cors: Cors | undefined;
	readonly #hono: () => Maybe<Hono>;
	readonly #ids = new IdSource();
	readonly #open = new Set<Promise<Response>>();
	/** What routes of the user left running. */
	readonly background: Background;

	constructor({ app, events, platform, guard, server, hono }: GatewayOptions) {
		this.#app = app;
		this.#events = events;
		this.#platform = platform;
		this.#guard = guard;
		this.#hono = hono;
		this.#cors = server.cors && new Cors(server.cors);
		this.background = new Background(platform.logger);
	}

	/** Answers a request; whatever goes wrong is an answer, too. */
	answer(request: Request, env: unknown, context: RequestContext): Maybe<Response> {
		const response = this.#answer(request, env, context);
		if (!isPromise(response)) return response;
		this.#open.add(response);
		return response.finally(() => this.#open.delete(response));
	}

	/** Waits for the requests in flight, at most this many milliseconds; answers how many are left. */
	settle(timeout: number): Promise<number> {
		return settled(this.#open, timeout);
	}

	#answer(request: Request, env: unknown, context: RequestContext): Maybe<Response> {
		const exchange = this.#exchange(request, context);
		const scope = this.#scope(exchange, env, context);
		return scope.run(() =>
			chain(
				this.#rescue(exchange, () =>
					chain(this.#hono(), (hono) => this.#respond(hono, exchange, env, context)),
				),
				(response) => this.#finish(response, exchange, scope, context),
			),
		);
	}

	/** Writes to the log what a client may not see of a failure. */
	readonly log = (error: unknown, exchange: Exchange): void => {
		const { requestId, traceId, path } = exchange;
		const listener = this.#events.listenerOf(error);
		this.#platform.logger.error("A request failed.", {
			requestId,
			traceId,
			path,
			...(listener === undefined ? {} : { listener }),
			error,
		});
	};

	#exchange(request: Request, context: RequestContext): Exchange {
		const { headers } = request;
		const origin = this.#cors ? headers.get("origin") : null;
		return new Exchange(request, {
			ids: this.#ids,
			actor: this.#actorOf(request),
			startedAt: this.#platform.clock.now(),
			headers:
				origin === null || !this.#cors
					? SECURITY_HEADERS
					: { ...SECURITY_HEADERS, ...this.#cors.headers(origin) },
			waitUntil: (work) =>
				context.waitUntil ? context.waitUntil(work) : this.background.keep(work),
		});
	}

	#scope(exchange: Exchange, env: unknown, context: RequestContext): EventScope {
		const { request, actor, requestId, traceId, parentSpan } = exchange;
		return this.#events.scope({
			request,
			env,
			meta: parentSpan ? { requestId, traceId, parentSpan } : { requestId, traceId },
			...(actor ? { actor } : {}),
			...(context.waitUntil ? { waitUntil: (work) => context.waitUntil?.(work) } : {}),
		});
	}

	#respond(hono: Hono, exchange: Exchange, env: unknown, context: RequestContext): Maybe<Response> {
		const { request } = exchange;
		if (this.#cors && isPreflight(request)) return exchange.empty(204, this.#cors.preflight());
		if (!this.#events.has(AppRequest) && !this.#events.has(AppBeforeResponse)) {
			return handle(hono, request, env, exchange);
		}
		const response = this.#rescue(exchange, () => this.#route(hono, exchange, env, context));
		if (!this.#events.has(AppBeforeResponse)) return response;
		return chain(response, (ready) => this.#beforeResponse(exchange, exchange.seal(ready)));
	}

	#route(hono: Hono, exchange: Exchange, env: unknown, context: RequestContext): Maybe<Response> {
		const { request } = exchange;
		if (!this.#events.has(AppRequest)) return handle(hono, request, env, exchange);
		return chain(this.#events.dispatch(new AppRequest({ app: this.#app, request })), (event) => {
			const { response, params } = event;
			if (response) return exchange.adopt(response);
			if (params.request === request) return handle(hono, request, env, exchange);
			exchange.replace(params.request, this.#actorOf(params.request));
			return this.#reroute(hono, exchange, env, context);
		});
	}

	/** Goes on with the request that a listener gave, in a scope of its own: others may have sent it. */
	#reroute(hono: Hono, exchange: Exchange, env: unknown, context: RequestContext): Maybe<Response> {
		const scope = this.#scope(exchange, env, context);
		return scope.run(() =>
			chain(
				this.#rescue(exchange, () => handle(hono, exchange.request, env, exchange)),
				(response) => {
					this.#defer(scope, context);
					return response;
				},
			),
		);
	}

	#actorOf(request: Request): Actor | undefined {
		return this.#guard.actorOf(request.headers.get("authorization"));
	}

	#beforeResponse(exchange: Exchange, response: Response): Maybe<Response> {
		const params = { app: this.#app, request: exchange.request, response };
		return chain(this.#events.dispatch(new AppBeforeResponse(params)), (event) =>
			exchange.adopt(event.params.response),
		);
	}

	#rescue(exchange: Exchange, call: () => Maybe<Response>): Maybe<Response> {
		return rescue(
			() => chain(call(), (response) => exchange.seal(response)),
			(error) => exchange.failure(error, this.log),
		);
	}

	#finish(
		response: Response,
		exchange: Exchange,
		scope: EventScope,
		context: RequestContext,
	): Response {
		this.#defer(scope, context);
		const { method, requestId, traceId, path } = exchange;
		this.#platform.logger.info("request", {
			method,
			path,
			status: response.status,
			ms: this.#platform.clock.now() - exchange.startedAt,
			requestId,
			traceId,
		});
		return response;
	}

	/**
	 * Starts what the request has deferred: when the response has left, or soon. Whatever is deferred
	 * later, by a stream or by work that was not awaited, then starts by itself.
	 */
	#defer(scope: EventScope, context: RequestContext): void {
		const start = () => scope.executeAsyncs();
		if (scope.pending === 0) void start();
		else if (context.afterResponse) context.afterResponse(() => void start());
		else {
			const done = new Promise<void>((resolve) => {
				setTimeout(() => resolve(start()));
			});
			context.waitUntil?.(done);
		}
	}
}

function isPreflight(request: Request): boolean {
	return request.method === "OPTIONS" && request.headers.has("access-control-request-method");
}

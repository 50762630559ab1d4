import type { Hono } from "hono";
import type { EventManager } from "../events/event-manager.ts";
import type { EventScope } from "../events/event-scope.ts";
import { IdSource } from "../kernel/id.ts";
import { chain, rescue, type Maybe } from "../kernel/maybe.ts";
import type { Platform } from "../kernel/platform.ts";
import { Cors } from "../server/cors.ts";
import { handle } from "../server/create-server.ts";
import { Exchange } from "../server/exchange.ts";
import type { Guard } from "../server/guard.ts";
import type { ServerOptions } from "../server/server-options.ts";
import { AppBeforeResponse, AppRequest } from "./app-events.ts";
import type { App, RequestContext } from "./app.ts";
import { Background } from "./background.ts";

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
	readonly #ids = new IdSource();
	/** What routes of the user left running. */
	readonly background: Background;

	constructor({ app, events, platform, guard, server }: GatewayOptions) {
		this.#app = app;
		this.#events = events;
		this.#platform = platform;
		this.#guard = guard;
		this.#cors = server.cors && new Cors(server.cors);
		this.background = new Background(platform.logger);
	}

	/** Answers a request; whatever goes wrong is an answer, too. */
	answer(hono: Hono, request: Request, env: unknown, context: RequestContext): Maybe<Response> {
		const exchange = this.#open(request, context);
		const { actor, requestId, traceId, parentSpan } = exchange;
		const scope = this.#events.scope({
			request,
			env,
			meta: { requestId, traceId, ...(parentSpan ? { parentSpan } : {}) },
			...(actor ? { actor } : {}),
			...(context.waitUntil ? { waitUntil: (work) => context.waitUntil?.(work) } : {}),
		});
		return scope.run(() =>
			chain(
				rescue(
					() => this.#respond(hono, exchange, env),
					(error) => this.#failure(error, exchange),
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

	#open(request: Request, context: RequestContext): Exchange {
		const { headers } = request;
		const origin = this.#cors ? headers.get("origin") : null;
		return new Exchange(request, {
			ids: this.#ids,
			actor: this.#guard.actorOf(headers.get("authorization")),
			startedAt: this.#platform.clock.now(),
			headers:
				origin === null || !this.#cors
					? SECURITY_HEADERS
					: { ...SECURITY_HEADERS, ...this.#cors.headers(origin) },
			waitUntil: (work) =>
				context.waitUntil ? context.waitUntil(work) : this.background.keep(work),
		});
	}

	#respond(hono: Hono, exchange: Exchange, env: unknown): Maybe<Response> {
		const { request } = exchange;
		if (this.#cors && isPreflight(request)) return exchange.empty(204, this.#cors.preflight());
		const response = this.#events.has(AppRequest)
			? chain(
					this.#events.dispatch(new AppRequest({ app: this.#app, request })),
					(event) => event.response ?? handle(hono, event.params.request, env, exchange),
				)
			: handle(hono, request, env, exchange);
		if (!this.#events.has(AppBeforeResponse)) return response;
		return chain(response, (ready) => this.#beforeResponse(exchange, exchange.seal(ready)));
	}

	#beforeResponse(exchange: Exchange, response: Response): Maybe<Response> {
		const params = { app: this.#app, request: exchange.request, response };
		return chain(
			this.#events.dispatch(new AppBeforeResponse(params)),
			(event) => event.params.response,
		);
	}

	#failure(error: unknown, exchange: Exchange): Response {
		return exchange.failure(error, this.log);
	}

	#finish(
		response: Response,
		exchange: Exchange,
		scope: EventScope,
		context: RequestContext,
	): Response {
		const sealed = exchange.seal(response);
		this.#defer(scope, context);
		const { request, requestId, traceId, path } = exchange;
		this.#platform.logger.info("request", {
			method: request.method,
			path,
			status: sealed.status,
			ms: this.#platform.clock.now() - exchange.startedAt,
			requestId,
			traceId,
		});
		return sealed;
	}

	/** Starts what the request has deferred: when the response has left, or soon. */
	#defer(scope: EventScope, context: RequestContext): void {
		if (scope.pending === 0) return;
		const start = () => scope.executeAsyncs();
		if (context.afterResponse) context.afterResponse(() => void start());
		else if (context.waitUntil) context.waitUntil(start());
		else setTimeout(start);
	}
}

function isPreflight(request: Request): boolean {
	return request.method === "OPTIONS" && request.headers.has("access-control-request-method");
}

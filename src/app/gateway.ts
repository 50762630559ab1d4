import type { Hono } from "hono";
import type { EventManager } from "../events/event-manager.ts";
import type { EventScope, ScopeOptions } from "../events/event-scope.ts";
import { IdSource } from "../kernel/id.ts";
import { chain, isPromise, type Maybe } from "../kernel/maybe.ts";
import type { Platform } from "../kernel/platform.ts";
import { Cors } from "../server/cors.ts";
import { handle } from "../server/create-server.ts";
import { Exchange, type ExchangeServices } from "../server/exchange.ts";
import type { Guard } from "../server/guard.ts";
import { Loopback } from "../server/loopback.ts";
import type { ServerOptions } from "../server/server-options.ts";
import type { ServerTiming } from "../server/server-timing.ts";
import { AppBeforeResponse, AppRequest } from "./app-events.ts";
import type { App, RequestContext } from "./app.ts";
import type { Background } from "./background.ts";
import type { OpenRequests } from "./open-requests.ts";

const SECURITY_HEADERS = Object.freeze({
	"x-content-type-options": "nosniff",
	"x-frame-options": "SAMEORIGIN",
	"referrer-policy": "no-referrer",
});

type Opened<T> = { -readonly [K in keyof T]: T[K] };

/** What requests pass through. */
export interface GatewayOptions {
	readonly app: App;
	readonly events: EventManager<App>;
	readonly platform: Platform;
	readonly guard: Guard;
	readonly server: ServerOptions;
	/** The routes of the current build; a promise while there are none yet. */
	readonly hono: () => Maybe<Hono>;
	/** The requests in flight, and what routes of the user left running: of all gateways of an app. */
	readonly open: OpenRequests;
	readonly background: Background;
	/** Tells how long listeners took, where that is wanted. */
	readonly timing: ServerTiming | undefined;
}

/**
 * The way of every request, whatever answers it: its scope, its events, its headers, its log line,
 * and its deferred work.
 */
export class Gateway {
	readonly #app: App;
	readonly #events: EventManager<App>;
	readonly #platform: Platform;
	readonly #cors: Cors | undefined;
	readonly #hono: () => Maybe<Hono>;
	readonly #services: ExchangeServices;
	readonly #open: OpenRequests;
	readonly #background: Background;
	readonly #timing: ServerTiming | undefined;

	constructor(options: GatewayOptions) {
		const { app, events, platform, guard, server, hono, open, background } = options;
		this.#app = app;
		this.#events = events;
		this.#platform = platform;
		this.#hono = hono;
		this.#cors = server.cors && new Cors(server.cors);
		this.#open = open;
		this.#background = background;
		this.#timing = options.timing;
		this.#services = {
			ids: new IdSource(),
			clock: platform.clock,
			loopback: new Loopback(),
			cors: this.#cors,
			headers: SECURITY_HEADERS,
			actorOf: (authorization) => guard.actorOf(authorization),
			keep: (work) => this.#background.keep(work),
		};
	}

	/** Answers a request; whatever goes wrong is an answer, too. */
	answer(request: Request, env: unknown, context: RequestContext): Maybe<Response> {
		const response = this.#answer(request, env, context);
		if (!isPromise(response)) return response;
		this.#open.enter();
		return response.finally(this.#open.leave);
	}

	#answer(request: Request, env: unknown, context: RequestContext): Maybe<Response> {
		const exchange = new Exchange(request, context, this.#services);
		const scope = this.#scope(exchange, env, context);
		return scope.run(() => {
			const response = this.#made(exchange, env, context);
			return isPromise(response)
				? response.then((made) => this.#finish(made, exchange, scope, context))
				: this.#finish(response, exchange, scope, context);
		});
	}

	#made(exchange: Exchange, env: unknown, context: RequestContext): Maybe<Response> {
		return this.#rescue(exchange, () => {
			const hono = this.#hono();
			return isPromise(hono)
				? hono.then((built) => this.#respond(built, exchange, env, context))
				: this.#respond(hono, exchange, env, context);
		});
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

	#scope(exchange: Exchange, env: unknown, context: RequestContext): EventScope {
		const { request, actor, requestId, traceId, parentSpan, traceFlags } = exchange;
		const options: Opened<ScopeOptions> = {
			request,
			env,
			meta: parentSpan ? { requestId, traceId, parentSpan, traceFlags } : { requestId, traceId },
		};
		if (actor) options.actor = actor;
		if (context.waitUntil) options.waitUntil = (work) => context.waitUntil?.(work);
		const scope = this.#events.scope(options);
		this.#timing?.watch(scope, exchange);
		return scope;
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
			exchange.replace(params.request);
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

	#beforeResponse(exchange: Exchange, response: Response): Maybe<Response> {
		const params = { app: this.#app, request: exchange.request, response };
		return chain(this.#events.dispatch(new AppBeforeResponse(params)), (event) =>
			exchange.adopt(event.params.response),
		);
	}

	#rescue(exchange: Exchange, call: () => Maybe<Response>): Maybe<Response> {
		try {
			const response = call();
			if (!isPromise(response)) return exchange.seal(response);
			return response
				.then((made) => exchange.seal(made))
				.catch((error: unknown) => exchange.failure(error, this.log));
		} catch (error) {
			return exchange.failure(error, this.log);
		}
	}

	#finish(
		response: Response,
		exchange: Exchange,
		scope: EventScope,
		context: RequestContext,
	): Response {
		this.#timing?.tell(response, exchange);
		this.#defer(scope, context);
		if (this.#platform.requestLines !== "runtime") this.#logRequest(response, exchange);
		return response;
	}

	#logRequest(response: Response, exchange: Exchange): void {
		const { method, requestId, traceId, path } = exchange;
		this.#platform.logger.info("request", {
			method,
			path,
			status: response.status,
			ms: this.#platform.clock.now() - exchange.startedAt,
			requestId,
			traceId,
		});
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

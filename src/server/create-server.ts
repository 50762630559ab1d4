import { Hono, type Context } from "hono";
import { TrieRouter } from "hono/router/trie-router";
import type { EntityManager } from "../data/entity-manager.ts";
import { chain, type Maybe } from "../kernel/maybe.ts";
import { allowedMethods } from "./allowed-methods.ts";
import type { Platform } from "../kernel/platform.ts";
import type { SystemStats } from "./contract.ts";
import { DataRoutes } from "./data-routes.ts";
import { serverErrors } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import type { Guard } from "./guard.ts";
import { MAX_BODY } from "./input.ts";
import { ModelRoutes } from "./model/model-routes.ts";
import { ModelViews } from "./model/model-view.ts";
import type { ApiFacts } from "./openapi/describe-api.ts";
import { OpenApiRoutes } from "./openapi/openapi-routes.ts";
import { exchangeOf, route, type FailureLog } from "./route.ts";
import type { ServerPart, ServerPartContext } from "./server-part.ts";
import type { ServerOptions } from "./server-options.ts";
import type { EventTails } from "./tail/event-tails.ts";
import { TailRoutes } from "./tail/tail-routes.ts";

/** Where the routes begin, unless the config says otherwise. */
export const BASE_PATH = "/api";

/** Characters of a path that a problem repeats. */
const MAX_ECHO = 256;

/** What `/api/system/info` tells. */
export interface SystemInfo {
	readonly name: string;
	readonly version: string;
	readonly runtime: string;
	readonly engine: string;
	readonly entities: readonly string[];
	readonly access: string;
}

/** What a server is made of. */
export interface CreateServerOptions {
	readonly em: EntityManager;
	readonly guard: Guard;
	readonly server: ServerOptions;
	/** See the platform. By default routes are compiled at the first request, which takes a while. */
	readonly coldStarts: Platform["coldStarts"];
	readonly info: SystemInfo;
	/** What `/api/system/stats` tells. */
	readonly stats: () => SystemStats;
	/** Who follows the events, at `/api/system/events`. */
	readonly tails: EventTails;
	/** What requests need, by name: each rejects, or throws, when it does not answer. */
	readonly checks: Readonly<Record<string, () => Maybe<unknown>>>;
	readonly onFailure: FailureLog;
	/** What this server has beside the data and itself. */
	readonly parts: readonly ((context: ServerPartContext) => ServerPart)[];
	/** Adds the routes of the user, which come before ours. */
	readonly onInit: (hono: Hono) => Maybe<unknown>;
}

/** Makes the Hono app: the user's routes, then ours. Requests enter through {@link handle}. */
export function createServer(options: CreateServerOptions): Maybe<Hono> {
	const { em, guard, server, onFailure } = options;
	const base = server.basePath ?? BASE_PATH;
	const quick = options.coldStarts === "frequent";
	const hono = quick ? new Hono({ router: new TrieRouter() }) : new Hono();
	hono.onError((error, context) => exchangeOf(context).failure(error, onFailure));
	hono.notFound((context) => answerUnrouted(hono, context));
	return chain(options.onInit(hono), () => {
		const before = hono.routes.length;
		mountSystem(hono, base, options);
		mountStats(hono, `${base}/system/stats`, options);
		new TailRoutes({ guard, tails: options.tails, onFailure }).mount(hono, `${base}/system`);
		const maxBody = server.limits?.body ?? MAX_BODY;
		const views = new ModelViews(em, guard);
		new ModelRoutes({ em, guard, views, onFailure }).mount(hono, `${base}/data`);
		new DataRoutes({ em, guard, maxBody, onFailure }).mount(hono, `${base}/data`);
		const parts = options.parts.map((part) => part({ em, guard, maxBody, onFailure }));
		for (const part of parts) part.mount(hono, base);
		const facts = (): ApiFacts => ({
			...options.info,
			base,
			routes: hono.routes.slice(before),
			token: guard.tokenUse,
			operator: guard.operatorIsLocal ? "local" : "token",
			maxBody,
			parts,
		});
		new OpenApiRoutes({ views, facts, onFailure }).mount(hono, `${base}/system`);
		return hono;
	});
}

/** Passes a request through Hono; the exchange is its execution context. */
export function handle(
	hono: Hono,
	request: Request,
	env: unknown,
	exchange: Exchange,
): Maybe<Response> {
	return hono.fetch(request, env as Record<string, unknown>, exchange);
}

/** Answers what no route answers: the path is unknown, or it does not take this method. */
function answerUnrouted(hono: Hono, context: Context): Response {
	const exchange = exchangeOf(context);
	const { method } = context.req;
	const path = context.req.path.slice(0, MAX_ECHO);
	const methods = allowedMethods(hono, context.req.path);
	const allowed = methods.join(", ");
	if (method === "OPTIONS" && methods.length > 0) return exchange.empty(204, { allow: allowed });
	// A route of the user that takes the method may itself say that there is nothing.
	if (methods.length === 0 || methods.includes(method)) {
		return exchange.problem(serverErrors.create("no_route", { path }));
	}
	const values = { path, method: method.slice(0, MAX_ECHO), allowed };
	return exchange.problem(serverErrors.create("method_not_allowed", values), { allow: allowed });
}

function mountSystem(hono: Hono, base: string, options: CreateServerOptions): void {
	const { info, checks, onFailure } = options;
	const answers = {
		"/health": { status: "ok" },
		[`${base}/system/ping`]: { pong: true },
		[`${base}/system/info`]: info,
		"/": {
			name: info.name,
			version: info.version,
			links: {
				health: "/health",
				ready: "/ready",
				info: `${base}/system/info`,
				docs: `${base}/system/docs`,
				openapi: `${base}/system/openapi.json`,
				model: `${base}/data`,
				data: info.entities.map((name) => `${base}/data/entity/${name}`),
			},
		},
	};
	for (const [path, answer] of Object.entries(answers)) {
		const body = JSON.stringify(answer);
		hono.get(
			path,
			route((_, exchange) => exchange.json(200, body), onFailure),
		);
	}
	const parts = Object.entries(checks);
	const oks = Object.fromEntries(parts.map(([part]) => [part, "ok"]));
	const body = JSON.stringify({ status: "ready", checks: oks });
	hono.get(
		"/ready",
		route(async (_, exchange) => {
			await Promise.all(parts.map(([part, check]) => expectAnswer(part, check)));
			return exchange.json(200, body);
		}, onFailure),
	);
}

async function expectAnswer(part: string, check: () => Maybe<unknown>): Promise<void> {
	try {
		await check();
	} catch (cause) {
		throw serverErrors.create("not_ready", { part }, { cause });
	}
}

function mountStats(
	hono: Hono,
	path: string,
	{ guard, stats, onFailure }: CreateServerOptions,
): void {
	hono.get(
		path,
		route((_, exchange) => {
			guard.operator(exchange);
			return exchange.json(200, JSON.stringify(stats()), { "cache-control": "no-store" });
		}, onFailure),
	);
}

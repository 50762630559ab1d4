import { Hono } from "hono";
import type { EntityManager } from "../data/entity-manager.ts";
import { chain, rescue, type Maybe } from "../kernel/maybe.ts";
import { DataRoutes } from "./data-routes.ts";
import { serverErrors } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import type { Guard } from "./guard.ts";
import { MAX_BODY } from "./input.ts";
import { exchangeOf, route, type FailureLog } from "./route.ts";
import type { ServerOptions } from "./server-options.ts";

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
	readonly info: SystemInfo;
	/** Rejects, or throws, when something that requests need does not answer. */
	readonly ready: () => Maybe<unknown>;
	readonly onFailure: FailureLog;
	/** Adds the routes of the user, which come before ours. */
	readonly onInit: (hono: Hono) => Maybe<unknown>;
}

/** Makes the Hono app: the user's routes, then ours. Requests enter through {@link handle}. */
export function createServer(options: CreateServerOptions): Maybe<Hono> {
	const { em, guard, server, onFailure } = options;
	const base = server.basePath ?? "/api";
	const hono = new Hono();
	hono.onError((error, context) => exchangeOf(context).failure(error, onFailure));
	hono.notFound((context) => {
		const path = context.req.path.slice(0, MAX_ECHO);
		return exchangeOf(context).problem(serverErrors.create("no_route", { path }));
	});
	return chain(options.onInit(hono), () => {
		mountSystem(hono, base, options);
		const maxBody = server.limits?.body ?? MAX_BODY;
		new DataRoutes({ em, guard, maxBody, onFailure }).mount(hono, `${base}/data`);
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

function mountSystem(hono: Hono, base: string, options: CreateServerOptions): void {
	const { info, ready, onFailure } = options;
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
	const body = JSON.stringify({ status: "ready", checks: { database: "ok" } });
	hono.get(
		"/ready",
		route(
			(_, exchange) =>
				rescue(
					() => chain(ready(), () => exchange.json(200, body)),
					(cause) => {
						throw serverErrors.create("not_ready", { part: "database" }, { cause });
					},
				),
			onFailure,
		),
	);
}

import type { Context, Handler } from "hono";
import { rescue, type Maybe } from "../kernel/maybe.ts";
import type { Exchange } from "./exchange.ts";

/** Answers a request of one of our routes. */
export type RouteHandler = (context: Context, exchange: Exchange) => Maybe<Response>;

/** What a route tells about its failures beside the problem that the client gets. */
export type FailureLog = (error: unknown, exchange: Exchange) => void;

/** The exchange that a request of Hono belongs to. */
export function exchangeOf(context: Context): Exchange {
	return context.executionCtx as unknown as Exchange;
}

/** A Hono handler that makes a problem of whatever goes wrong. */
export function route(handler: RouteHandler, onFailure: FailureLog): Handler {
	return (context) => {
		const exchange = exchangeOf(context);
		return rescue(
			() => handler(context, exchange),
			(error) => exchange.failure(error, onFailure),
		);
	};
}

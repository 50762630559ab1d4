import type { Hono } from "hono";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** A method that no route has: what it matches is there for all methods, such as middleware. */
const NO_METHOD = "NONE";

/**
 * The methods that a path has routes for, as `Allow` lists them; nothing when there is no such path.
 * A path with a GET route takes HEAD and, like every path, OPTIONS.
 */
export function allowedMethods(hono: Hono, path: string): readonly string[] {
	const handlers = (method: string) => hono.router.match(method, path)[0].length;
	const common = handlers(NO_METHOD);
	const methods = METHODS.filter((method) => handlers(method) > common);
	if (methods.length === 0) return [];
	return [...methods.flatMap((name) => (name === "GET" ? ["GET", "HEAD"] : [name])), "OPTIONS"];
}

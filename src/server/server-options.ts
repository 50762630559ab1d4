import type { Actor } from "../events/event-context.ts";
import type { Maybe } from "../kernel/maybe.ts";

/** What somebody wants to do with an entity. */
export type Action = "read" | "create" | "update" | "delete";

/** What an access rule is asked about. */
export interface AccessQuestion {
	/** The entity's name. */
	readonly entity: string;
	readonly action: Action;
	readonly actor: Actor | undefined;
}

/**
 * Answers whether a request may do something. It is asked once for every entity that a request reads
 * or writes, those included that it reaches through relations. False is a 401, or a 403 when the
 * request has credentials; what it throws is answered as an error.
 *
 * @example
 * ```ts
 * const access: AccessRule = (_request, { action, actor }) => action === "read" || actor !== undefined;
 * ```
 */
export type AccessRule = (request: Request, question: AccessQuestion) => Maybe<boolean>;

/** Which other origins may call from a browser. */
export interface CorsOptions {
	/** Origins such as `https://example.com`, or `"*"` for any (then without credentials). */
	readonly origin: "*" | string | readonly string[];
	/** Whether cookies and the like may be sent; never together with `"*"`. Default: false. */
	readonly credentials?: boolean;
	/** Request headers beyond the usual ones. */
	readonly headers?: readonly string[];
	/** Seconds that a browser may keep the answer; default 600. */
	readonly maxAge?: number;
}

/** The HTTP side of an app. */
export interface ServerOptions {
	/** Where the routes begin; default `/api`. */
	readonly basePath?: string;
	/**
	 * Who may do what: `"open"` everybody everything, `"read-only"` everybody reads, or a rule of your
	 * own. Default: open where only this machine or this program can reach the server; elsewhere reads
	 * are open, and writes need `Authorization: Bearer $BURDOCK_TOKEN`.
	 */
	readonly access?: "open" | "read-only" | AccessRule;
	/** Default: none, so that browsers let no other origin in. */
	readonly cors?: CorsOptions;
	readonly limits?: {
		/** Bytes of a JSON body; default 1 MiB. */
		readonly body?: number;
	};
}

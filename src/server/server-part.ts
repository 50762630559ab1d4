import type { Hono } from "hono";
import type { EntityManager } from "../data/entity-manager.ts";
import type { Guard } from "./guard.ts";
import type { AppOperation } from "./openapi/app-operations.ts";
import type { ModelView } from "./model/model-view.ts";
import type { FailureLog } from "./route.ts";

/** What the routes of a part stand on. */
export interface ServerPartContext {
	readonly em: EntityManager;
	readonly guard: Guard;
	/** Bytes of a JSON body. */
	readonly maxBody: number;
	readonly onFailure: FailureLog;
}

/**
 * Routes that a server has only if its app has what they are about. They are given to it, not imported,
 * so that a program without them does not carry them.
 */
export interface ServerPart {
	/** Adds its routes below `base`, such as `/api`. */
	mount(hono: Hono, base: string): void;
	/**
	 * What the description of the API says of them, by method and path below the base; undefined for
	 * whoever may not know of them.
	 */
	readonly operations: Readonly<Record<string, (view: ModelView) => AppOperation | undefined>>;
	/** The tags of these operations. */
	readonly tags: readonly { readonly name: string; readonly description: string }[];
}

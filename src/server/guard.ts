import type { Actor } from "../events/event-context.ts";
import { chain, type Maybe } from "../kernel/maybe.ts";
import type { Exposure } from "../kernel/platform.ts";
import { serverErrors } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import type { Action, ServerOptions } from "./server-options.ts";

const BEARER = /^Bearer +(\S+) *$/i;
/** What proxies add to a request. */
const PROXY_HEADERS = ["forwarded", "x-forwarded-for", "x-forwarded-host", "via"];
const TOKEN_ACTOR: Actor = Object.freeze({ id: "token" });
const LOCAL_ACTOR: Actor = Object.freeze({ id: "local" });

/** Which requests need a token, or may be let in by one. */
export type TokenUse = "never" | "sometimes" | "writes";

/** What decides about access. */
export interface GuardOptions {
	readonly access: ServerOptions["access"];
	readonly exposure: Exposure;
	/** Asked at each request for the token that may write; an empty one is none. */
	readonly token: () => string | undefined;
}

/** Lets requests in, or refuses them: 401 without credentials, 403 with wrong ones. */
export class Guard {
	readonly #access: ServerOptions["access"];
	readonly #exposure: Exposure;
	readonly #tokenNow: () => string | undefined;
	#known: { readonly text: string; readonly bytes: Uint8Array } | undefined;

	constructor({ access, exposure, token }: GuardOptions) {
		this.#access = access;
		this.#exposure = exposure;
		this.#tokenNow = token;
	}

	/** Which rule holds, as a sentence for the banner and the log. */
	get rule(): string {
		if (typeof this.#access === "function") return "as the config's access rule says";
		if (this.#access === "read-only") return "read-only";
		if (this.#open) return this.#access === "open" ? "open to everybody" : "open (local only)";
		return this.#token
			? "reads are open, writes need the token"
			: "reads are open, writes are refused (no BURDOCK_TOKEN)";
	}

	/** Whether a token is asked for: never, for writes, or as an access rule of the config likes. */
	get tokenUse(): TokenUse {
		if (typeof this.#access === "function") return "sometimes";
		return this.#access === undefined && this.#exposure === "public" ? "writes" : "never";
	}

	/** Whether it may let a request in to one entity and not to another. */
	get differs(): boolean {
		return typeof this.#access === "function";
	}

	/** Who sent these credentials, if they are right. */
	actorOf(authorization: string | null): Actor | undefined {
		const given = authorization === null ? undefined : BEARER.exec(authorization)?.[1];
		if (given === undefined) return undefined;
		const token = this.#token;
		if (token === undefined) return undefined;
		return sameBytes(new TextEncoder().encode(given), token) ? TOKEN_ACTOR : undefined;
	}

	/** @throws `unauthenticated`, `forbidden`, `no_token`, `cross_site` or `foreign_host` when the request may not do this. */
	check(exchange: Exchange, entity: string, action: Action): Maybe<void> {
		const access = this.#access;
		if (typeof access === "function") {
			const { request, actor } = exchange;
			return chain(access(request, { entity, action, actor }), (allowed) => {
				if (!allowed) this.#refuse(exchange, entity, action);
			});
		}
		if (access === undefined) this.#checkHost(exchange);
		if (action === "read") return;
		if (this.#open) {
			if (exchange.fromForeignPage) throw serverErrors.create("cross_site", {});
			return;
		}
		if (access === "read-only") throw serverErrors.create("forbidden", { action, entity });
		if (exchange.actor) return;
		if (this.#token === undefined) throw serverErrors.create("no_token", {});
		this.#refuse(exchange, entity, action);
	}

	/**
	 * Who runs the server, and may see how it works inside: the holder of the token, or whoever asks from
	 * this machine, where nobody else can reach it. Of a program that calls the app itself nobody knows
	 * for whom it asks: there an access rule closes this door, too. CORS does not matter here: a page in
	 * the browser of the one who runs the server is somebody else, as is whoever comes through a proxy.
	 *
	 * @throws `unauthenticated`, `operator_only`.
	 */
	operator(exchange: Exchange): Actor {
		if (exchange.actor) return exchange.actor;
		if (!this.operatorIsLocal) {
			const given = exchange.request.headers.has("authorization");
			if (this.#token !== undefined && !given) throw serverErrors.create("unauthenticated", {});
			throw operatorOnly(given ? "the token is wrong" : "it has no BURDOCK_TOKEN");
		}
		if (this.#exposure === "loopback" && !exchange.toLoopback) {
			throw operatorOnly("the request names another host than this machine");
		}
		if (exchange.fromOtherSite) throw operatorOnly("a page of another site asks");
		if (PROXY_HEADERS.some((name) => exchange.request.headers.has(name))) {
			throw operatorOnly("the request came through a proxy");
		}
		return LOCAL_ACTOR;
	}

	/** Whether whoever reaches the server is taken for the one who runs it. */
	get operatorIsLocal(): boolean {
		if (this.#exposure !== "in-process") return this.#exposure === "loopback";
		return this.#access === undefined || this.#access === "open";
	}

	/** The bytes of the token, encoded once. */
	get #token(): Uint8Array | undefined {
		const text = this.#tokenNow();
		if (!text) return undefined;
		if (this.#known?.text !== text) this.#known = { text, bytes: new TextEncoder().encode(text) };
		return this.#known.bytes;
	}

	#checkHost(exchange: Exchange): void {
		if (this.#exposure !== "loopback" || exchange.toLoopback) return;
		throw serverErrors.create("foreign_host", {});
	}

	get #open(): boolean {
		return this.#access === "open" || (this.#access === undefined && this.#exposure !== "public");
	}

	#refuse(exchange: Exchange, entity: string, action: Action): never {
		if (exchange.request.headers.has("authorization")) {
			throw serverErrors.create("forbidden", { action, entity });
		}
		throw serverErrors.create("unauthenticated", {});
	}
}

/** Tells who runs a server from actors that only have the same id. */
export function isOperator(actor: Actor): boolean {
	return actor === TOKEN_ACTOR || actor === LOCAL_ACTOR;
}

function operatorOnly(reason: string): Error {
	return serverErrors.create("operator_only", { reason });
}

/** Compares in a time that depends on the length of what was given, and on nothing else. */
function sameBytes(given: Uint8Array, expected: Uint8Array): boolean {
	let difference = given.length ^ expected.length;
	for (let index = 0; index < given.length; index++) {
		difference |= (given[index] ?? 0) ^ (expected[index % expected.length] ?? 0);
	}
	return difference === 0;
}

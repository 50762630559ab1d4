import type { D1Binding, D1Statement } from "../../data/drivers/d1.ts";
import type { SessionConstraint } from "../../app/config.ts";
import { cloudflareErrors } from "./errors.ts";
import type { WorkerContext } from "./handlers.ts";

/** The header in which bookmarks of D1 come and go. */
export const BOOKMARK_HEADER = "x-d1-bookmark";

/** Bookmarks are groups of hexadecimal digits; anything else could be a constraint in disguise. */
const BOOKMARK = /^[\da-f]{1,32}(?:-[\da-f]{1,32}){1,7}$/i;
const SAFE_METHODS: readonly string[] = ["GET", "HEAD", "OPTIONS"];

interface D1Session extends D1Binding {
	getBookmark(): string | null;
}

interface D1Database extends D1Binding {
	withSession(start: string): D1Session;
}

/** Which D1 database is meant, and how its sessions begin, if it has any. */
export interface D1Choice {
	/** The name of the binding. */
	readonly name: string;
	readonly session: SessionConstraint | undefined;
}

/** One call of `fetch`, `scheduled` or `queue`: everything that nothing may keep when it has ended. */
export class Invocation {
	readonly env: Readonly<Record<string, unknown>>;
	readonly context: WorkerContext;
	readonly #request: Request | undefined;
	#session: D1Session | undefined;

	constructor(env: unknown, context: WorkerContext, request?: Request) {
		this.env = (env ?? {}) as Readonly<Record<string, unknown>>;
		this.context = context;
		this.#request = request;
	}

	/** Where the session of this call stands, if it has used one. */
	get bookmark(): string | undefined {
		return this.#session?.getBookmark() ?? undefined;
	}

	/**
	 * The binding of a database, or the session of this call.
	 * @throws `no_d1_binding`, `bad_bookmark`.
	 */
	d1({ name, session }: D1Choice): D1Binding {
		const binding = this.env[name];
		if (!isD1(binding)) throw cloudflareErrors.create("no_d1_binding", { name });
		if (session === undefined) return binding as D1Binding<D1Statement>;
		this.#session ??= binding.withSession(this.#start(session));
		return this.#session;
	}

	/** Reads go on from the client's bookmark; what may write begins with the newest data. */
	#start(session: SessionConstraint): string {
		const given = this.#request?.headers.get(BOOKMARK_HEADER);
		if (given && !BOOKMARK.test(given)) {
			throw cloudflareErrors.create("bad_bookmark", { header: BOOKMARK_HEADER });
		}
		const reads = this.#request !== undefined && SAFE_METHODS.includes(this.#request.method);
		return reads ? given || session : "first-primary";
	}
}

function isD1(value: unknown): value is D1Database {
	return typeof value === "object" && value !== null && "prepare" in value;
}

import type { Hono } from "hono";
import { EventError } from "../../events/core-error.ts";
import { summarize, type FieldError } from "../../kernel/error.ts";
import { didYouMean } from "../../kernel/nearest.ts";
import { serverErrors } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import type { Guard } from "../guard.ts";
import { route, type FailureLog } from "../route.ts";
import type { EventTails } from "./event-tails.ts";
import type { Tail } from "./tail.ts";

const HEADERS = Object.freeze({
	"content-type": "application/x-ndjson",
	"cache-control": "no-store",
	// nginx would keep lines back until it has many.
	"x-accel-buffering": "no",
});
const PARAMETERS: readonly string[] = ["ref"];
/** Names and patterns in one request. */
const MAX_REFS = 32;
/** Codes of events that say that a ref is wrong. */
const BAD_REF: ReadonlySet<string> = new Set(["bad_pattern", "unknown_event"]);

/** What the route of tails stands on. */
export interface TailRoutesOptions {
	readonly guard: Guard;
	readonly tails: EventTails;
	readonly onFailure: FailureLog;
}

/** The route by which the one who runs the server follows its events. */
export class TailRoutes {
	readonly #guard: Guard;
	readonly #tails: EventTails;
	readonly #onFailure: FailureLog;

	constructor({ guard, tails, onFailure }: TailRoutesOptions) {
		this.#guard = guard;
		this.#tails = tails;
		this.#onFailure = onFailure;
	}

	/** Adds the route below `base`. */
	mount(hono: Hono, base: string): void {
		hono.get(
			`${base}/events`,
			route((_, exchange) => {
				const tail = this.#open(exchange);
				if (exchange.request.method !== "HEAD")
					return new Response(tail.stream, { headers: HEADERS });
				void tail.stream.cancel();
				return new Response(null, { headers: HEADERS });
			}, this.#onFailure),
		);
	}

	#open(exchange: Exchange): Tail {
		const actor = this.#guard.operator(exchange);
		const refs = readRefs(exchange.request.url);
		try {
			return this.#tails.open(actor, refs, exchange.closing);
		} catch (error) {
			if (!(error instanceof EventError) || !BAD_REF.has(error.code)) throw error;
			throw faults([{ path: "ref", message: error.message }]);
		}
	}
}

/** The names and patterns of a URL; all events if there is none. @throws `bad_parameters`. */
function readRefs(url: string): readonly string[] {
	const { searchParams } = new URL(url);
	const errors: FieldError[] = [];
	for (const name of new Set(searchParams.keys())) {
		if (PARAMETERS.includes(name)) continue;
		const message = `There is no such parameter.${didYouMean(name, PARAMETERS)}`;
		errors.push({ path: name.slice(0, 60), code: "unknown_parameter", message });
		break;
	}
	const refs = searchParams.getAll("ref");
	if (refs.length > MAX_REFS) {
		errors.push({ path: "ref", code: "too_many", message: `It is there over ${MAX_REFS} times.` });
	}
	if (errors.length > 0) throw faults(errors);
	return refs.length === 0 ? ["**"] : refs;
}

function faults(errors: readonly FieldError[]): Error {
	return serverErrors.create("bad_parameters", { summary: summarize(errors) }, { errors });
}

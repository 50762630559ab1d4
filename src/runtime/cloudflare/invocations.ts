import type { AsyncContext } from "../../kernel/platform.ts";
import { asyncContext } from "./async-context.ts";
import { cloudflareErrors } from "./errors.ts";
import type { Invocation } from "./invocation.ts";

/** Finds the invocation that code runs for, however many are interleaved in the isolate. */
export class Invocations {
	readonly #context: AsyncContext<Invocation> = asyncContext();

	/** The current one; undefined while the isolate starts. */
	get current(): Invocation | undefined {
		return this.#context.get();
	}

	/** Calls `callback`, for which, and for all that it starts, `invocation` is the current one. */
	run<R>(invocation: Invocation, callback: () => R): R {
		return this.#context.run(invocation, callback);
	}

	/**
	 * The current one, for what can't do without.
	 * @param what What is asked for, as in "the database".
	 * @throws `outside_of_request`.
	 */
	needed(what: string): Invocation {
		const { current } = this;
		if (current === undefined) throw cloudflareErrors.create("outside_of_request", { what });
		return current;
	}
}

import { summarize, type FieldError } from "../kernel/error.ts";
import { didYouMean } from "../kernel/nearest.ts";
import { dataErrors } from "./errors.ts";

const MAX_ECHO = 64;
/** More faults than these are counted, but not listed. */
const MAX_FAULTS = 100;

/** Cuts what a message repeats of an input. */
export function shorten(text: string): string {
	return text.length > MAX_ECHO ? `${text.slice(0, MAX_ECHO)}…` : text;
}

/** The faults of one input, gathered before anybody complains. */
export class FaultList {
	readonly #code: "bad_query" | "bad_reply" | "invalid_data";
	readonly #faults: FieldError[] = [];
	#count = 0;

	/** @param code The error that the faults make: of a query (400), of a listener's reply (500), or of data (422). */
	constructor(code: "bad_query" | "bad_reply" | "invalid_data") {
		this.#code = code;
	}

	/** Notes a fault; answers nothing, so that a reader can return it in place of a value. */
	add(path: string, message: string, code = "type"): undefined {
		if (this.#count++ < MAX_FAULTS) this.#faults.push({ path, message, code });
	}

	/**
	 * The end of a message about a name that is not known: ` Did you mean title?`, or nothing. An input
	 * may hold very many such names, and a search costs more than all else: beyond the list there is none.
	 */
	hint(name: string, candidates: () => Iterable<string>): string {
		return this.#count < MAX_FAULTS ? didYouMean(name, candidates()) : "";
	}

	/** Whether no fault was noted. */
	get empty(): boolean {
		return this.#count === 0;
	}

	/** @throws The error of all faults, if there is any. */
	complain(): void {
		if (this.#count === 0) return;
		const errors = this.#faults;
		throw dataErrors.create(this.#code, { summary: summarize(errors, this.#count) }, { errors });
	}
}

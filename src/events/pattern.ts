import { eventErrors } from "./errors.ts";
import { compilePattern } from "./compile-pattern.ts";
import type { PatternStep } from "./compile-pattern.ts";

const MAX_LENGTH = 256;
const MAX_SEGMENTS = 32;
const SPECIAL = /[*()|]/;

/** Stands for a name that is not known yet: a segment `UNKNOWN` is matched by whatever could be there. */
export const UNKNOWN = "\0";

/**
 * A parsed event pattern. `.` separates segments; `*` is one segment or a part of one, `**` zero or
 * more segments, `(a|b)` alternatives; a lone `*` is everything.
 *
 * Matching follows all possibilities at once, so its time is at most the length of the text times
 * the length of the pattern, whatever the pattern is.
 */
export class Pattern {
	readonly source: string;
	/** Whether it is a plain name, which is looked up rather than matched. */
	readonly literal: boolean;
	/** Whether it matches every event. */
	readonly everything: boolean;
	readonly #steps: readonly PatternStep[];

	private constructor(source: string, steps: readonly PatternStep[]) {
		this.source = source;
		this.literal = !SPECIAL.test(source);
		this.everything = source === "*" || source === "**";
		this.#steps = steps;
	}

	/**
	 * Parses a pattern.
	 *
	 * @throws {EventError} `bad_pattern` (kind `invalid`) when it is malformed, longer than 256
	 * characters or of more than 32 segments.
	 */
	static parse(source: string): Pattern {
		checkText(source);
		if (!SPECIAL.test(source)) return new Pattern(source, Array.from(source));
		try {
			return new Pattern(source, compilePattern(source));
		} catch (error) {
			if (error instanceof SyntaxError) throw badPattern(source, error.message);
			throw error;
		}
	}

	/** Whether a slug or topic matches. A segment {@link UNKNOWN} in `text` may be anything. */
	matches(text: string): boolean {
		if (this.everything) return true;
		if (this.literal && !text.includes(UNKNOWN)) return text === this.source;
		const run = new Run(this.#steps);
		for (const char of text) {
			if (char === UNKNOWN) run.skipSegment();
			else run.consume(char);
			if (run.dead) return false;
		}
		return run.ended;
	}
}

/**
 * Checks the name of an event.
 *
 * @throws {EventError} `bad_event_name` when it is empty, too long, or could be taken for a pattern.
 */
export function checkEventName(name: string): void {
	const reason =
		faultOf(name) ?? (SPECIAL.test(name) ? "it holds a character of patterns" : undefined);
	if (reason !== undefined)
		throw eventErrors.create("bad_event_name", { name: shorten(name), reason });
}

function checkText(source: string): void {
	const reason = faultOf(source);
	if (reason !== undefined) throw badPattern(source, reason);
}

function faultOf(text: unknown): string | undefined {
	if (typeof text !== "string") return "it is not a string";
	if (text === "") return "it is empty";
	if (text.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`;
	if (text.includes(UNKNOWN)) return "it holds a NUL character";
	const segments = text.split(".");
	if (segments.length > MAX_SEGMENTS) return `it has more than ${MAX_SEGMENTS} segments`;
	if (segments.includes("")) return "it has an empty segment";
	return undefined;
}

function badPattern(pattern: string, reason: string): Error {
	return eventErrors.create("bad_pattern", { pattern: shorten(pattern), reason });
}

function shorten(text: unknown): string {
	const plain = String(text);
	return plain.length > 60 ? `${plain.slice(0, 60)}…` : plain;
}

/** The states that a pattern can be in after some text. */
class Run {
	readonly #steps: readonly PatternStep[];
	#states = new Set<number>();

	constructor(steps: readonly PatternStep[]) {
		this.#steps = steps;
		this.#enter(0, this.#states);
	}

	get dead(): boolean {
		return this.#states.size === 0;
	}

	get ended(): boolean {
		return this.#states.has(this.#steps.length);
	}

	consume(char: string): void {
		this.#states = this.#after((step) => step === char || (step === null && char !== "."));
	}

	/** Consumes a segment, or the part of one, that may be anything. */
	skipSegment(): void {
		const reached = new Set<number>();
		for (let grown = -1; grown !== reached.size;) {
			grown = reached.size;
			this.#states = this.#after(
				(step) => step === null || (typeof step === "string" && step !== "."),
			);
			for (const at of this.#states) reached.add(at);
		}
		this.#states = reached;
	}

	#after(consumes: (step: PatternStep | undefined) => boolean): Set<number> {
		const next = new Set<number>();
		for (const at of this.#states) if (consumes(this.#steps[at])) this.#enter(at + 1, next);
		return next;
	}

	#enter(at: number, into: Set<number>): void {
		if (into.has(at)) return;
		into.add(at);
		const step = this.#steps[at];
		if (Array.isArray(step)) for (const next of step) this.#enter(next as number, into);
	}
}

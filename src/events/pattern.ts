import { coreError } from "./core-error.ts";

const MAX_LENGTH = 256;
const MAX_SEGMENTS = 32;
const SPECIAL = /[*()|]/;
const EMPTY_SEGMENT = /(^|[.(|])([.|)]|$)/;
const PART_OF_SEGMENT = /[^.(|]\*\*|\*\*[^.)|]/;
const TOKENS = /\.\*\*|\*\*\.?|[^]/gu;

/** A character, `*` or `**` (any characters, without and with dots), or alternatives. */
type Step = string | readonly (readonly Step[])[];

/** `**` is also no segment at all; then one of its dots goes with it. */
const OPTIONAL: Readonly<Record<string, Step>> = {
	".**": [[], [".", "**"]],
	"**.": [[], ["**", "."]],
};

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
	readonly #steps: readonly Step[];

	private constructor(source: string) {
		this.source = source;
		this.#steps = stepsOf(source);
		this.literal = !SPECIAL.test(source);
	}

	/**
	 * Parses a pattern.
	 *
	 * @throws {EventError} `bad_pattern` (kind `invalid`) when it is malformed, longer than 256
	 * characters or of more than 32 segments.
	 */
	static parse(source: string): Pattern {
		return new Pattern(source);
	}

	/** Whether a slug or topic matches. A segment {@link UNKNOWN} in `text` may be anything. */
	matches(text: string): boolean {
		if (this.source === "*") return true;
		if (this.literal && !text.includes(UNKNOWN)) return text === this.source;
		if (`.${text}.`.includes("..")) return false;
		const chars = Array.from(text);
		return follow(this.#steps, chars, new Set([0])).has(chars.length);
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
	if (reason !== undefined) throw coreError("bad_event_name", { name: shorten(name), reason });
}

/** Where a sequence of steps can end that begins at one of these places of a text. */
function follow(
	steps: readonly Step[],
	text: readonly string[],
	starts: ReadonlySet<number>,
): ReadonlySet<number> {
	let places = starts;
	for (const step of steps) {
		if (places.size === 0) return places;
		if (typeof step === "string") places = after(step, text, places);
		else places = new Set(step.flatMap((option) => [...follow(option, text, places)]));
	}
	return places;
}

function after(step: string, text: readonly string[], starts: ReadonlySet<number>): Set<number> {
	const star = step.startsWith("*");
	const ends = new Set(star ? starts : []);
	// What a star adds to the places is walked as well.
	for (const at of star ? ends : starts) {
		const char = text[at];
		if (star ? char !== undefined && (char !== "." || step === "**") : char === step) {
			ends.add(at + 1);
		} else if (char === UNKNOWN && step !== ".") {
			ends.add(at).add(at + 1);
		}
	}
	return ends;
}

/** Reads a pattern from left to right. */
function stepsOf(source: string): readonly Step[] {
	const refuse = (reason: string): never => {
		throw coreError("bad_pattern", { pattern: shorten(source), reason });
	};
	const checkWhole = (part: string): unknown =>
		PART_OF_SEGMENT.test(part) && refuse('"**" must be a whole segment');
	const fault = faultOf(source);
	if (fault !== undefined) refuse(fault);
	checkWhole(source);
	const steps: Step[] = [];
	const groups: { readonly start: number; readonly options: Step[][] }[] = [];
	for (const { 0: token, index } of source.matchAll(TOKENS)) {
		const options = groups.at(-1)?.options;
		if (token === "(") {
			const opened: Step[][] = [[]];
			(options?.at(-1) ?? steps).push(opened);
			groups.push({ start: index, options: opened });
		} else if (token === "|") {
			if (options === undefined) refuse('a "|" is outside of parentheses');
			options?.push([]);
		} else if (token === ")") {
			const start = groups.pop()?.start ?? refuse('a ")" has no "("');
			const stars = source.slice(start, index).includes("**") ? "**" : "";
			checkWhole(source.charAt(start - 1) + stars + source.charAt(index + 1));
		} else {
			(options?.at(-1) ?? steps).push(OPTIONAL[token] ?? token);
		}
	}
	if (groups.length > 0) refuse('a "(" has no ")"');
	return steps;
}

function faultOf(text: unknown): string | undefined {
	if (typeof text !== "string") return "it is not a string";
	if (text.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`;
	if (text.includes(UNKNOWN)) return "it holds a NUL character";
	if (text.split(".").length > MAX_SEGMENTS) return `it has more than ${MAX_SEGMENTS} segments`;
	if (EMPTY_SEGMENT.test(text)) return "it has an empty segment";
	return undefined;
}

function shorten(text: unknown): string {
	const plain = String(text);
	return plain.length > 60 ? `${plain.slice(0, 60)}…` : plain;
}

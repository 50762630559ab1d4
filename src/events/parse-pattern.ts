/** A part of a pattern. */
export type PatternNode =
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "sequence"; readonly parts: readonly PatternNode[] }
	| { readonly kind: "choice"; readonly options: readonly PatternNode[] }
	/** `*` within a segment: zero or more characters but dots. */
	| { readonly kind: "part" }
	/** `*` as a segment: one or more characters but dots. */
	| { readonly kind: "segment" }
	/** Zero or more segments, each after a dot. */
	| { readonly kind: "segments-after" }
	/** Zero or more segments, each before a dot. */
	| { readonly kind: "segments-before" };

/** A `*` that is a part of a segment. */
export const PART: PatternNode = { kind: "part" };

const DOT: PatternNode = { kind: "text", text: "." };
const SEGMENT: PatternNode = { kind: "segment" };
const SEGMENTS_AFTER: PatternNode = { kind: "segments-after" };
const SEGMENTS_BEFORE: PatternNode = { kind: "segments-before" };

/**
 * Parses a pattern.
 *
 * @throws {SyntaxError} with what is wrong with it.
 */
export function parsePattern(source: string): PatternNode {
	return new PatternParser(source).parse();
}

/** Whether a segment begins where something begins, and ends where it ends. */
interface Bounds {
	readonly begins: boolean;
	readonly ends: boolean;
}

const EMPTY_SEGMENT = "it has an empty segment";

/** Whether a new segment begins after this part. */
function beginsAfter(part: PatternNode | undefined): boolean {
	return part === DOT || part === SEGMENTS_BEFORE;
}

class PatternParser {
	readonly #source: string;
	#at = 0;

	constructor(source: string) {
		this.#source = source;
	}

	parse(): PatternNode {
		const tree = this.#sequence({ begins: true, ends: true });
		if (this.#peek() === "|") throw new SyntaxError('a "|" is outside of parentheses');
		if (this.#peek() === ")") throw new SyntaxError('a ")" has no "("');
		return tree;
	}

	#peek(): string {
		return this.#source.charAt(this.#at);
	}

	/** @param bounds whether a segment begins before, and ends after, the sequence. */
	#sequence(bounds: Bounds): PatternNode {
		const parts: PatternNode[] = [];
		if (this.#peek() === "." || this.#peek() === "") throw new SyntaxError(EMPTY_SEGMENT);
		for (;;) {
			const char = this.#peek();
			if (char === "" || char === "|" || char === ")") break;
			const begins = parts.length === 0 ? bounds.begins : beginsAfter(parts.at(-1));
			if (char === "(") parts.push(this.#choice(begins, bounds.ends));
			else if (char === "*") this.#stars(parts, begins, bounds.ends);
			else parts.push(this.#text());
		}
		if (parts.length === 0) throw new SyntaxError("an alternative is empty");
		if (parts.at(-1) === DOT) throw new SyntaxError(EMPTY_SEGMENT);
		return { kind: "sequence", parts };
	}

	/** Whether a segment ends before this place; `outside` is what holds at the end of the sequence. */
	#endsAt(at: number, outside: boolean): boolean {
		const char = this.#source.charAt(at);
		return char === "" || char === "|" || char === ")" ? outside : char === ".";
	}

	/** Where the group that opens here is closed. */
	#closing(): number {
		let depth = 0;
		for (let at = this.#at; at < this.#source.length; at++) {
			const char = this.#source.charAt(at);
			if (char === "(") depth++;
			else if (char === ")" && --depth === 0) return at;
		}
		throw new SyntaxError('a "(" has no ")"');
	}

	#text(): PatternNode {
		if (this.#peek() === ".") {
			this.#at++;
			return DOT;
		}
		const start = this.#at;
		while (!/^[.*()|]?$/.test(this.#peek())) this.#at++;
		return { kind: "text", text: this.#source.slice(start, this.#at) };
	}

	#choice(begins: boolean, outside: boolean): PatternNode {
		const options: PatternNode[] = [];
		const ends = this.#endsAt(this.#closing() + 1, outside);
		do {
			this.#at++;
			options.push(this.#sequence({ begins, ends }));
		} while (this.#peek() === "|");
		this.#at++;
		return { kind: "choice", options };
	}

	#stars(parts: PatternNode[], begins: boolean, outside: boolean): void {
		const start = this.#at;
		while (this.#peek() === "*") this.#at++;
		const whole = begins && this.#endsAt(this.#at, outside);
		if (this.#at - start === 1) {
			parts.push(whole ? SEGMENT : PART);
			return;
		}
		if (this.#at - start > 2 || !whole) {
			throw new SyntaxError('"**" must be a whole segment');
		}
		this.#anySegments(parts);
	}

	/** `**`: the dot that separates it from its neighbour belongs to it. */
	#anySegments(parts: PatternNode[]): void {
		if (parts.at(-1) === DOT) {
			parts.pop();
			parts.push(SEGMENTS_AFTER);
		} else if (this.#peek() === ".") {
			this.#at++;
			parts.push(SEGMENTS_BEFORE);
		} else {
			parts.push(SEGMENT, SEGMENTS_AFTER);
		}
	}
}

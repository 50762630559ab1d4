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

class PatternParser {
	readonly #source: string;
	#at = 0;

	constructor(source: string) {
		this.#source = source;
	}

	parse(): PatternNode {
		const tree = this.#sequence();
		if (this.#peek() === "|") throw new SyntaxError('a "|" is outside of parentheses');
		if (this.#peek() === ")") throw new SyntaxError('a ")" has no "("');
		return tree;
	}

	#peek(offset = 0): string {
		return this.#source.charAt(this.#at + offset);
	}

	/** Whether a segment may begin or end beside this character. */
	#bounds(char: string): boolean {
		return char === "" || char === "." || char === "|" || char === "(" || char === ")";
	}

	#sequence(): PatternNode {
		const parts: PatternNode[] = [];
		if (this.#peek() === "." || this.#source.charAt(this.#at) === "") {
			throw new SyntaxError("it has an empty segment");
		}
		for (;;) {
			const char = this.#peek();
			if (char === "" || char === "|" || char === ")") break;
			if (char === "(") parts.push(this.#choice());
			else if (char === "*") this.#stars(parts);
			else parts.push(this.#text());
		}
		if (parts.length === 0) throw new SyntaxError("an alternative is empty");
		if (parts.at(-1) === DOT) throw new SyntaxError("it has an empty segment");
		return { kind: "sequence", parts };
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

	#choice(): PatternNode {
		const options: PatternNode[] = [];
		do {
			this.#at++;
			options.push(this.#sequence());
		} while (this.#peek() === "|");
		if (this.#peek() !== ")") throw new SyntaxError('a "(" has no ")"');
		this.#at++;
		return { kind: "choice", options };
	}

	#stars(parts: PatternNode[]): void {
		const before = this.#source.charAt(this.#at - 1);
		const start = this.#at;
		while (this.#peek() === "*") this.#at++;
		const whole = this.#bounds(before) && this.#bounds(this.#peek());
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

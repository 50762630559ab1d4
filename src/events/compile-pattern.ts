/**
 * What the matcher does at one place: consume this character, consume any character but a dot
 * (`null`), or go on at all of these places without consuming. A consumed character leads to the
 * next place; the place after the last step is the end.
 */
export type PatternStep = string | null | readonly number[];

/**
 * The steps of a matcher for a pattern; matching starts at the first one.
 *
 * @throws {SyntaxError} with what is wrong with it.
 */
export function compilePattern(source: string): readonly PatternStep[] {
	return new PatternCompiler(source).compile();
}

/** Whether a segment begins where something begins, and ends where it ends. */
interface Bounds {
	readonly begins: boolean;
	readonly ends: boolean;
}

const EMPTY_SEGMENT = "it has an empty segment";

/** Reads a pattern from left to right and writes the steps as it goes. */
class PatternCompiler {
	readonly #chars: readonly string[];
	readonly #steps: PatternStep[] = [];
	#at = 0;

	constructor(source: string) {
		this.#chars = Array.from(source);
	}

	compile(): readonly PatternStep[] {
		this.#sequence({ begins: true, ends: true });
		if (this.#peek() === "|") throw new SyntaxError('a "|" is outside of parentheses');
		if (this.#peek() === ")") throw new SyntaxError('a ")" has no "("');
		return this.#steps;
	}

	#peek(at = this.#at): string {
		return this.#chars[at] ?? "";
	}

	/** @param bounds whether a segment begins before, and ends after, the sequence. */
	#sequence(bounds: Bounds): void {
		const start = this.#at;
		if (this.#peek() === "." || this.#peek() === "") throw new SyntaxError(EMPTY_SEGMENT);
		let { begins } = bounds;
		for (let char = this.#peek(); !["", "|", ")"].includes(char); char = this.#peek()) {
			if (char === "(") {
				this.#choice({ begins, ends: bounds.ends });
			} else if (char === "*") {
				this.#stars({ begins, ends: bounds.ends });
			} else {
				this.#steps.push(char);
				this.#at++;
			}
			begins = this.#peek(this.#at - 1) === ".";
		}
		if (this.#at === start) throw new SyntaxError("an alternative is empty");
		if (begins && this.#steps.at(-1) === ".") throw new SyntaxError(EMPTY_SEGMENT);
	}

	/** Whether a segment ends before this place; `outside` is what holds at the end of the sequence. */
	#endsAt(at: number, outside: boolean): boolean {
		const char = this.#peek(at);
		return ["", "|", ")"].includes(char) ? outside : char === ".";
	}

	/** Where the group that opens here is closed. */
	#closing(): number {
		let depth = 0;
		for (let at = this.#at; at < this.#chars.length; at++) {
			const char = this.#peek(at);
			if (char === "(") depth++;
			else if (char === ")" && --depth === 0) return at;
		}
		throw new SyntaxError('a "(" has no ")"');
	}

	#choice({ begins, ends: outside }: Bounds): void {
		const steps = this.#steps;
		const ends = this.#endsAt(this.#closing() + 1, outside);
		const fork = steps.push([]) - 1;
		const starts: number[] = [];
		const exits: number[] = [];
		do {
			this.#at++;
			starts.push(steps.length);
			this.#sequence({ begins, ends });
			exits.push(steps.push([]) - 1);
		} while (this.#peek() === "|");
		this.#at++;
		steps[fork] = starts;
		for (const exit of exits) steps[exit] = [steps.length];
	}

	#stars({ begins, ends }: Bounds): void {
		const start = this.#at;
		while (this.#peek() === "*") this.#at++;
		const whole = begins && this.#endsAt(this.#at, ends);
		const stars = this.#at - start;
		if (stars === 1) return whole ? this.#segment() : this.#part();
		if (stars > 2 || !whole) throw new SyntaxError('"**" must be a whole segment');
		this.#anySegments(start);
	}

	/** `**`: the dot that separates it from its neighbour belongs to it. */
	#anySegments(start: number): void {
		const steps = this.#steps;
		if (steps.at(-1) === "." && this.#peek(start - 1) === ".") {
			steps.pop();
		} else if (this.#peek() === ".") {
			this.#at++;
			return this.#repeat(() => {
				this.#segment();
				steps.push(".");
			});
		} else {
			this.#segment();
		}
		this.#repeat(() => {
			steps.push(".");
			this.#segment();
		});
	}

	/** One or more characters but dots. */
	#segment(): void {
		this.#steps.push(null);
		this.#part();
	}

	/** Zero or more characters but dots. */
	#part(): void {
		this.#repeat(() => this.#steps.push(null));
	}

	/** Zero or more of what `write` writes. */
	#repeat(write: () => void): void {
		const fork = this.#steps.push([]) - 1;
		write();
		this.#steps.push([fork]);
		this.#steps[fork] = [fork + 1, this.#steps.length];
	}
}

import { parsePattern, PART } from "./parse-pattern.ts";
import type { PatternNode } from "./parse-pattern.ts";

/** One thing that a state of the matcher consumes. */
export type PatternStep =
	| { readonly kind: "char"; readonly char: string; readonly next: number }
	/** Any character but a dot. */
	| { readonly kind: "any"; readonly next: number }
	/** Consumes nothing; goes on at every one of these. */
	| { readonly kind: "fork"; readonly next: readonly number[] }
	| { readonly kind: "end" };

/**
 * The steps of a matcher for a pattern; matching starts at the first one.
 *
 * @throws {SyntaxError} when the pattern is malformed.
 */
export function compilePattern(source: string): readonly PatternStep[] {
	return new PatternCompiler().compile(parsePattern(source));
}

/** Turns a parsed pattern into steps, back to front: each part is built knowing what follows it. */
class PatternCompiler {
	readonly #steps: PatternStep[] = [];

	compile(tree: PatternNode): PatternStep[] {
		// State 0 is where matching starts, so its place is kept before anything else is built.
		this.#steps.push({ kind: "end" });
		const end = this.#add({ kind: "end" });
		this.#steps[0] = { kind: "fork", next: [this.#build(tree, end)] };
		return this.#steps;
	}

	#add(step: PatternStep): number {
		return this.#steps.push(step) - 1;
	}

	#build(node: PatternNode, next: number): number {
		switch (node.kind) {
			case "text":
				return Array.from(node.text).reduceRight(
					(following, char) => this.#add({ kind: "char", char, next: following }),
					next,
				);
			case "sequence":
				return node.parts.reduceRight((following, part) => this.#build(part, following), next);
			case "choice":
				return this.#add({
					kind: "fork",
					next: node.options.map((option) => this.#build(option, next)),
				});
			case "part":
				return this.#repeat((again) => this.#add({ kind: "any", next: again }), next);
			case "segment":
				return this.#segment(next);
			case "segments-after":
				return this.#repeat(
					(again) => this.#add({ kind: "char", char: ".", next: this.#segment(again) }),
					next,
				);
			case "segments-before":
				return this.#repeat(
					(again) => this.#segment(this.#add({ kind: "char", char: ".", next: again })),
					next,
				);
		}
	}

	#segment(next: number): number {
		const rest = this.#build(PART, next);
		return this.#add({ kind: "any", next: rest });
	}

	/** Zero or more of what `build` makes, then `next`. */
	#repeat(build: (again: number) => number, next: number): number {
		const again = this.#add({ kind: "fork", next: [] });
		this.#steps[again] = { kind: "fork", next: [build(again), next] };
		return again;
	}
}

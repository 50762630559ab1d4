import type { WritingEngine } from "./writing-engine.ts";

/** SQLite's own bound on the depth of expressions. */
const USUAL_DEPTH = 1_000;

/** What all subqueries of one statement share: names for their tables, and the engine they are for. */
export class Aliases {
	readonly #engine: WritingEngine | undefined;
	#count = 0;

	/** @param engine For statements whose subqueries may nest deeply. */
	constructor(engine?: WritingEngine) {
		this.#engine = engine;
	}

	/** Whether subqueries have to stand in a FROM, because expressions may be less deep than usual. */
	get prefersFrom(): boolean {
		const depth = this.#engine?.capabilities.maxExpressionDepth ?? USUAL_DEPTH;
		return depth < USUAL_DEPTH;
	}

	/** A name that no other table of the statement has: no table may be called so. */
	next(): string {
		return `burdock_${++this.#count}`;
	}
}

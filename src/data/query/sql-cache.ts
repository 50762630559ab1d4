import { BoundedCache } from "../../kernel/bounded-cache.ts";

/** Shapes of one entity that are kept; hostile shapes push each other out. */
const SHAPES = 256;
/** A longer shape is not kept: hostile ones would fill memory, and nobody sends the same one often. */
const LONGEST_SHAPE = 4000;

/** The SQL of one entity's statements by their shape: everything but the values. */
export class SqlCache {
	readonly #sql = new BoundedCache<string, string>(SHAPES);

	/** How many shapes are kept. */
	get size(): number {
		return this.#sql.size;
	}

	/** The SQL of a shape, compiled unless it is kept. */
	getOrMake(shape: string, compile: () => string): string {
		return shape.length > LONGEST_SHAPE ? compile() : this.#sql.getOrMake(shape, compile);
	}
}

import type { Field } from "../schema/field.ts";
import type { WritingEngine } from "./writing-engine.ts";

/**
 * Writes the columns of result rows. Where the engine returns integers with 53 bits, larger ones are
 * selected as text, of which the field makes the very same value. Ask it while SQL is compiled, once
 * per shape.
 */
export class SelectList {
	readonly #engine: WritingEngine;

	constructor(engine: WritingEngine) {
		this.#engine = engine;
	}

	/** The columns of these fields, or one constant for none. */
	of(fields: readonly Field[]): string {
		return fields.length === 0 ? "1" : this.columns(fields, "").join(", ");
	}

	/** @param prefix What stands before a column. */
	columns(fields: readonly Field[], prefix: string): readonly string[] {
		const exact =
			fields.some((field) => field.mayBeLarge) && this.#engine.capabilities.integerBits === 53;
		return fields.map((field) => {
			const column = prefix + field.identifier;
			return exact && field.mayBeLarge ? largeAsText(column) : column;
		});
	}
}

function largeAsText(column: string): string {
	const { MAX_SAFE_INTEGER: max, MIN_SAFE_INTEGER: min } = Number;
	return `case when typeof(${column}) = 'integer' and ${column} not between ${min} and ${max} then cast(${column} as text) else ${column} end`;
}

import type { Entity, Row } from "../data/entity.ts";

type Write = (value: unknown) => unknown;

/** How rows of one entity leave as JSON: without hidden fields, bigints and bytes as text. */
export class WireFormat {
	readonly #hidden: ReadonlySet<string>;
	readonly #writers: ReadonlyMap<string, Write>;
	readonly #plain: boolean;

	constructor(entity: Entity) {
		const hidden = entity.fields.filter((field) => field.hidden).map((field) => field.name);
		const writers = entity.fields.flatMap(({ name, toWire }) =>
			toWire ? [[name, toWire] as const] : [],
		);
		this.#hidden = new Set(hidden);
		this.#writers = new Map(writers);
		this.#plain = hidden.length === 0 && writers.length === 0;
	}

	/** A row, or several, ready for {@link toJson}. */
	encode(data: unknown): unknown {
		if (this.#plain) return data;
		return Array.isArray(data) ? data.map((row) => this.#row(row)) : this.#row(data);
	}

	#row(row: unknown): unknown {
		if (row === null || typeof row !== "object") return row;
		const encoded: Row = {};
		for (const name of Object.keys(row)) {
			if (this.#hidden.has(name)) continue;
			const value = (row as Row)[name];
			const write = value === null ? undefined : this.#writers.get(name);
			encoded[name] = write ? write(value) : value;
		}
		return encoded;
	}
}

/** JSON text; a bigint that a listener left somewhere is written as text. */
export function toJson(value: unknown): string {
	try {
		return JSON.stringify(value);
	} catch (error) {
		if (!(error instanceof TypeError)) throw error;
		return JSON.stringify(value, (_, item: unknown) =>
			typeof item === "bigint" ? String(item) : item,
		);
	}
}

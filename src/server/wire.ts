import type { Entity, Row } from "../data/schema/entity.ts";

type Write = (value: unknown) => unknown;

/** How rows of all these entities leave. */
export function wireFormats(entities: readonly Entity[]): ReadonlyMap<Entity, WireFormat> {
	const formats = new Map<Entity, WireFormat>();
	for (const entity of entities) formats.set(entity, new WireFormat(entity, formats));
	return formats;
}

/**
 * How rows of one entity leave as JSON: without hidden fields, bigints and bytes as text, and related
 * rows as those of their own entity.
 */
export class WireFormat {
	readonly #entity: Entity;
	readonly #formats: ReadonlyMap<Entity, WireFormat>;
	readonly #hidden: ReadonlySet<string>;
	readonly #writers: ReadonlyMap<string, Write>;
	/** Whether all fields leave as they are stored. */
	readonly #isStored: boolean;
	#related: ReadonlyMap<string, WireFormat> | undefined;

	/** @param formats Those of the entities that relations lead to. */
	constructor(entity: Entity, formats: ReadonlyMap<Entity, WireFormat> = new Map()) {
		const hidden = entity.fields.filter((field) => field.hidden).map((field) => field.name);
		const writers = entity.fields.flatMap(({ name, toWire }) =>
			toWire ? [[name, toWire] as const] : [],
		);
		this.#entity = entity;
		this.#formats = formats;
		this.#hidden = new Set(hidden);
		this.#writers = new Map(writers);
		this.#isStored = hidden.length === 0 && writers.length === 0;
	}

	/** A row, or several, ready for {@link toJson}. */
	encode(data: unknown): unknown {
		if (this.#isStored && this.#relations.size === 0) return data;
		return Array.isArray(data) ? data.map((row) => this.#row(row)) : this.#row(data);
	}

	/** What rows of relations look like, where they are not sent as they are. */
	get #relations(): ReadonlyMap<string, WireFormat> {
		this.#related ??= new Map(
			[...this.#entity.relations.values()].flatMap(({ name, target }) => {
				const format = this.#formats.get(target);
				return format ? [[name, format] as const] : [];
			}),
		);
		return this.#related;
	}

	/** Whether a row can be sent as it is: nothing of it is hidden, or written in another way. */
	#isPlain(row: Row): boolean {
		if (!this.#isStored) return false;
		for (const name of this.#relations.keys()) if (name in row) return false;
		return true;
	}

	#row(row: unknown): unknown {
		if (row === null || typeof row !== "object" || this.#isPlain(row as Row)) return row;
		const encoded: Row = {};
		for (const name of Object.keys(row)) {
			if (this.#hidden.has(name)) continue;
			const value = (row as Row)[name];
			encoded[name] = value === null ? null : this.#value(name, value);
		}
		return encoded;
	}

	#value(name: string, value: unknown): unknown {
		const write = this.#writers.get(name);
		if (write) return write(value);
		const related = this.#relations.get(name);
		return related ? related.encode(value) : value;
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
